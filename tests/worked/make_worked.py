# ruff: noqa: C420, C901, E501, FURB171, N817, PLR0912, PLR0915, PT018 (a record of how the cases were made)
"""How the worked cases were made, once. It shares no line with the program and refuses to overwrite a case.

Every figure goes two ways: fractions and mpmath against Decimal, zoneinfo against the C library's clock,
a computed session moment against a search minute by minute. A difference stops the script.
Run (mpmath needed): python make_worked.py [DIRECTORY]
"""

import json
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction as F
from math import ceil, floor
from pathlib import Path
from zoneinfo import ZoneInfo

from mpmath import mp, mpf

mp.dps = 60
HERE = Path(__file__).parent
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

# --- what domain.md says ----------------------------------------------------------------------------------------------

C = F("12.5")  # micrograms per mL, reconstituted
USABLE = F("2.8")  # mL of one vial
PRIME = 5
RATES = {"eu": {24: F(10), 48: F(5), 72: F("3.3"), 96: F("2.5")}, "us": {24: F(10), 48: F(5), 168: F("0.6")}}
COLD = {"eu": 240, "us": 192}  # hours at 2-8 degrees; us infusion included
ROOM = {"eu": 96, "us": 48}
LYSINE, LYSINE_MOLAR, POLYSORBATE = F("228.38"), F("182.648"), F(1)  # mg per mL of stabiliser; mg per mmol; mg per mL
SODIUM = F("0.154")  # mmol per mL of saline


def mosteller(w: F, h: F) -> mpf:
    return mp.sqrt(q(w) * q(h) / 3600)


def haycock(w: F, h: F) -> mpf:
    return mpf("0.024265") * q(w) ** mpf("0.5378") * q(h) ** mpf("0.3964")


def gehan(w: F, h: F) -> mpf:
    return mpf("0.0235") * q(w) ** mpf("0.51456") * q(h) ** mpf("0.42246")


def boyd(w: F, h: F) -> mpf:
    return mpf("0.03330") * q(w) ** (mpf("0.6157") - mpf("0.0188") * mp.log10(q(w))) * q(h) ** mpf("0.3")


def bnfc(w: F, h: F) -> mpf:
    g = q(w) * 1000
    return mpf("4.688e-4") * g ** (mpf("0.8168") - mpf("0.0154") * mp.log10(g))


BSA = {"mosteller": mosteller, "haycock": haycock, "gehan-george": gehan, "boyd": boyd, "bnfc": bnfc}
BSA_HOW = {
    "mosteller": "sqrt({w} x {h} / 3600)",
    "haycock": "0.024265 x {w}^0.5378 x {h}^0.3964",
    "gehan-george": "0.0235 x {w}^0.51456 x {h}^0.42246",
    "boyd": "0.03330 x {w}^(0.6157 - 0.0188 log10 {w}) x {h}^0.3",
    "bnfc": "4.688e-4 x {g}^(0.8168 - 0.0154 log10 {g}), {g} grams",
}


def q(x: F) -> mpf:
    return mpf(x.numerator) / mpf(x.denominator)


def second_bsa(name: str, w: F, h: F) -> Decimal:
    """The same BSA by another route: Decimal logarithms, 50 digits."""
    with localcontext() as ctx:
        ctx.prec = 50
        wd, hd = Decimal(w.numerator) / w.denominator, Decimal(h.numerator) / h.denominator
        ln = {
            "mosteller": lambda: (wd.ln() + hd.ln() - Decimal(3600).ln()) / 2,
            "haycock": lambda: Decimal("0.024265").ln() + Decimal("0.5378") * wd.ln() + Decimal("0.3964") * hd.ln(),
            "gehan-george": lambda: (
                Decimal("0.0235").ln() + Decimal("0.51456") * wd.ln() + Decimal("0.42246") * hd.ln()
            ),
            "boyd": lambda: (
                Decimal("0.0333").ln()
                + (Decimal("0.6157") - Decimal("0.0188") * wd.log10()) * wd.ln()
                + Decimal("0.3") * hd.ln()
            ),
            "bnfc": lambda: (
                Decimal("0.0004688").ln()
                + (Decimal("0.8168") - Decimal("0.0154") * (wd * 1000).log10()) * (wd * 1000).ln()
            ),
        }[name]()
        return ln.exp()


# --- printing ---------------------------------------------------------------------------------------------------------


