"""Product data: one region's vial, bag kinds and limits, every figure with its source and grade."""

from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity
from dosing_app.reference.source import BadFile, Frozen, changed_at, figure, find, in_unit, read_toml, validate, wrong

_Millilitres: Any = figure("mL", "0.1", "20")
_BagMillilitres: Any = figure("mL", "50", "500")
_LONGEST_TEXT = 80
_Hours: Any = figure("h", "1", "2000")


class Vial(Frozen):
    """What is bought, and what one vial gives."""

    labelled: figure("microgram", "1", "1000")  # type: ignore[valid-type]
    water: _Millilitres
    strength: figure("microgram/mL", "0.1", "100")  # type: ignore[valid-type]
    reconstituted: _Millilitres
    usable: _Millilitres
    keeps_refrigerated: _Hours
    keeps_at_room: _Hours


class Saline(Frozen):
    """The bag that is filled."""

    name: str = Field(min_length=1)
    calculate_with: _BagMillilitres
    fill_from: _BagMillilitres
    fill_to: _BagMillilitres
    sodium: figure("mmol/mL", "0.15", "0.16")  # type: ignore[valid-type]


class Stabiliser(Frozen):
    """What protects the drug, and what it brings along."""

    citric_acid: figure("mg/mL", "0.01", "500")  # type: ignore[valid-type]
    lysine: figure("mg/mL", "0.01", "500")  # type: ignore[valid-type]
    polysorbate: figure("mg/mL", "0.01", "500")  # type: ignore[valid-type]
    lysine_molar_mass: figure("mg/mmol", "180", "185")  # type: ignore[valid-type]


class Storage(Frozen):
    """How long a prepared bag keeps."""

    refrigerated: _Hours
    at_room: _Hours
    infusion_included: bool  # whether the refrigerated limit includes the infusion


def _one_line(text: str) -> str:
    """A text that can stand on a paper."""
    if not text.strip() or len(text) > _LONGEST_TEXT or not text.isprintable():
        raise wrong("wrong-value", accepted=f"one line of at most {_LONGEST_TEXT} characters that can be printed")
    return text


_Line = Annotated[str, AfterValidator(_one_line)]


