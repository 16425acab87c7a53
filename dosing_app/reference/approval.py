"""What two people of a site stand for: product data, its label's bands, a longer limit. Typed names prove nothing."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date as _day_of_toml
from decimal import Decimal
from itertools import combinations
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_validator
from whenever import Date

from dosing_app.core.clock import read_date
from dosing_app.core.quantities import Refused, plain
from dosing_app.reference.source import Frozen, decimal_within, wrong

_LONGEST_LINE = 80
_CHECKSUM = re.compile(r"[0-9a-f]{64}")
TWO = 2


def line(text: str) -> str:
    """A text that can stand in one line of a paper; raises wrong-value."""
    if not text.strip() or len(text) > _LONGEST_LINE or not text.isprintable():
        raise wrong(
            "wrong-value",
            found=text[:40] if text.isprintable() else "",
            accepted=f"one line of at most {_LONGEST_LINE} characters that can be printed",
        )
    return text.strip()


def same_person(first: str, second: str) -> bool:
    """Whether two typed names are one: capitals, accents typed in another way and blanks make no other person."""

    def bare(name: str) -> str:
        return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

    return bare(first) == bare(second)


def _two_names(given: object) -> tuple[str, ...]:
    accepted = 'the names of two people, as ["A. Name", "B. Name"]'
    if not isinstance(given, (list, tuple)) or any(not isinstance(name, str) for name in given):
        raise wrong("wrong-value", accepted=accepted)
    if len(given) != TWO or any(not name.strip() for name in given):
        raise wrong("two-names")
    names = tuple(line(name) for name in given)
    if same_person(*names):
        raise wrong("two-names")
    return names


def _day(given: object) -> Date:
    if not isinstance(given, (str, Date, _day_of_toml)):  # TOML also knows dates without quotes
        raise wrong("wrong-value", accepted="a day as 2026-11-23")
    try:
        return read_date(str(given))
    except Refused as refused:
        raise wrong("wrong-value", found=str(given)[:40], accepted="a day as 2026-11-23") from refused


def _checksum(text: str) -> str:
    if not _CHECKSUM.fullmatch(text):
        raise wrong(
            "wrong-value", found=text[:40], accepted="the checksum of a product file, 64 signs 0 to 9 and a to f"
        )
    return text


def _within(lowest: str, highest: str) -> BeforeValidator:
    return BeforeValidator(lambda given: decimal_within(given, lowest, highest))


Line = Annotated[str, AfterValidator(line)]
TwoNames = Annotated[tuple[str, ...], BeforeValidator(_two_names)]
# Two names, or none yet.
MaybeTwoNames = Annotated[tuple[str, ...], BeforeValidator(lambda given: () if given == [] else _two_names(given))]


class Approval(Frozen):
    """Two people of the site have compared a product file with the approved product information."""

    product: Line
    checksum: Annotated[str, AfterValidator(_checksum)]
    by: TwoNames
    on: Annotated[Date, BeforeValidator(_day)]


class Band(Frozen):
    """One row of the label's table: the drug volume for a range of BSA, as two people of the site copied it."""

    product: Line
    kind: Line
    from_m2: Annotated[Decimal, _within("0.01", "3")]
    to_m2: Annotated[Decimal, _within("0.01", "3")]  # the end itself is outside
    drug_ml: Annotated[Decimal, _within("0.01", "60")]
    by: TwoNames

    @model_validator(mode="after")
    def _rises(self) -> "Band":
        if self.from_m2 >= self.to_m2:
            raise wrong("contradiction", key="from_m2", other="to_m2")
        return self

    def holds(self, m2: Decimal) -> bool:
        """Whether a BSA lies in it. [m²]"""
        return self.from_m2 <= m2 < self.to_m2

    def __str__(self) -> str:
        """Its range, for a message."""
        return f"{self.product} {self.kind} {plain(self.from_m2)}-{plain(self.to_m2)} m²"


def check_bands(bands: Iterable[Band]) -> None:
    """No BSA may lie in two bands of one kind; raises overlap, with both."""
    for one, other in combinations(bands, TWO):
        same = (one.product, one.kind) == (other.product, other.kind)
        if same and one.from_m2 < other.to_m2 and other.from_m2 < one.to_m2:
            raise wrong("overlap", key="band", found=str(one), other=str(other))


def lines(given: object) -> tuple[str, ...]:
    """A list of lines, each once; raises wrong-value, twice."""
    if not isinstance(given, (list, tuple)) or any(not isinstance(each, str) for each in given):
        raise wrong("wrong-value", accepted='a list of lines such as ["Ward 1", "Ward 2"]')
    found: list[Any] = []
    for each in given:
        if (bare := line(each)) in found:
            raise wrong("twice", found=bare)
        found.append(bare)
    return tuple(found)
