"""A site's settings: its unit, its hours, its syringes and what it has decided."""

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from whenever import Date, Time

from dosing_app.core.bsa import OFFERED
from dosing_app.core.clock import check_zone, read_date
from dosing_app.core.quantities import Refused, plain
from dosing_app.reference.approval import Approval, Band, MaybeTwoNames, check_bands, lines
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import Limits
from dosing_app.reference.product import Product
from dosing_app.reference.source import (
    BadFile,
    Frozen,
    Number,
    decimal_within,
    read_toml,
    shipped,
    validate,
    wrong,
)

_HOURS = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
_PRICE = re.compile(r"[1-9][0-9]{0,6}(?:\.[0-9]{2})? [A-Z]{3}")
# No password: site files are copied about, and the server's own password file (~/.pgpass) is made for it.
_SERVER = re.compile(r"postgresql://(?:[^\s/:@?#]+@)?[^\s/@?#]+/[^\s/@?#]+(?:\?[^\s#]*)?")
_LONGEST_TEXT = 400
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = tuple[Time, Time]


def _span(given: object) -> Hours:
    """Opening and closing from "08:00-17:30"."""
    match = _HOURS.fullmatch(given) if isinstance(given, str) else None
    try:
        if match is None:
            raise ValueError
        opens, closes = (Time.parse_iso(part) for part in match.groups())
    except ValueError as error:
        raise wrong("wrong-value", found=str(given)[:40], accepted="hours as 08:00-17:30") from error
    if opens >= closes:
        raise wrong("wrong-value", found=str(given), accepted="opening before closing")
    return opens, closes


def _between(lowest: str, highest: str) -> BeforeValidator:
    return BeforeValidator(lambda given: decimal_within(given, lowest, highest))


def _maybe_between(lowest: str, highest: str) -> BeforeValidator:
    return BeforeValidator(lambda given: None if given == "" else decimal_within(given, lowest, highest))


def _zone(zone: str) -> str:
    try:
        return check_zone(zone)
    except Refused as refused:
        raise wrong("wrong-value", found=zone[:40], accepted="a zone such as Europe/Amsterdam") from refused


def _dates(given: object) -> tuple[Date, ...]:
    if not isinstance(given, list):
        raise wrong("wrong-value", accepted='a list of days such as ["2026-12-24"]')
    days = []
    for each in given:
        try:
            days.append(read_date(str(each)))  # TOML also knows dates without quotes
        except Refused as refused:
            raise wrong("wrong-value", found=str(each)[:40], accepted="days as 2026-12-24") from refused
    return tuple(days)


def _start_within(given: object) -> Decimal | None:
    """Hours, or None where the product's own limit holds."""
    return None if given == "product" else decimal_within(given, "1", "336")


def _country(country: str) -> str:
    if country:
        import holidays

        if country not in holidays.list_supported_countries():
            raise wrong("wrong-value", found=country[:40], accepted="a country code such as NL")
    return country


def _formula(formula: str) -> str:
    if formula and formula not in OFFERED:
        raise wrong("wrong-value", found=formula[:40], accepted=", ".join(OFFERED))
    return formula


def _printable(text: str) -> str:
    if len(text) > _LONGEST_TEXT or not (text.isprintable() or not text):
        raise wrong("wrong-value", accepted=f"one line of at most {_LONGEST_TEXT} characters that can be printed")
    return text


def _server(url: str) -> str:
    if url and (len(url) > _LONGEST_TEXT or "password" in url or not _SERVER.fullmatch(url)):
        accepted = "postgresql://user@server/database, without a password"
        raise wrong("wrong-value", found=url.rpartition("@")[2][:40], accepted=accepted)
    return url


def _price(price: str) -> str:
    if price and not _PRICE.fullmatch(price):
        raise wrong("wrong-value", found=price[:40], accepted='a price such as "2017 GBP"')
    return price


def _week(given: object) -> dict[int, Hours]:
    if not isinstance(given, dict):
        raise wrong("wrong-value", accepted='[preparation_hours] with mon = "08:00-17:30" and so on')
    for day in given:
        if day not in DAYS:
            raise wrong("unknown-key", key=str(day)[:40])
    week = {}
    for number, day in enumerate(DAYS, 1):
        if day in given:
            try:
                week[number] = _span(given[day])
            except PydanticCustomError as error:
                raise wrong(**{**(error.context or {}), "key": day}) from error
    return week


def _syringes(given: object) -> dict[Decimal, Decimal]:
    if not isinstance(given, dict) or not given:
        raise wrong("wrong-value", accepted='[syringes] with "1" = "0.01" and so on')
    found = {}
    for bound, step in given.items():
        try:
            below, graduation = decimal_within(bound, "0.1", "100"), decimal_within(step, "0.001", "10")
        except PydanticCustomError as error:
            raise wrong(**{**(error.context or {}), "key": str(bound)[:40]}) from error
        if below in found:
            raise wrong("twice", key=str(bound)[:40], found=str(bound)[:40])
        if graduation >= below:
            raise wrong("out-of-range", key=str(bound), found=str(step)[:40], accepted=f"less than {bound}")
        found[below] = graduation
    return dict(sorted(found.items()))


