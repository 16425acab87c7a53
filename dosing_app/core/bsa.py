"""Body-surface area. The formulas are regressions with stated units, so they run on magnitudes inside."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity


def mosteller(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741 - the symbol of the publications
    """√(W L / 3600), W in kg, L in cm. Mosteller 1987, NEJM 317:1098."""
    return (w * l / 3600).sqrt()


def haycock(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.024265 W^0.5378 L^0.3964. Haycock 1978, J Pediatr 93:62."""
    return _power_law("0.024265", w, "0.5378", l, "0.3964")


def gehan_george(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.0235 W^0.51456 L^0.42246. Gehan & George 1970, Cancer Chemother Rep 54:225."""
    return _power_law("0.0235", w, "0.51456", l, "0.42246")


def boyd(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.03330 W^(0.6157 − 0.0188 log10 W) L^0.3, W in kg. Boyd 1935."""
    exponent = Decimal("0.6157") - Decimal("0.0188") * w.log10()
    return Decimal("0.03330") * _power(w, exponent) * _power(l, Decimal("0.3"))


def bnfc(w: Decimal, _l: Decimal) -> Decimal:
    """4.688e-4 Wg^(0.8168 − 0.0154 log10 Wg), Wg in grams: Boyd 1935 by weight alone, basis of the BNFc table."""
    grams = w * 1000
    return Decimal("0.0004688") * _power(grams, Decimal("0.8168") - Decimal("0.0154") * grams.log10())


def du_bois(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.007184 W^0.425 L^0.725. Du Bois 1916, Arch Intern Med 17:863. −4 to −6 % in infants."""
    return _power_law("0.007184", w, "0.425", l, "0.725")


def fujimoto(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.008883 W^0.444 L^0.663. Fujimoto 1968, Nippon Eiseigaku Zasshi 23:443."""
    return _power_law("0.008883", w, "0.444", l, "0.663")


def takahira(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.007241 W^0.425 L^0.725. Takahira 1925, as cited by Fujimoto 1968."""
    return _power_law("0.007241", w, "0.425", l, "0.725")


def schlich_female(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.000975482 W^0.46 L^1.08. Schlich 2010, Ernaehrungs Umschau 57:178, women."""
    return _power_law("0.000975482", w, "0.46", l, "1.08")


def schlich_male(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.000579479 W^0.38 L^1.24. Schlich 2010, Ernaehrungs Umschau 57:178, men."""
    return _power_law("0.000579479", w, "0.38", l, "1.24")


def shuter(w: Decimal, l: Decimal) -> Decimal:  # noqa: E741
    """0.00949 W^0.441 L^0.655. Shuter & Aslani 2000, Eur J Appl Physiol 82:250."""
    return _power_law("0.00949", w, "0.441", l, "0.655")


def _power_law(factor: str, w: Decimal, w_exponent: str, l: Decimal, l_exponent: str) -> Decimal:  # noqa: E741
    return Decimal(factor) * _power(w, Decimal(w_exponent)) * _power(l, Decimal(l_exponent))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """base^exponent = exp(exponent × ln base): the formulas share the two logarithms, so they are kept."""
    return (exponent * _ln(base)).exp()


@lru_cache(16)
def _ln(value: Decimal) -> Decimal:
    with exact_arithmetic():
        return value.ln()


Formula = Callable[[Decimal, Decimal], Decimal]
OFFERED: dict[str, Formula] = {
    "mosteller": mosteller,
    "haycock": haycock,
    "gehan-george": gehan_george,
    "boyd": boyd,
    "bnfc": bnfc,
}
# Made for adults or older children: shown in teaching, never offered for an infant's dose.
TEACHING_ONLY: dict[str, Formula] = {
    "du-bois": du_bois,
    "fujimoto": fujimoto,
    "takahira": takahira,
    "schlich-female": schlich_female,
    "schlich-male": schlich_male,
    "shuter": shuter,
}


def body_surface_area(formula: str, weight: Quantity, length: Quantity) -> Quantity:
    """Body-surface area by a named formula, never rounded. [m²]

    Args:
        formula: a name of `OFFERED` or `TEACHING_ONLY`.
        weight: body weight. [kg]
        length: recumbent length. [cm]

    Raises:
        KeyError: no such formula. ValueError: weight or length is not above zero.

    Source: domain.md section 5, each formula with its publication.
    """
    w, l = magnitude(weight, "kg"), magnitude(length, "cm")  # noqa: E741
    if w <= 0 or l <= 0:
        msg = "weight and length are above zero"
        raise ValueError(msg)
    compute = OFFERED.get(formula) or TEACHING_ONLY[formula]
    with exact_arithmetic():
        return quantity(compute(w, l), "m^2")
