"""The infants for whom a change of product data is worked before and after."""

from functools import lru_cache

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import read_toml


@lru_cache(1)
def example_infants() -> tuple[dict[str, str], ...]:
    """The texts of their orders, without product data and pattern.

    Raises:
        BadFile: it is not the file that was shipped, or cannot be read.
    """
    tables, _ = read_toml(resources_folder() / "infants.toml")
    return tuple({key: str(text) for key, text in infant.items()} for infant in tables["infant"])
