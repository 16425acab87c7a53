"""The infants for whom a change of product data is worked before and after."""

from functools import lru_cache

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import BadFile, read_toml


@lru_cache(1)
def example_infants() -> tuple[dict[str, str], ...]:
    """The texts of their orders, without product data and pattern.

    Raises:
        BadFile: with file, table and key.
    """
    path = resources_folder() / "infants.toml"
    tables, _ = read_toml(path)
    found = tables.get("infant")
    if not isinstance(found, list) or not found:
        raise BadFile(path, "missing-key", key="infant")
    return tuple({key: str(text) for key, text in infant.items()} for infant in found)
