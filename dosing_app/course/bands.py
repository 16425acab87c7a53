"""The label's volume beside the computed one, where a site has entered the rows of the label's table."""

from decimal import Decimal
from typing import NamedTuple

from dosing_app.core.quantities import exact_arithmetic, magnitude
from dosing_app.course.plan import Plan
from dosing_app.reference.product import Product
from dosing_app.reference.site import Site, band_of, has_bands


class BandRow(NamedTuple):
    """One bag kind. Volumes in mL; without a label's row for this BSA there is no label's volume and no difference."""

    kind: str
    computed: Decimal  # exact, before the syringe
    label: Decimal | None
    difference: Decimal | None  # label less computed
    percent: Decimal | None  # of the computed volume


def band_rows(plan: Plan, product: Product, site: Site) -> tuple[BandRow, ...]:
    """Label and computed drug volume of each kind that can be made; none where the site entered no rows.

    Args:
        plan: with its BSA and its table of kinds; a plan without them has no rows.
        product: the product data of the plan, whose rows they are.
        site: the site's settings.
    """
    if plan.bsa is None or plan.kinds is None or not has_bands(site, product.name):
        return ()
    area = magnitude(plan.bsa.m2, "m^2")
    rows = []
    for row in plan.kinds:
        if row.drug_exact is None:
            continue
        computed = magnitude(row.drug_exact, "mL")
        band = band_of(site, product.name, row.kind, area)
        if band is None:
            rows.append(BandRow(row.kind, computed, None, None, None))
            continue
        with exact_arithmetic():
            difference = band.drug_ml - computed
            rows.append(BandRow(row.kind, computed, band.drug_ml, difference, difference / computed * 100))
    return tuple(rows)