def _thresholds(given: object) -> dict[str, Number]:
    """The site's own limits, each checked as the shipped one of that name is."""
    if not isinstance(given, dict):
        raise wrong("wrong-value", accepted="[thresholds] with numbers")
    found = {}
    for key, value in given.items():
        field = Limits.model_fields.get(key)
        if field is None:
            raise wrong("unknown-key", key=str(key)[:40])
        if isinstance(value, (bool, dict, list)):
            raise wrong("wrong-value", key=str(key), found=str(value)[:40], accepted="a number")
        entry = {"value": str(value), "source": "site", "grade": "J"}
        try:
            blank = Limits.model_construct()  # type: ignore[call-arg]
            checked = Limits.__pydantic_validator__.validate_assignment(
                blank, key, entry, context={"sources": {"site": "site settings"}}
            )
            found[key] = getattr(checked, key)
        except ValidationError as error:
            context = error.errors(include_url=False)[0].get("ctx", {})
            raise wrong(**{"reason": "wrong-value", **context, "key": key, "found": str(value)[:40]}) from error
    return found


class Pump(Frozen):
    """The infusion pump."""

    name: Annotated[str, AfterValidator(_printable)]
    step_ml_per_h: Annotated[Decimal, _between("0.01", "1")]
    tested_from_ml_per_h: Annotated[Decimal | None, _maybe_between("0.01", "100")]


class Site(Frozen):
    """Everything that a site may set; the shipped defaults stand where it did not."""

    name: Annotated[str, AfterValidator(_printable)] = ""
    country: Annotated[str, AfterValidator(_country)] = ""
    closed: Annotated[tuple[Date, ...], BeforeValidator(_dates)]
    zone: Annotated[str, AfterValidator(_zone)]
    product: str
    formula: Annotated[str, AfterValidator(_formula)] = ""
    micrograms: Literal["micrograms", "mcg"]
    start_within_h: Annotated[Decimal | None, BeforeValidator(_start_within)]
    start_within_basis: Annotated[str, AfterValidator(_printable)]
    start_within_by: MaybeTwoNames
    preserved_bags: bool
    share_vials: bool
    two_small_syringes: bool
    lead_time_h: Annotated[Decimal, _between("0", "24")]
    session_h: Annotated[Decimal, _between("0.25", "12")]
    max_bags_per_session: int
    change_hours: Annotated[Hours, BeforeValidator(_span)]
    weekend_changes: Literal["off-hours", "wanted"]
    make_up_from_h: Annotated[Decimal, _between("0", "96")]
    prime_ml: Annotated[Decimal | None, _maybe_between("0", "30")]
    vial_price: Annotated[str, AfterValidator(_price)]
    preparation_hours: Annotated[dict[int, Hours], BeforeValidator(_week)]
    syringes: Annotated[dict[Decimal, Decimal], BeforeValidator(_syringes)]
    pump: Pump
    thresholds: Annotated[dict[str, Any], BeforeValidator(_thresholds)]
    phone: Annotated[str, AfterValidator(_printable)]
    wards: Annotated[tuple[str, ...], BeforeValidator(lines)]
    label_width_mm: Annotated[Decimal, _between("100", "210")]  # what holds the text, to what a sheet of A4 holds
    label_height_mm: Annotated[Decimal, _between("70", "297")]
    label_sheet: Literal["single", "a4"]
    # of a server; empty: a file on this computer. A model has a method of the key's own name
    register_url: Annotated[str, AfterValidator(_server)] = Field(alias="register")
    label_adopted: Annotated[str, AfterValidator(_printable)]  # by whom and when; empty: labels are proofs
    approval: tuple[Approval, ...] = Field(default=(), strict=False)
    band: tuple[Band, ...] = Field(default=(), strict=False)
    start_within_names_missing: bool = False  # a longer limit without two names: papers stay drafts
    digest: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "Site":
        if self.session_h > self.lead_time_h:
            raise wrong("contradiction", key="session_h", other="lead_time_h")
        if not 1 <= self.max_bags_per_session <= 28:  # noqa: PLR2004 - a course of the shortest bags
            raise wrong(
                "out-of-range", key="max_bags_per_session", found=str(self.max_bags_per_session), accepted="1 to 28"
            )
        if not self.preparation_hours:
            raise wrong("missing-key", key="preparation_hours")
        for day, (opens, closes) in self.preparation_hours.items():
            open_minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
            if open_minutes < self.session_h * 60:
                raise wrong("contradiction", key=f"preparation_hours.{DAYS[day - 1]}", other="session_h")
        smallest = min(self.syringes)
        if self.two_small_syringes and (smallest != 1 or self.syringes[smallest] > Decimal("0.01")):
            raise wrong("contradiction", key="two_small_syringes", other='[syringes] "1" = "0.01"')
        check_bands(self.band)
        return self

    def starts_later(self, free_hours: Decimal) -> bool:
        """Whether a bag may wait longer than the free limit, which wants a basis and two names."""
        return self.start_within_h is None or self.start_within_h > free_hours

    def check_basis(self, free_hours: Decimal) -> None:
        """A limit longer than the free one wants its basis."""
        if self.starts_later(free_hours) and not self.start_within_basis.strip():
            raise wrong("missing-key", key="start_within_basis")

    def closed_days(self, first: Date, last: Date) -> frozenset[Date]:
        """Days without a session: the site's own and the public holidays of its country."""
        own = {day for day in self.closed if first <= day <= last}
        return frozenset(own | _public_holidays(self.country, first.year, last.year))


