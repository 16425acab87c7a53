"""Product data: one region's vial, bag kinds and limits, every figure with its source and grade."""

from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from dosing_app.core.quantities import Quantity, exact_arithmetic, quantity
from dosing_app.reference.source import Frozen, figure, find, in_unit, read_toml, validate, wrong

_Millilitres: Any = figure("mL", "0.1", "1000")
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
    calculate_with: _Millilitres
    fill_from: _Millilitres
    fill_to: _Millilitres
    sodium: figure("mmol/mL", "0.01", "1")  # type: ignore[valid-type]


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


def _no_blanks(name: str) -> str:
    if not name or any(mark in name for mark in " ,@"):
        raise wrong("wrong-value", found=name, accepted="a name without blank, comma or @")
    return name


class BagKind(Frozen):
    """One product-label way to make a bag. A rate belongs to the kind of one product, never to a duration."""

    name: Annotated[str, AfterValidator(_no_blanks)]
    composition: Literal["additive", "made-up", "unavailable"]
    why_unavailable: str = ""
    preservative: bool = False
    duration: _Hours
    rate: figure("mL/h", "0.1", "100")  # type: ignore[valid-type]
    storage: str = ""
    stabiliser: _Millilitres | None = None
    diluent: _Millilitres | None = None  # additive: saline in the bag; made-up: bacteriostatic saline
    final: _Millilitres | None = None  # made-up: the volume to which saline is added
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
        if self.preservative and self.composition == "made-up" and self.benzyl_alcohol is None:
            raise wrong("missing-key", key="benzyl_alcohol")
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

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    version: str = Field(min_length=1)
    stand_in_pattern: str = Field(min_length=1)
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
        if in_unit(self.vial.usable, "mL") > in_unit(self.vial.reconstituted, "mL"):
            raise wrong("out-of-range", key="vial.usable", accepted="at most vial.reconstituted")
        return self

    @cached_property
    def kinds(self) -> dict[str, BagKind]:
        """Bag kinds by name."""
        return {kind.name: kind for kind in self.kind}


@lru_cache(8)
def _load(path: Path, _changed: int) -> Product:
    tables, checksum = read_toml(path)
    sources = tables.get("sources", {})
    if "checksum" in tables:  # ours to compute, not the file's to say
        tables["checksum_"] = tables.pop("checksum")
    return validate(
        Product, {**tables, "checksum": checksum}, path, sources=sources if isinstance(sources, dict) else {}
    )


def load_product(name_or_path: str) -> Product:
    """The product data of a shipped name ("eu", "us") or of a file.

    Raises:
        BadFile: with file, table and key.
    """
    path = find("products", name_or_path)
    return _load(path, path.stat().st_mtime_ns if path.exists() else 0)
