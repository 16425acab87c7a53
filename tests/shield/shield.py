"""`make shield`: what the typing-error shield catches, on simulated infants; and a fuzz of every reader.

Three populations by the WHO tables, each infant typed rightly and with each slip in turn, read by the program's own
reader. Printed per slip: refused, questioned, named (the right slip offered first, or offered at all), missed, and the
worst dose error among the missed. The figures go into the note; nothing is asserted here.
"""

import argparse
import itertools
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal

from whenever import Date

from dosing_app.core.clock import read_date, read_instant
from dosing_app.core.findings import Tier
from dosing_app.core.growth import Index, value_at
from dosing_app.core.quantities import Refused, magnitude, read_quantity
from dosing_app.course.calculate import calculate
from dosing_app.course.growth import growth_findings
from dosing_app.course.order import FIELDS, length_field, prescribed_field, read_order, weight_field
from dosing_app.course.pattern import read_pattern
from dosing_app.course.suspects import age_of
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.product import load_product

START = Date(2027, 3, 1)
POPULATIONS = {"healthy": (0.0, 1.0, False), "z -0.5 sd 1.3": (-0.5, 1.3, False), "< 37 weeks": (0.0, 1.0, True)}
NAMED_EVERY = 10  # naming takes most of the time: measured on every tenth infant
CORRELATION = 0.7  # of weight-for-age with length-for-age
Texts = dict[str, str]


def infant(random_: random.Random, population: str, house: House) -> Texts:
    """One infant of a population, typed rightly: weight to 10 g, length to half a centimetre."""
    mean, sd, preterm = POPULATIONS[population]
    while True:
        days = random_.randint(28, 390)
        born = START.add(days=-days)
        gestation = f"{random_.randint(24, 36)}w{random_.randint(0, 6)}d" if preterm else "term"
        sex = random_.choice(["female", "male"])
        age = age_of(born, START, gestation, house).days
        if age < 0:
            continue  # the tables have no such infant to draw from
        common = random_.gauss(0, 1)
        z_length = mean + sd * common
        z_weight = mean + sd * (CORRELATION * common + (1 - CORRELATION**2) ** 0.5 * random_.gauss(0, 1))
        weight = value_at(Index.WEIGHT_FOR_AGE, Decimal(str(round(z_weight, 3))), age, sex, house.growth)
        length = value_at(Index.LENGTH_FOR_AGE, Decimal(str(round(z_length, 3))), age, sex, house.growth)
        if weight is None or length is None:
            continue
        return {
            "weight": f"{weight:.2f} kg",
            "length": f"{(length * 2).quantize(Decimal(1)) / 2} cm",
            "born": born.format_iso(),
            "sex": sex,
            "gestation": gestation,
            "measured": START.format_iso(),
            "start": f"{START.format_iso()}T14:00",
        }


def number(text: str) -> Decimal:
    """The number of a quantity's text."""
    return Decimal(text.partition(" ")[0])


def scaled(field: str, factor: str) -> Callable[[Texts, random.Random], Texts | None]:
    """A slip that multiplies the number of a field."""
    unit = "kg" if field == "weight" else "cm"

    def slip(texts: Texts, _: random.Random) -> Texts | None:
        value = number(texts[field]) * Decimal(factor)
        return {**texts, field: f"{format(round(value, 3).normalize(), 'f')} {unit}"}

    return slip


def swapped(texts: Texts, _: random.Random) -> Texts | None:
    """Weight and length in each other's field."""
    return {**texts, "weight": f"{number(texts['length'])} kg", "length": f"{number(texts['weight'])} cm"}


def transposed(texts: Texts, random_: random.Random) -> Texts | None:
    """Two neighbouring digits of the weight exchanged."""
    text = texts["weight"].split()[0]
    places = [place for place, sign in enumerate(text) if sign != "."]
    pairs = [(a, b) for a, b in itertools.pairwise(places) if text[a] != text[b] and text[b] != "0"]
    if not pairs:
        return None
    a, b = random_.choice(pairs)
    signs = list(text)
    signs[a], signs[b] = signs[b], signs[a]
    return {**texts, "weight": "".join(signs) + " kg"}


