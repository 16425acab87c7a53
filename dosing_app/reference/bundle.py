"""Everything that an order is calculated with, in one value."""

from dataclasses import dataclass
from pathlib import Path

from dosing_app.core.growth import Tables
from dosing_app.reference.growth_tables import load_growth_tables
from dosing_app.reference.limits import Flags, Limits, load_limits
from dosing_app.reference.product import Product, load_product
from dosing_app.reference.protocol import Protocol, load_protocol
from dosing_app.reference.site import Site, load_site
from dosing_app.reference.source import refuse_changes

STANDARD_PROTOCOL = "infant-course"


@dataclass(frozen=True, slots=True)
class House:
    """What holds for every order here: the site's settings and the limits, the site's own thresholds among them."""

    site: Site
    limits: Limits
    flags: Flags
    growth: Tables


@dataclass(frozen=True, slots=True)
class Reference:
    """What one order is calculated with."""

    product: Product
    protocol: Protocol
    site: Site
    limits: Limits
    flags: Flags
    growth: Tables


def load_house(site_path: Path | None = None) -> House:
    """The settings of a site, or the safe defaults. Raises `BadFile`."""
    refuse_changes()
    limits, flags = load_limits()
    site = load_site(site_path, limits)
    return House(site, limits.with_site(site.thresholds), flags, load_growth_tables())


def load_reference(house: House, product: str, protocol: str) -> Reference:
    """What an order with these names of product and protocol is calculated with. Raises `BadFile`."""
    return Reference(
        load_product(product), load_protocol(protocol), house.site, house.limits, house.flags, house.growth
    )