def approval_of(site: Site, product: Product) -> Approval | None:
    """Who approved just this product file, by its checksum, and when; None where nobody has. The latest of several."""
    found = [each for each in site.approval if each.checksum == product.checksum]
    return max(found, key=lambda each: each.on) if found else None


def has_bands(site: Site, product_name: str) -> bool:
    """Whether the site entered any row of the label's table for a product."""
    return any(band.product == product_name for band in site.band)


def band_of(site: Site, product_name: str, kind: str, m2: Decimal) -> Band | None:
    """The label's row for a kind and a BSA [m²]; None where the site entered none that holds it."""
    rows = (band for band in site.band if (band.product, band.kind) == (product_name, kind))
    return next((band for band in rows if band.holds(m2)), None)


@lru_cache(16)
def _public_holidays(country: str, first_year: int, last_year: int) -> frozenset[Date]:
    if not country:
        return frozenset()
    import holidays

    found = holidays.country_holidays(country, years=range(first_year, last_year + 1))
    return frozenset(Date(day.year, day.month, day.day) for day in found)


# What does not touch a dose, a time or a vial, so that changing it changes no plan.
_WITHOUT_EFFECT = {
    "name",
    "phone",
    "wards",
    "vial_price",
    "start_within_basis",
    "start_within_by",
    "start_within_names_missing",
    "label_width_mm",
    "label_height_mm",
    "label_sheet",
    "label_adopted",
    "register_url",
    "approval",
    "band",
}
_OURS = ("digest", "start_within_names_missing")  # worked out here, not the file's to say


def load_site(path: Path | None, limits: Limits) -> Site:
    """The settings of a site file over the shipped defaults; the defaults alone without a file.

    A table of the file replaces the default table, except [pump], whose keys stand alone.

    Raises:
        BadFile: with file, table and key.
    """
    defaults_path = resources_folder() / "site.toml"
    defaults, _ = read_toml(defaults_path)
    given: dict[str, Any] = {}
    if path is not None:
        given, _ = read_toml(path)
    return make_site(given, defaults, path or defaults_path, limits)


def make_site(given: Mapping[str, Any], defaults: Mapping[str, Any], path: Path, limits: Limits) -> Site:
    """The settings of the tables of a site file over the defaults; raises `BadFile`."""
    for key in _OURS:
        if key in given:
            raise BadFile(path, "unknown-key", key=key)
    tables = {**defaults, **given}
    if isinstance(given.get("pump"), dict):
        tables["pump"] = {**defaults["pump"], **given["pump"]}
    site = validate(Site, tables, path)
    if site.product not in shipped("products") and not any(mark in site.product for mark in "/\\."):
        raise BadFile(
            path, "wrong-value", key="product", found=site.product[:40], accepted=", ".join(shipped("products"))
        )
    free_hours = limits.value("start_within_free_h")
    try:
        site.check_basis(free_hours)
    except PydanticCustomError as error:
        raise BadFile(path, "missing-basis", key="start_within_basis") from error
    if contradiction := limits.with_site(site.thresholds).contradiction():
        raise BadFile(path, "contradiction", table="thresholds", key=contradiction[0], other=contradiction[1])
    names_missing = site.starts_later(free_hours) and not site.start_within_by
    return site.model_copy(update={"digest": _digest(site), "start_within_names_missing": names_missing})


def _digest(site: Site) -> str:
    """A short checksum over the settings that touch a plan."""

    def text(value: object) -> object:
        if isinstance(value, Decimal):
            return plain(value)
        if isinstance(value, Number):
            return plain(value.number)
        if isinstance(value, Mapping):
            return {str(text(key)): text(each) for key, each in value.items()}
        if isinstance(value, (tuple, list)):
            return [text(each) for each in value]
        return value if isinstance(value, (bool, int)) or value is None else str(value)

    fields = {
        name: getattr(site, name) for name in Site.model_fields if name not in _WITHOUT_EFFECT | {"digest", "pump"}
    }
    fields["pump"] = site.pump.step_ml_per_h
    canonical = json.dumps(text(fields), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