def plus_one(texts: Texts, _: random.Random) -> Texts | None:
    """One kilogram too much."""
    return {**texts, "weight": f"{number(texts['weight']) + 1} kg"}


def grams_unit(texts: Texts, _: random.Random) -> Texts | None:
    """Kilograms typed as grams."""
    return {**texts, "weight": f"{number(texts['weight'])} g"}


def day_month(texts: Texts, _: random.Random) -> Texts | None:
    """Day and month of birth exchanged."""
    born = Date.parse_iso(texts["born"])
    try:
        other = Date(born.year, born.day, born.month)
    except ValueError:
        return None
    return None if other == born else {**texts, "born": other.format_iso()}


def year(texts: Texts, random_: random.Random) -> Texts | None:
    """Year of birth off by one."""
    born = Date.parse_iso(texts["born"])
    try:
        return {**texts, "born": Date(born.year + random_.choice([-1, 1]), born.month, born.day).format_iso()}
    except ValueError:
        return None


# The slip, and the name by which the program should offer it.
SLIPS: dict[str, tuple[Callable[[Texts, random.Random], Texts | None], str]] = {
    "weight x 10": (scaled("weight", "10"), "mark-right"),
    "weight / 10": (scaled("weight", "0.1"), "mark-left"),
    "weight x 100": (scaled("weight", "100"), "mark-two-right"),
    "grams as kg": (scaled("weight", "1000"), "grams-as-kg"),
    "kg as grams": (grams_unit, "kg-as-grams"),
    "pounds as kg": (scaled("weight", "2.2046226"), "pounds-as-kg"),
    "length x 10": (scaled("length", "10"), "mark-right"),
    "inches as cm": (scaled("length", "0.3937008"), "inches-as-cm"),
    "metres as cm": (scaled("length", "0.01"), "metres-as-cm"),
    "swapped": (swapped, "swapped"),
    "digits transposed": (transposed, "transposed"),
    "1 kg too much": (plus_one, ""),
    "day and month": (day_month, "day-month-swapped"),
    "year off by one": (year, "year-off-by-one"),
}


def judged(texts: Texts, house: House) -> tuple[str, list[str]]:
    """What the program says of a typed order: refused, questioned or silent; and the slips it offers."""
    reading = read_order(texts, house)
    if reading.order is None or reading.reference is None:
        found = list(reading.findings)
    else:
        start = reading.order.start.to_tz(reading.order.zone).date()
        if reading.order.born > start or start > reading.order.born.add(months=24):
            return "refused", []
        found = growth_findings(reading.order, reading.reference)
        days = int(start.since(reading.order.born, total="days"))
        if days < 28 or start > reading.order.born.add(months=13):
            return ("refused" if any(each.tier is Tier.REFUSE for each in found) else "questioned"), _offered(found)
    if any(each.tier is Tier.REFUSE for each in found):
        return "refused", _offered(found)
    return ("questioned" if found else "silent"), _offered(found)


def _offered(found: list) -> list[str]:
    names = []
    for each in found:
        entries = [entry.split(" ") for entry in each.values.get("slips", "").split("; ") if entry]
        names += [entry[0] for entry in entries]
        if each.values.get("swapped"):
            names.append("swapped")
    return list(dict.fromkeys(names))


def population(name: str, seed: int, infants: int) -> tuple[str, Counter, dict[str, Counter], dict[str, float]]:
    """All counts of one part of a population."""
    house = load_house()
    random_ = random.Random(f"{name} {seed}")
    truth: Counter = Counter()
    slips = {slip: Counter() for slip in SLIPS}
    worst = dict.fromkeys(SLIPS, 0.0)
    for count in range(infants):
        texts = infant(random_, name, house)
        reading = read_order(texts, house)
        found = growth_findings(reading.order, reading.reference)
        justify = sum(each.tier is Tier.JUSTIFY for each in found)
        truth["refused"] += any(each.tier is Tier.REFUSE for each in found)
        truth["one question"] += justify == 1
        truth["more questions"] += justify > 1
        truth["all"] += 1
        area = (number(texts["weight"]) * number(texts["length"])).sqrt()
        for slip, (apply, wanted) in SLIPS.items():
            wrong = apply(texts, random_)
            if wrong is None:
                continue
            said, offered = judged(wrong, house)
            counts = slips[slip]
            counts["all"] += 1
            counts[said] += 1
            if said == "silent":
                wrong_area = (number(wrong["weight"]) * number(wrong["length"])).sqrt()
                worst[slip] = max(worst[slip], abs(float(wrong_area / area - 1)) * 100)
            elif count % NAMED_EVERY == 0:
                counts["judged for names"] += 1
                counts["named first"] += bool(offered) and offered[0] == wanted
                counts["named"] += wanted in offered
    return name, truth, slips, worst