class BagKind(Frozen):
    """One product-label way to make a bag. A rate belongs to the kind of one product, never to a duration."""

    name: str
    composition: Literal["additive", "made-up", "unavailable"]
    why_unavailable: str = ""
    preservative: bool = False
    duration: _Hours
    rate: figure("mL/h", "0.1", "100")  # type: ignore[valid-type]
    storage: str = ""
    stabiliser: _Millilitres | None = None
    diluent: _BagMillilitres | None = None  # additive: saline in the bag; made-up: bacteriostatic saline
    final: _BagMillilitres | None = None  # made-up: the volume to which saline is added
    benzyl_alcohol: figure("mg/mL", "0.1", "50") | None = None  # type: ignore[valid-type]
    minimum_weight: figure("kg", "0.5", "50") | None = None  # type: ignore[valid-type]
    early_take_down: tuple[_Hours, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _is_whole(self) -> "BagKind":
        needs = {
            "additive": ("stabiliser", "diluent", "storage"),
            "made-up": ("stabiliser", "diluent", "final", "storage"),
            "unavailable": ("why_unavailable",),
        }[self.composition]
        for key in needs:
            if not getattr(self, key):
                raise wrong("missing-key", key=key)
        if any(in_unit(each, "h") % 1 for each in (self.duration, *self.early_take_down)):
            raise wrong("wrong-value", key="duration", accepted="whole hours")
        if self.name != f"{self.hours}h":
            raise wrong("wrong-value", key="name", found=self.name[:40], accepted=f"{self.hours}h, its duration")
        if self.plannable and self.preservative != (self.benzyl_alcohol is not None):
            raise wrong("contradiction", key="preservative", other="benzyl_alcohol")
        if self.final is not None and in_unit(self.final, "mL") <= magnitude(self.base, "mL"):
            raise wrong("contradiction", key="final", other="diluent and stabiliser")
        if any(in_unit(each, "h") >= self.hours for each in self.early_take_down):
            raise wrong("contradiction", key="early_take_down", other="duration")
        return self

    @property
    def plannable(self) -> bool:
        """Whether the composition is known."""
        return self.composition != "unavailable"

    @property
    def hours(self) -> int:
        """Its full duration. [h]"""
        return int(in_unit(self.duration, "h"))

    @property
    def delivered(self) -> Quantity:
        """Pump rate × full duration. [mL]"""
        with exact_arithmetic():
            return quantity(in_unit(self.rate, "mL/h") * in_unit(self.duration, "h"), "mL")

    @property
    def base(self) -> Quantity:
        """Additive: diluent and stabiliser. [mL]"""
        assert self.diluent is not None
        assert self.stabiliser is not None
        with exact_arithmetic():
            return quantity(in_unit(self.diluent, "mL") + in_unit(self.stabiliser, "mL"), "mL")

    @property
    def benzyl_alcohol_in_bag(self) -> Quantity:
        """Of a finished bag: bacteriostatic saline × its content ÷ final volume. [mg/mL]"""
        if self.benzyl_alcohol is None or self.diluent is None or self.final is None:
            return quantity(Decimal(0), "mg/mL")
        with exact_arithmetic():
            held = in_unit(self.diluent, "mL") * in_unit(self.benzyl_alcohol, "mg/mL")
            return quantity(held / in_unit(self.final, "mL"), "mg/mL")


class Product(Frozen):
    """One region's product data."""

    name: _Line
    title: _Line
    version: _Line
    sources: dict[str, str]
    vial: Vial
    saline: Saline
    stabiliser: Stabiliser
    storage: dict[str, Storage]
    kind: tuple[BagKind, ...] = Field(min_length=1, strict=False)
    checksum: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "Product":
        names = [kind.name for kind in self.kind]
        for name in names:
            if names.count(name) > 1:
                raise wrong("twice", key="name", found=name)
        for kind in self.kind:
            if kind.plannable and kind.storage not in self.storage:
                raise wrong("wrong-value", key="storage", found=kind.storage, accepted=", ".join(self.storage))
        self._vial_adds_up()
        low, high = in_unit(self.saline.fill_from, "mL"), in_unit(self.saline.fill_to, "mL")
        additive = [kind for kind in self.kind if kind.composition == "additive" and kind.diluent is not None]
        fills = [self.saline.calculate_with, *(kind.diluent for kind in additive if kind.diluent is not None)]
        if any(not low <= in_unit(fill, "mL") <= high for fill in fills):
            raise wrong("contradiction", key="fill_from and fill_to", other="the volume calculated with")
        return self

    def _vial_adds_up(self) -> None:
        """A strength or a mass with its mark misplaced contradicts the other figures of the vial."""
        vial = self.vial
        strength = in_unit(vial.strength, "microgram/mL")
        labelled = in_unit(vial.labelled, "microgram")
        with exact_arithmetic():
            usable, all_ = in_unit(vial.usable, "mL") * strength, in_unit(vial.reconstituted, "mL") * strength
            if not usable <= labelled <= all_:
                raise wrong("contradiction", key="strength", other="labelled, usable and reconstituted")
            if in_unit(vial.usable, "mL") * 2 < in_unit(vial.reconstituted, "mL"):
                raise wrong("contradiction", key="usable", other="reconstituted")
            if in_unit(vial.water, "mL") > in_unit(vial.reconstituted, "mL"):
                raise wrong("contradiction", key="water", other="reconstituted")

    @cached_property
    def kinds(self) -> dict[str, BagKind]:
        """Bag kinds by name."""
        return {kind.name: kind for kind in self.kind}


@lru_cache(8)
def _load(path: Path, _changed: int) -> Product:
    tables, checksum = read_toml(path)
    sources = tables.get("sources", {})
    if "checksum" in tables:  # ours to compute, not the file's to say
        raise BadFile(path, "unknown-key", key="checksum")
    return validate(
        Product, {**tables, "checksum": checksum}, path, sources=sources if isinstance(sources, dict) else {}
    )


def load_product(name_or_path: str) -> Product:
    """The product data of a shipped name ("eu", "us") or of a file.

    Raises:
        BadFile: with file, table and key.
    """
    path = find("products", name_or_path)
    return _load(path, changed_at(path))
