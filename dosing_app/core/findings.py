"""What the user must know about an order or a plan: values with a code and a tier. `wording` makes the sentences."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Tier(StrEnum):
    """How much a finding holds back."""

    REFUSE = "refuse"  # no result
    JUSTIFY = "justify"  # needs a written reason, which is printed
    NOTE = "note"  # stands inline


class About(StrEnum):
    """What a finding is about: the order as a whole, or one plan for it."""

    ORDER = "order"
    PLAN = "plan"


class Code(NamedTuple):
    """A line of the catalogue: what a code is about and its tier in the ordinary case."""

    about: About
    tier: Tier


def _codes(about: About, tier: Tier, names: str) -> dict[str, Code]:
    return {name: Code(about, tier) for name in names.split()}


# Codes are stable (cli.md). Some take another tier by the size of what was found; the finding carries its own.
CATALOGUE: dict[str, Code] = {
    **_codes(
        About.ORDER,
        Tier.REFUSE,
        "unreadable envelope age-scope dates who-limits prescription-differs data-checksum",
    ),
    **_codes(
        About.ORDER,
        Tier.JUSTIFY,
        "weight-for-age length-for-age weight-for-length index-not-available age measurement-age weight-change formula",
    ),
    **_codes(
        About.PLAN,
        Tier.REFUSE,
        "below-minimum-weight composition-unknown drug-volume-small rate-not-a-step ledger engines-disagree no-plan "
        "impossible-log",
    ),
    **_codes(
        About.PLAN,
        Tier.JUSTIFY,
        "syringe-deviation sodium preserved-infant unit-closed interrupted-4h gap-7d restart-dose issued-differs "
        "past-limit over other-dose wrong-rate line-opened",
    ),
    **_codes(
        About.ORDER,
        Tier.NOTE,
        "measured-unknown gestation-unknown prescription-not-compared formula-not-chosen product-not-approved "
        "reason-unused",
    ),
    **_codes(
        About.PLAN,
        Tier.NOTE,
        "rate-change clock-change off-hours no-vial-slack no-storage-slack outside-label-table still-due cannot-wait "
        "shortened",
    ),
}


class Finding(BaseModel):
    """One finding. `values` are what its sentence needs, as texts."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    code: str
    tier: Tier
    about: About
    actual: str = ""
    limit: str = ""
    source: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    bags: tuple[int, ...] = Field(default=(), strict=False)
    reason: str = ""

    @property
    def holds_back(self) -> bool:
        """Whether it stands in the way of a complete plan."""
        return self.tier is Tier.REFUSE or (self.tier is Tier.JUSTIFY and not self.reason)


def finding(
    code: str,
    tier: Tier | None = None,
    *,
    actual: str = "",
    limit: str = "",
    source: str = "",
    bags: tuple[int, ...] = (),
    values: Mapping[str, str] | None = None,
    **named: str,
) -> Finding:
    """A finding of the catalogue, with its ordinary tier unless another is given; `named` joins `values`.

    Raises:
        KeyError: no such code.
    """
    about, ordinary = CATALOGUE[code]
    return Finding(
        code=code,
        tier=tier or ordinary,
        about=about,
        actual=actual,
        limit=limit,
        source=source,
        bags=bags,
        values={**(values or {}), **named},
    )


def answered(findings: list[Finding], reasons: dict[str, str]) -> list[Finding]:
    """The findings with each justify's written reason put to it; one that wants a second reading takes none without."""
    return [
        each.model_copy(update={"reason": reasons[each.code]})
        if each.tier is Tier.JUSTIFY and reasons.get(each.code, "").strip() and each.values.get("second") != ""
        else each
        for each in findings
    ]