def simulate(infants: int) -> None:
    """Print the table of each population."""
    parts = 8
    jobs = [(name, seed, infants // parts) for name in POPULATIONS for seed in range(parts)]
    results: dict[str, list] = {name: [] for name in POPULATIONS}
    with ProcessPoolExecutor(2) as pool:
        for name, truth, slips, worst in pool.map(population, *zip(*jobs, strict=True)):
            results[name].append((truth, slips, worst))
    for name, found in results.items():
        truth = sum((each[0] for each in found), Counter())
        print(f"\n{name}: {truth['all']} infants, typed rightly: refused {share(truth, 'refused', 3)}, "
              f"one question {share(truth, 'one question', 2)}, more {share(truth, 'more questions', 2)}")  # fmt: skip
        heads = "".join(f" {head:>8}" for head in ("refused", "asked", "missed", "first", "named"))
        print(f"  {'slip':<18}{heads}  worst dose error missed")
        for slip in SLIPS:
            counts = sum((each[1][slip] for each in found), Counter())
            if not counts["all"]:
                continue
            names = {key: counts[key] for key in ("named first", "named")}
            of = max(counts["judged for names"], 1)
            worst = max(each[2][slip] for each in found)
            shares = "".join(f" {share(counts, key):>8}" for key in ("refused", "questioned", "silent"))
            named = "".join(f" {names[key] / of:>8.1%}" for key in ("named first", "named"))
            print(f"  {slip:<18}{shares}{named}  {worst:.0f} %")


def share(counts: Counter, key: str, places: int = 2) -> str:
    """A count as a percentage of all."""
    return f"{counts[key] / max(counts['all'], 1):.{places}%}"


def questions(count: int) -> None:
    """How many reasons a whole plan asks for: ordinary infants, weekday start, no site file, shipped product data."""
    house = load_house()
    random_ = random.Random("questions")
    for product in ("eu", "us"):
        asked: Counter = Counter()
        codes: Counter = Counter()
        for _ in range(count):
            texts = {**infant(random_, "healthy", house), "product": product}
            reading = read_order(texts, house)
            plan = calculate(reading.order, (), reading.reference)
            justify = [each.code for each in plan.findings if each.tier is Tier.JUSTIFY]
            asked[min(len(justify), 2)] += 1
            codes.update(justify)
        shares = ", ".join(f"{name} {asked[key] / count:.1%}" for key, name in enumerate(("none", "one", "more")))
        print(f"\n{count} ordinary infants, {product}, reasons asked: {shares}; {dict(codes)}")


# ---- fuzz ----

# fmt: off
_PIECES = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "12", "63", "64", "642", "6.42", "6,42", "6420",
    "0.375", ".", ",", "-", "+", "e", "E", "'", "kg", "g", "KG", "lb", "cm", "mm", "m", "in", "mg", "mL", "L",
    "h", "day", "per", "/", "\xb5g", "\u03bcg", "mcg", "microgram", "\xb2", "^2", "nan", "inf", "NaN",
    "\uff16", "\u0663", "\xa0", "\u202f", "\u2009", "\t", "\n", "\x00", "\u202e", "\U0001f642", "T14:00",
    "14:00", "+01:00", "@", "w", "d", "96h", "72", ";", "34w2d", "term", "auto", "2026-11-23", "23-Nov-2026",
    "23.11.2026", " ",
]
# fmt: on


def typed_texts(random_: random.Random) -> Iterator[str]:
    """Random and adversarial texts without end."""
    while True:
        kind = random_.random()
        if kind < 0.7:
            blank = random_.choice(["", " ", ""])
            yield blank.join(random_.choice(_PIECES) for _ in range(random_.randint(1, 6)))
        elif kind < 0.9:
            base = list(
                random_.choice(
                    ["6.42 kg", "63.5 cm", "5.05 microgram/day", "2026-11-23", "2026-11-23T14:00", "96h@72,96h"]
                )
            )
            for _ in range(random_.randint(1, 3)):
                place = random_.randrange(len(base) + 1)
                base[place : place + random_.randint(0, 1)] = [random_.choice(_PIECES)]
            yield "".join(base)
        else:
            yield "".join(chr(random_.randrange(0x20, 0x2100)) for _ in range(random_.randint(0, 30)))


def fuzz(seed: int, count: int) -> Counter:
    """Every reader over random texts: only refusals are raised, and what is read has the digits that were typed."""
    house = load_house()
    product = load_product("eu")
    fields = [weight_field(house.limits), length_field(house.limits), prescribed_field(house.limits)]
    random_ = random.Random(seed)
    counts: Counter = Counter()
    texts = typed_texts(random_)
    for _ in range(count):
        text = next(texts)
        for accepts in fields:
            try:
                read = read_quantity(text, accepts)
            except Refused:
                counts["refused"] += 1
            else:
                counts["read"] += 1
                check_digits(text, magnitude(read, accepts.unit))
        for reader in (
            lambda text=text: read_date(text, typed=True),
            lambda text=text: read_instant(text, "Europe/Amsterdam", typed=True),
            lambda text=text: read_pattern(text, product),
        ):
            try:
                reader()
                counts["read"] += 1
            except Refused:
                counts["refused"] += 1
    return counts


def check_digits(text: str, found: Decimal) -> None:
    """The significant digits that were typed are those that were read, whatever the unit."""
    typed = "".join(sign for sign in text.partition("/")[0] if sign in "0123456789.,").replace(",", ".")
    typed = typed.removesuffix("2") if "m2" in text or "^2" in text else typed
    wanted = Decimal(typed).normalize().as_tuple().digits
    if wanted != found.normalize().as_tuple().digits:
        message = f"{text!r} was read as {found}"
        raise AssertionError(message)


def whole_orders(seed: int, count: int) -> Counter:
    """Complete orders with one field put to a random text: a whole plan or no result at all, never an exception."""
    house = load_house()
    random_ = random.Random(seed)
    texts = typed_texts(random_)
    counts: Counter = Counter()
    base = {
        "weight": "6.42 kg",
        "length": "63.5 cm",
        "born": "2026-06-20",
        "measured": "2026-11-23",
        "start": "2026-11-23T14:00",
        "zone": "Europe/Amsterdam",
        "product": "eu",
    }
    for _ in range(count):
        order = {**base, random_.choice(FIELDS): next(texts)}
        if order["product"] not in {"eu", "us"} or order.get("protocol"):
            continue  # names of files: not a text to read here
        reading = read_order(order, house, typed=True)
        if reading.order is None or reading.reference is None:
            counts["no order"] += 1
            continue
        plan = calculate(reading.order, (), reading.reference)
        counts["complete" if plan.complete else "held back"] += 1
    return counts


def run_fuzz(count: int) -> None:
    """Print what the fuzz met."""
    with ProcessPoolExecutor(2) as pool:
        counts = sum(pool.map(fuzz, range(8), [count // 8] * 8), Counter())
        orders = sum(pool.map(whole_orders, range(100, 108), [count // 400] * 8), Counter())
    print(f"\nfuzz: {count} texts into six readers: {dict(counts)}; no exception, no digit changed")
    print(f"whole orders with one random field: {dict(orders)}; no exception")


def main() -> int:
    """Simulate and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--infants", type=int, default=20_000)
    parser.add_argument("--texts", type=int, default=1_000_000)
    options = parser.parse_args()
    simulate(options.infants)
    questions(1000)
    run_fuzz(options.texts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