def exact(x: F | int) -> str:
    """A terminating decimal, no trailing zeros."""
    x = F(x)
    d = x.denominator
    places = 0
    while d % 10 == 0 or d % 2 == 0 or d % 5 == 0:
        d = d // 10 if d % 10 == 0 else d // 2 if d % 2 == 0 else d // 5
        places += 1
    assert d == 1, f"{x} does not terminate"
    text = f"{Decimal(x.numerator) / Decimal(x.denominator):f}"
    assert F(text) == x
    return text.rstrip("0").rstrip(".") if "." in text else text


def digits(x: mpf | F | int, n: int = 25) -> str:
    x = x if isinstance(x, mpf) else q(F(x))
    return mp.nstr(x, n, min_fixed=-30, max_fixed=30, strip_zeros=False)


def short(x: mpf | F | int) -> str:
    return digits(x, 10)


def close(a: mpf | F, b: Decimal | F | mpf, what: str) -> None:
    a = a if isinstance(a, mpf) else q(F(a))
    b = mpf(str(b)) if isinstance(b, Decimal) else b if isinstance(b, mpf) else q(F(b))
    assert abs(a - b) <= abs(a) * mpf("1e-40") + mpf("1e-45"), f"two routes differ: {what}: {a} {b}"


def z(t: datetime) -> str:
    return t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wall(t: datetime, zone: str) -> str:
    """Wall clock with offset and zone; zoneinfo, checked against the C library."""
    text = t.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    c = subprocess.run(
        ["date", "-d", f"@{int(t.timestamp())}", "+%Y-%m-%dT%H:%M:%S%:z"],
        env={"TZ": zone, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert text == c, (text, c, zone)
    return f"{text}[{zone}]"


def say(t: datetime, zone: str) -> str:
    return t.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")


# --- recipe -----------------------------------------------------------------------------------------------------------


def graduation(v: mpf | F, two_small: bool) -> F:
    v = v if isinstance(v, mpf) else q(v)
    if v < 1 or (two_small and v < 2):
        return F("0.01")
    return F("0.1") if v < 3 else F("0.2") if v < 10 else F(1)


def to_graduation(v: mpf, step: F) -> F:
    """Nearest graduation, a tie to the lower."""
    n = v / q(step)
    k = int(mp.floor(n))
    return (k + (1 if n - k > mpf("0.5") else 0)) * step


def second_rounding(v: mpf, step: F) -> F:
    """The same, by comparing the two neighbours."""
    low = floor(F(str(v)[:30]) / step) * step
    high = low + step
    return high if abs(v - q(high)) < abs(v - q(low)) else low


# --- sessions ---------------------------------------------------------------------------------------------------------

DEFAULT_HOURS = {d: "08:00-17:30" for d in DAYS[:5]}


class Site:
    def __init__(self, path: str | None) -> None:
        d = tomllib.loads((HERE / path).read_text()) if path else {}
        self.zone = d.get("zone", "Europe/Amsterdam")
        self.formula = d.get("formula")
        self.within = d.get("start_within_h", 24)
        self.lead = timedelta(hours=d.get("lead_time_h", 2))
        self.session = timedelta(hours=d.get("session_h", 1.5))
        self.two_small = d.get("two_small_syringes", False)
        self.hours = d.get("preparation_hours", DEFAULT_HOURS)
        self.closed = {date.fromisoformat(x) for x in d.get("closed", [])}
        self.change = d.get("change_hours", "07:00-19:00")
        self.weekend_off = d.get("weekend_changes", "off-hours") == "off-hours"

    def span(self, day: date) -> tuple[datetime, datetime] | None:
        if day in self.closed or DAYS[day.weekday()] not in self.hours:
            return None
        a, b = (
            datetime.combine(day, time.fromisoformat(x), ZoneInfo(self.zone))
            for x in self.hours[DAYS[day.weekday()]].split("-")
        )
        return a.astimezone(UTC), b.astimezone(UTC) - self.session

    def latest_open(self, t: datetime) -> datetime:
        day = t.astimezone(ZoneInfo(self.zone)).date()
        while True:
            s = self.span(day)
            if s and s[0] <= t:
                return min(t, s[1])
            day -= timedelta(days=1)

    def is_open(self, t: datetime) -> bool:
        local = t.astimezone(ZoneInfo(self.zone))
        if local.date() in self.closed or DAYS[local.weekday()] not in self.hours:
            return False
        a, b = self.hours[DAYS[local.weekday()]].split("-")
        minute = local.hour * 60 + local.minute
        ha, hb = (int(x[:2]) * 60 + int(x[3:]) for x in (a, b))
        return ha <= minute <= hb - self.session.total_seconds() / 60

    def search_open(self, t: datetime) -> datetime:
        """The same moment, minute by minute backwards."""
        while not self.is_open(t):
            t -= timedelta(minutes=1)
        return t


# --- one case ---------------------------------------------------------------------------------------------------------


def work(case: dict) -> dict:
    w, h, product = F(case["w"]), F(case["h"]), case["product"]
    site = Site(case.get("site"))
    zone = case["zone"]
    start = datetime.fromisoformat(case["start"]).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end = start + timedelta(hours=672)
    expected: dict[str, str] = {"product-not-approved": "note"}
    left_out = ["outside-label-table"]

    # BSA and dose
    formula = case.get("formula") or site.formula or "mosteller"
    if site.formula is None:
        expected["formula-not-chosen"] = "note"
    elif formula != site.formula:
        expected["formula"] = "justify"
    bsa = {n: f(w, h) for n, f in BSA.items()}
    for n, v in bsa.items():
        close(v, second_bsa(n, w, h), f"bsa {n}")
    names = {"w": exact(w), "h": exact(h), "g": exact(w * 1000)}
    figs_bsa = [
        {
            "path": "bsa.formula",
            "match": "text",
            "value": formula,
            "how": "the --formula, else the site's, else mosteller",
        }
    ]
    for n, v in bsa.items():
        figs_bsa.append(
            {
                "path": "bsa.m2" if n == formula else f"bsa.others.{n}",
                "match": "digits",
                "value": digits(v),
                "how": f"{n}: {BSA_HOW[n].format(**names)} = {short(v)} m2",
            }
        )
    lo, hi = min(bsa, key=bsa.get), max(bsa, key=bsa.get)
    spread = (bsa[hi] - bsa[lo]) / bsa[formula] * 100
    figs_bsa.append(
        {
            "path": None,
            "name": "spread_percent",
            "match": "spread",
            "value": digits(spread),
            "how": f"highest ({hi}) less lowest ({lo}) over the one used: ({short(bsa[hi])} - {short(bsa[lo])}) / {short(bsa[formula])} x 100",
        }
    )
    dose = bsa[formula] * 15
    assert dose < 28
    figs_dose = [
        {"path": "order.weight_kg", "match": "exact", "value": exact(w), "how": f"typed {case['weight']}"},
        {"path": "order.length_cm", "match": "exact", "value": exact(h), "how": f"typed {case['length']}"},
        {
            "path": "daily_dose.micrograms",
            "match": "digits",
            "value": digits(dose),
            "how": f"15 micrograms per m2 per day x {short(bsa[formula])} m2",
        },
        {"path": "daily_dose.capped", "match": "text", "value": False, "how": "below 28 micrograms per day"},
    ]
    if case.get("prescribed"):
        gap = abs(mpf(case["prescribed"]) / dose - 1) * 100
        tier = None if gap <= 2.5 else "note" if gap <= 5 else "justify" if gap <= 10 else "refuse"
        assert tier != "refuse"
        if tier:
            expected["prescription-differs"] = tier
    else:
        expected["prescription-not-compared"] = "note"

    # the bags
    pattern = case["pattern"].split(",")
    bags: list[dict] = []
    at, i = 0, 0
    while at < 672:
        full, _, down = pattern[i % len(pattern)].replace("h", "").partition("@")
        runs = min(int(down or full), 672 - at)
        bags.append(
            {"full": int(full), "runs": runs, "at": at, "kind": f"{full}h" + (f"@{runs}" if runs < int(full) else "")}
        )
        at, i = at + runs, i + 1

    # one recipe for each kind
    recipes, worst_dev = {}, mpf(0)
    for b in bags:
        if b["kind"] in recipes:
            recipes[b["kind"]]["bags"].append(bags.index(b) + 1)
            continue
        full, rate = b["full"], RATES[product][b["full"]]
        preserved = full == 168
        amount, v = dose * full / 24, rate * full
        if preserved:
            s, i_ml, total_fixed = None, F("2.2"), F(110)
            exact_v = amount / q(v) * q(total_fixed) / q(C)
            how_v = f"D / v x T / C = {short(amount)} / {exact(v)} x 110 / 12.5"
        else:
            s, i_ml, total_fixed = F(270), F("5.5"), None
            exact_v = amount * q(s + i_ml) / (q(C * v) - amount)
            how_v = f"D (S + I) / (C v - D) = {short(amount)} x 275.5 / (12.5 x {exact(v)} - {short(amount)})"
            # the other way round: the concentration of the finished bag must be D / v
            close(q(C) * exact_v / (q(s + i_ml) + exact_v), amount / q(v), "concentration of the unrounded bag")
        step = graduation(exact_v, site.two_small)
        drug = to_graduation(exact_v, step)
        assert drug == second_rounding(exact_v, step)
        total = total_fixed or s + i_ml + drug
        conc = C * drug / total
        per_day = conc * rate * 24
        dev = (q(per_day) / dose - 1) * 100
        # deviation by another route: delivered micrograms of the whole bag over D
        close(dev, (q(C * drug * v / total) - amount) / amount * 100, "deviation")
        worst_dev = max(worst_dev, abs(dev))
        assert exact_v >= mpf("0.2") and abs(dev) <= 5, (case["name"], exact_v, dev)
        if exact_v < mpf("0.3"):
            expected["drug-volume-small"] = "justify"
        assert total - PRIME >= rate * b["runs"]
        r = [
            (
                None,
                "to_deliver_full_micrograms",
                "digits",
                digits(amount),
                f"D = {short(dose)} x {full} / 24, over the kind's full {full} h",
            ),
            (None, "delivered_full_ml", "exact", exact(v), f"v = {exact(rate)} mL/h x {full} h"),
            ("rate_ml_per_h", None, "exact", exact(rate), f"{product} {full} h bag"),
            ("stabiliser_ml", None, "exact", exact(i_ml), "product data"),
            ("drug_ml_exact", None, "digits", digits(exact_v), how_v),
            (
                None,
                "graduation_ml",
                "exact",
                exact(step),
                f"{short(exact_v)} mL" + (", two 1 mL syringes allowed" if site.two_small else ""),
            ),
            (
                "drug_ml",
                None,
                "exact",
                exact(drug),
                f"{short(exact_v)} to the nearest {exact(step)}, a tie to the lower",
            ),
            ("total_ml", None, "exact", exact(total), "made up to 110" if preserved else f"270 + 5.5 + {exact(drug)}"),
            ("concentration_ug_per_ml", None, "digits", digits(conc), f"12.5 x {exact(drug)} / {exact(total)}"),
            ("delivered_ug_per_day", None, "digits", digits(per_day), f"{short(conc)} x {exact(rate)} x 24"),
            ("deviation_percent", None, "digits", digits(dev), f"({short(per_day)} / {short(dose)} - 1) x 100"),
            ("preservative", None, "text", preserved, "7-day bag" if preserved else "preservative-free kind"),
        ]
        if not preserved:
            r.insert(3, ("diluent_ml", None, "exact", exact(s), "250 mL bag calculated with 270"))
        recipes[b["kind"]] = {
            "bags": [bags.index(b) + 1],
            "drug": drug,
            "exact": exact_v,
            "total": total,
            "rate": rate,
            "stabiliser": i_ml,
            "preserved": preserved,
            "figures": [
                ({"path": p} if p else {"path": None, "name": n}) | {"match": m, "value": val, "how": how}
                for p, n, m, val, how in r
            ],
        }
    if worst_dev > 1:
        expected["syringe-deviation"] = "note" if worst_dev <= 2.5 else "justify"

    # volumes, times, sessions
    volumes, times, prepared, sessions = [], [], [], []
    off, changes, previous = 0, 0, None
    drawn_all, max_all, vials_all, slack, no_storage = F(0), F(0), 0, None, False
    a, e = (time.fromisoformat(x) for x in site.change.split("-"))
    for n, b in enumerate(bags, 1):
        r = recipes[b["kind"]]
        t0, t1 = start + timedelta(hours=b["at"]), start + timedelta(hours=b["at"] + b["runs"])
        given, primed = r["rate"] * b["runs"], PRIME if n == 1 else 0
        volumes.append(
            {
                "bag": n,
                "delivered_ml": exact(given),
                "primed_ml": exact(primed),
                "discarded_ml": exact(r["total"] - given - primed),
                "how": f"{exact(r['rate'])} x {b['runs']}; {exact(r['total'])} - {exact(given)} - {exact(primed)}",
            }
        )
        changed = previous is not None and r["rate"] != previous
        changes += changed
        previous = r["rate"]
        local = t0.astimezone(ZoneInfo(zone))
        is_off = n > 1 and (not a <= local.time() < e or (site.weekend_off and local.weekday() >= 5))
        off += is_off
        times.append(
            {
                "bag": n,
                "kind": b["kind"],
                "runs_h": exact(b["runs"]),
                "start_utc": z(t0),
                "end_utc": z(t1),
                "start_local": wall(t0, zone),
                "end_local": wall(t1, zone),
                "rate_changed": changed,
                "how": f"{z(start)} + {b['at']} h, + {b['runs']} h; {local.strftime('%a')} at the bed"
                + (", off hours" if is_off else ""),
            }
        )
        wanted = t0 - site.lead
        at_ = site.latest_open(wanted)
        assert at_ == site.search_open(wanted)
        allowed = COLD[product] if product == "eu" else (336 if r["preserved"] else COLD["us"]) - b["runs"]
        within = timedelta(hours=allowed if site.within == "product" else min(site.within, allowed))
        how = (
            "connection less the lead is an open moment"
            if at_ == wanted
            else "latest open moment before connection less the lead"
        )
        if at_ + within < t0:
            how = (
                f"the latest open moment, {say(at_, site.zone)} at the unit, is {(t0 - at_) / timedelta(hours=1):g} h before connection, "
                f"more than {within / timedelta(hours=1):g} h: connection less 2 h, unit closed"
            )
            expected["unit-closed"] = "justify"
            # the brief's 2 h and the site's own lead agree only at the default
            assert site.lead == timedelta(hours=2)
            at_ = wanted
        down = (
            t0 + timedelta(hours=ROOM["eu"])
            if product == "eu"
            else min(
                at_ + timedelta(hours=336 if r["preserved"] else 192),
                t0 + timedelta(hours=168 if r["preserved"] else 48),
            )
        )
        assert t1 <= down and t0 <= at_ + within
        no_storage |= t1 == down
        prepared.append(
            {
                "bag": n,
                "prepared_utc": z(at_),
                "start_by_utc": z(at_ + within),
                "down_by_utc": z(down),
                "prepared_local": wall(at_, site.zone),
                "how": f"{how}; {say(at_, site.zone)} at the unit; start-by + {within / timedelta(hours=1):g} h",
            }
        )
        # a fraction, so that 28 x 0.3 mL is 3 vials and not a hair more
        larger = max(F(mp.nstr(r["exact"], 50)), r["drug"])
        vials = ceil(larger / USABLE)
        assert (vials - 1) * USABLE < larger <= vials * USABLE
        spare, spare2 = vials * USABLE - r["drug"], vials * USABLE - larger
        slack = min(slack, spare2) if slack is not None else spare2
        assert (spare < F("0.1")) == (spare2 < F("0.1"))
        sessions.append(
            {
                "bags": [n],
                "at_utc": z(at_),
                "vials": vials,
                "drawn_ml": exact(r["drug"]),
                "unused_ml": exact(spare),
                "how": f"ceil({short(larger)} / 2.8) = {vials}; {vials} x 2.8 - {exact(r['drug'])}",
            }
        )
        drawn_all, max_all, vials_all = drawn_all + r["drug"], max_all + larger, vials_all + vials
    assert [s["at_utc"] for s in sessions] == sorted(s["at_utc"] for s in sessions)
    if slack < F("0.1"):
        expected["no-vial-slack"] = "note"
    if any(r["preserved"] for r in recipes.values()):
        expected["preserved-infant"] = "justify"
        left_out.append("no-storage-slack")
    elif no_storage:
        expected["no-storage-slack"] = "note"
    if off:
        expected["off-hours"] = "note"
    if changes:
        expected["rate-change"] = "note"
    offsets = {(start + timedelta(hours=k)).astimezone(ZoneInfo(zone)).utcoffset() for k in range(673)}
    unit = {(start + timedelta(hours=k)).astimezone(ZoneInfo(site.zone)).utcoffset() for k in range(673)}
    if len(offsets) > 1:
        expected["clock-change"] = "note"
    elif len(unit) > 1:
        left_out.append("clock-change")
    born, day = date.fromisoformat(case["born"]), datetime.fromisoformat(case["start"]).date()
    if (day - born).days < 28:
        expected["age"] = "justify"
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    assert months < 13

    # exposures of the worst day
    top = max(r["rate"] for r in recipes.values())
    fluid = top * 24 / w
    sodium = fluid * SODIUM
    lysine_by = {k: r["stabiliser"] * LYSINE * r["rate"] * 24 / r["total"] / w for k, r in recipes.items()}
    lysine = max(lysine_by.values())
    chosen = max(lysine_by, key=lysine_by.get)
    r = recipes[chosen]
    poly = r["stabiliser"] * POLYSORBATE * r["rate"] * 24 / r["total"] / w
    assert poly == max(x["stabiliser"] * x["rate"] * 24 / x["total"] / w for x in recipes.values())
    chloride = sodium + lysine / LYSINE_MOLAR
    benzyl = F(90 * 9, 110) * F("0.6") * 24 / w if any(x["preserved"] for x in recipes.values()) else F(0)
    if sodium > 3:
        expected["sodium"] = "justify" if sodium > 5 else "note"
    share = f"{exact(r['rate'])} x 24 / {exact(r['total'])}"
    wt = exact(w)
    figs_exp = [
        {
            "path": "totals.fluid_ml_per_kg_per_day",
            "match": "digits",
            "value": digits(fluid),
            "how": f"{exact(top)} x 24 / {wt}",
        },
        {
            "path": "totals.sodium_mmol_per_kg_per_day",
            "match": "digits",
            "value": digits(sodium),
            "how": f"{short(fluid)} x 0.154, upper",
        },
        {
            "path": "totals.chloride*",
            "match": "digits",
            "value": digits(chloride),
            "how": f"{short(sodium)} + {short(lysine)} / 182.648 mmol/kg/day",
        },
        {
            "path": "totals.lysine*",
            "match": "digits",
            "value": digits(lysine),
            "how": f"{exact(r['stabiliser'])} mL x 228.38 mg/mL x {share} / {wt} mg/kg/day ({chosen} bag)",
        },
        {
            "path": "totals.polysorbate*",
            "match": "digits",
            "value": digits(poly),
            "how": f"{exact(r['stabiliser'])} mL x 1 mg/mL x {share} / {wt} mg/kg/day",
        },
        {
            "path": "totals.benzyl_alcohol_mg_per_kg_per_day",
            "match": "digits",
            "value": digits(benzyl) if benzyl else "0",
            "how": f"90 x 9 / 110 mg/mL x 0.6 x 24 / {wt}" if benzyl else "no preserved bag",
        },
    ]
    figs_tot = [
        {"path": "totals.bags", "match": "text", "value": len(bags), "how": "counted"},
        {
            "path": "totals.rate_changes",
            "match": "text",
            "value": changes,
            "how": "connections after the first at another rate than the bag before",
        },
        {
            "path": "totals.off_hours_changes",
            "match": "text",
            "value": off,
            "how": f"connections after the first outside {site.change}"
            + (", or on a Saturday or Sunday" if site.weekend_off else "")
            + ", at the bed",
        },
    ]
    figs_ses = [
        {"path": "totals.sessions", "match": "text", "value": len(bags), "how": "one for each bag"},
        {"path": "totals.vials", "match": "text", "value": vials_all, "how": "sum over the sessions"},
        {
            "path": "totals.vials_floor",
            "match": "text",
            "value": ceil(max_all / USABLE),
            "how": f"ceil({short(max_all)} / 2.8)",
        },
        {
            "path": "totals.drug_drawn_ml",
            "match": "exact",
            "value": exact(drawn_all),
            "how": "sum of the measured volumes",
        },
    ]
    args = [
        "plan",
        "--weight",
        case["weight"],
        "--length",
        case["length"],
        "--born",
        case["born"],
        "--sex",
        case["sex"],
        "--gestation",
        "term",
        "--measured",
        case["measured"],
        "--start",
        case["start"],
        "--zone",
        zone,
        "--product",
        product,
        "--pattern",
        case["pattern"],
    ]
    if case.get("prescribed"):
        args += ["--prescribed", f"{case['prescribed']} microgram/day"]
    if case.get("formula"):
        args += ["--formula", case["formula"]]
    if case.get("site"):
        args += ["--site", case["site"]]
    for code in sorted(c for c, tier in expected.items() if tier == "justify"):
        args += ["--reason", f"{code}={REASONS[code]}"]
    return {
        "case": case["name"],
        "about": case["about"],
        "worked": "2026-11-22",
        "one_bag_per_session": "by the site file" if case.get("site") else "by the stage of the program",
        "args": [*args, "--json"],
        "exit_status": 0,
        "bsa": figs_bsa,
        "dose": figs_dose,
        "recipes": {k: {"bags": v["bags"], "figures": v["figures"]} for k, v in recipes.items()},
        "volumes": volumes,
        "times": {
            "course": {
                "start_utc": z(start),
                "end_utc": z(end),
                "course_h": "672",
                "how": f"{case['start']} in {zone}; + 672 h",
            },
            "bags": times,
            "totals": figs_tot,
        },
        "sessions": {"bags": prepared, "sessions": sessions, "totals": figs_ses},
        "exposure": figs_exp,
        "findings": {"expected": dict(sorted(expected.items())), "left_out": left_out},
    }


REASONS = {
    "age": "Discussed with the treating team, protocol applies from diagnosis",
    "unit-closed": "On-call aseptic session agreed with the unit",
    "sodium": "Electrolytes daily, other sodium reduced",
    "syringe-deviation": "Accepted by the pharmacist, deviation recorded",
    "drug-volume-small": "Low dead-space 1 mL syringe, second person reads the volume",
    "formula": "The treating protocol names this formula",
    "prescription-differs": "Prescriber rounded, confirmed by telephone",
    "preserved-infant": "No aseptic session within reach, agreed with the treating team",
}

# name: weight as typed, kg, length as typed, cm, sex, age in days on the day of measuring
INFANTS = {
    "a-2.5kg": ("2.5 kg", "2.5", "47 cm", "47", "female", 4),
    "b-3.3kg": ("3300 g", "3.3", "50.5 cm", "50.5", "female", 31),
    "c-4.05kg": ("4.05 kg", "4.05", "538 mm", "53.8", "male", 40),
    "d-4.6kg": ("4,6 kg", "4.6", "56 cm", "56", "female", 64),
    "e-5.35kg": ("5.35 kg", "5.35", "58.5 cm", "58.5", "male", 75),
    "f-5.9kg": ("5.9 kg", "5.9", "0.61 m", "61", "female", 110),
    "g-6.42kg": ("6.42 kg", "6.42", "63.5 cm", "63.5", "female", 155),
    "h-7.1kg": ("7.1 kg", "7.1", "66 cm", "66", "male", 170),
    "i-7.85kg": ("7850 g", "7.85", "68,5 cm", "68.5", "female", 240),
    "j-8.6kg": ("8.6 kg", "8.6", "71.5 cm", "71.5", "male", 265),
    "k-9.4kg": ("9.4 kg", "9.4", "74 cm", "74", "female", 320),
    "l-10.2kg": ("10.2 kg", "10.2", "770 mm", "77", "male", 350),
    "m-11kg": ("11 kg", "11", "80 cm", "80", "male", 380),
}

ONE, AMS = "sites/one-bag.toml", "Europe/Amsterdam"
# infant, product, start, zone, pattern, measured so many days before, more, about
PLANS = [
    (
        "a-2.5kg",
        "eu",
        "2026-11-23T14:00",
        AMS,
        "72h,96h",
        0,
        {},
        "newborn, alternation on Mondays and Thursdays: no change off hours",
    ),
    (
        "a-2.5kg",
        "us",
        "2026-10-20T15:00",
        "America/New_York",
        "48h",
        0,
        {"site": "sites/new-york.toml"},
        "newborn, clocks go back in New York",
    ),
    (
        "b-3.3kg",
        "eu",
        "2026-10-12T13:00",
        AMS,
        "24h",
        1,
        {"site": ONE},
        "24 h bags in a small infant: sodium and a small drug volume; clocks go back",
    ),
    (
        "b-3.3kg",
        "us",
        "2026-12-01T11:00",
        "America/Chicago",
        "48h@24,48h",
        0,
        {},
        "bed in Chicago, unit by default in Amsterdam",
    ),
    (
        "c-4.05kg",
        "eu",
        "2027-03-15T13:00",
        AMS,
        "96h@72,96h",
        0,
        {"site": "sites/product-limit.toml"},
        "clocks go forward, one closed day, product limit",
    ),
    ("c-4.05kg", "us", "2027-03-16T10:30", AMS, "48h", 2, {}, "us product in Amsterdam, clocks go forward"),
    (
        "d-4.6kg",
        "eu",
        "2027-03-15T13:00",
        "Australia/Sydney",
        "72h,96h",
        0,
        {"site": "sites/sydney-haycock.toml"},
        "clocks go back in Sydney, Haycock",
    ),
    (
        "d-4.6kg",
        "us",
        "2026-11-03T09:00",
        "America/New_York",
        "24h",
        0,
        {"site": "sites/new-york.toml"},
        "starts two days after the clock change: none inside",
    ),
    (
        "e-5.35kg",
        "eu",
        "2026-10-19T18:30",
        AMS,
        "72h,96h",
        1,
        {"site": ONE},
        "changes at 18:30, 17:30 after the clock change",
    ),
    (
        "e-5.35kg",
        "us",
        "2026-10-19T12:00",
        "America/New_York",
        "48h,24h",
        0,
        {},
        "unit by default in Amsterdam, both zones change on different days",
    ),
    (
        "f-5.9kg",
        "eu",
        "2027-03-15T18:30",
        "Europe/London",
        "96h",
        0,
        {"site": "sites/two-small-syringes.toml"},
        "two small syringes; 18:30 becomes 19:30, off hours",
    ),
    (
        "f-5.9kg",
        "us",
        "2026-11-23T14:00",
        AMS,
        "48h@24,48h",
        0,
        {"site": ONE, "prescribed": "4.92"},
        "prescriber's dose between 2.5 and 5 percent off: a note",
    ),
    (
        "g-6.42kg",
        "eu",
        "2026-11-23T14:00",
        AMS,
        "96h@72,96h",
        1,
        {"prescribed": "5.05"},
        "the example infant; prescriber's dose within 2.5 percent: silent",
    ),
    (
        "g-6.42kg",
        "us",
        "2027-01-11T10:00",
        "America/Chicago",
        "168h",
        0,
        {"site": "sites/preserved.toml"},
        "four preserved 7-day bags",
    ),
    (
        "h-7.1kg",
        "eu",
        "2027-03-22T13:00",
        "Pacific/Auckland",
        "72h,96h",
        0,
        {"site": "sites/long-lead.toml"},
        "lead of four hours, Boyd; clocks go back in Auckland",
    ),
    (
        "h-7.1kg",
        "us",
        "2026-10-21T10:00",
        "America/New_York",
        "48h",
        0,
        {"site": "sites/new-york.toml", "formula": "haycock"},
        "another formula than the site's",
    ),
    (
        "i-7.85kg",
        "eu",
        "2026-09-28T11:00",
        "Australia/Lord_Howe",
        "96h",
        0,
        {"site": ONE},
        "half an hour's clock change; unit in Amsterdam",
    ),
    (
        "i-7.85kg",
        "us",
        "2026-11-30T13:00",
        "Asia/Kathmandu",
        "48h",
        0,
        {"formula": "gehan-george"},
        "offset +05:45, no clock change; formula named, none chosen by a site",
    ),
    ("j-8.6kg", "eu", "2026-11-26T16:00", AMS, "48h", 3, {"site": ONE}, "a Saturday change exactly at its start-by"),
    ("j-8.6kg", "us", "2026-11-24T09:15", "America/St_Johns", "24h", 0, {}, "offset -03:30, 24 h bags"),
    (
        "k-9.4kg",
        "eu",
        "2026-10-13T10:00",
        AMS,
        "72h",
        0,
        {"site": ONE, "prescribed": "6.2"},
        "nine 72 h bags and a tenth taken down after 24 h; prescriber's dose 5 to 10 percent off: a reason",
    ),
    (
        "k-9.4kg",
        "us",
        "2026-10-26T11:30",
        "America/New_York",
        "48h,48h@24",
        0,
        {"site": "sites/new-york.toml"},
        "alternating bags, clocks go back",
    ),
    (
        "l-10.2kg",
        "eu",
        "2027-03-22T10:30",
        "America/Santiago",
        "96h,48h",
        0,
        {"site": "sites/product-limit.toml"},
        "bed in Santiago, unit in Amsterdam, both clocks change, in opposite directions; two rates",
    ),
    (
        "l-10.2kg",
        "us",
        "2027-02-22T12:00",
        "America/New_York",
        "48h",
        0,
        {"site": "sites/new-york.toml"},
        "clocks go forward in New York",
    ),
    (
        "m-11kg",
        "eu",
        "2027-03-24T08:30",
        "Africa/Casablanca",
        "72h,96h",
        0,
        {},
        "bed in Casablanca, unit in Amsterdam whose clocks change",
    ),
    (
        "m-11kg",
        "us",
        "2027-03-30T15:00",
        "Australia/Sydney",
        "24h",
        0,
        {},
        "bed in Sydney, unit by default in Amsterdam",
    ),
    (
        "m-11kg",
        "us",
        "2027-01-12T09:00",
        "America/Chicago",
        "168h",
        0,
        {"site": "sites/preserved.toml"},
        "preserved bags, two vials each",
    ),
    (
        "k-9.4kg",
        "eu",
        "2027-03-22T12:00",
        "Europe/London",
        "96h@72,96h",
        0,
        {"site": "sites/two-small-syringes.toml", "prescribed": "7.2", "formula": "bnfc"},
        "the BNFc formula, not the site's; exact volumes above 2 mL; prescriber's dose within 2.5 percent: silent",
    ),
]


def main(out: Path) -> None:
    out.mkdir(exist_ok=True)
    for infant, product, start, zone, pattern, before, more, about in PLANS:
        weight, w, length, h, sex, age = INFANTS[infant]
        measured = datetime.fromisoformat(start).date() - timedelta(days=before)
        name = f"{infant}-{product}-{pattern.replace(',', '-').replace('@', 'at')}"
        case = {
            "name": name,
            "about": about,
            "weight": weight,
            "w": w,
            "length": length,
            "h": h,
            "sex": sex,
            "measured": measured.isoformat(),
            "born": (measured - timedelta(days=age)).isoformat(),
            "start": start,
            "zone": zone,
            "product": product,
            "pattern": pattern,
            **more,
        }
        path = out / f"{name}.json"
        if path.exists():
            sys.exit(f"{path.name} stands already: worked cases are never regenerated")
        made = work(case)
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
        print(
            f"{name:32}",
            ", ".join(
                f"{c}:{t}" for c, t in made["findings"]["expected"].items() if c not in ("product-not-approved",)
            ),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
