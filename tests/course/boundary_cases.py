"""Each finding at its boundary: exactly at the limit and just beyond."""

from course_cases import SIX, THREE, made_up_file, product_file

MOSTELLER = 'formula = "mosteller"'
PRESERVED = "preserved_bags = true"
SEVEN = {"product": "us", "pattern": "168h"}
WANTED = 'weekend_changes = "wanted"'
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = "start_within_h = 2\n[preparation_hours]\n" + "\n".join(f'{day} = "08:00-17:30"' for day in DAYS)
SMALL = {**THREE, "pattern": "24h"}


_PRESCRIPTION = (("note", 1), ("justify", 2), ("refuse", 4))
STRICT = "\n".join(["[thresholds]", *(f"prescription_{tier}_percent = {limit}" for tier, limit in _PRESCRIPTION)])
SODIUM = "[thresholds]\nsodium_note_mmol_per_kg_per_day = 2\nsodium_justify_mmol_per_kg_per_day = 2.5"


def syringe(step: str) -> str:
    return f'[syringes]\n"1" = "{step}"\n"60" = "1"'


MADE_UP = {**THREE, "pattern": "24h", "product": made_up_file("400 mL")}  # takes 0.4 mL exactly


def thick(diluent: str) -> dict[str, str]:
    """3 micrograms in a 24 h bag with so much saline."""
    return {
        **SMALL,
        "product": product_file(
            "eu",
            ('diluent = { value = "270 mL"', f'diluent = {{ value = "{diluent} mL"'),
            ('calculate_with = { value = "270 mL"', f'calculate_with = {{ value = "{diluent} mL"'),
            ('fill_from = { value = "265 mL"', 'fill_from = { value = "150 mL"'),
            ('fill_to = { value = "275 mL"', 'fill_to = { value = "400 mL"'),
        ),
    }


# code, tier (None: not raised), site lines, texts
ROWS: list[tuple[str, str | None, str, dict[str, str]]] = [
    ("envelope", None, "", {"weight": "1 kg"}),
    ("envelope", "refuse", "", {"weight": "0.9999 kg"}),
    ("envelope", None, "", {"weight": "20 kg"}),
    ("envelope", "refuse", "", {"weight": "20.0001 kg"}),
    ("envelope", None, "", {"length": "35 cm"}),
    ("envelope", "refuse", "", {"length": "34.99 cm"}),
    ("envelope", None, "", {"length": "100 cm"}),
    ("envelope", "refuse", "", {"length": "100.1 cm"}),
    ("envelope", "refuse", "", {"weight": "0 kg"}),
    ("envelope", "refuse", "", {"second_weight": "0.5 kg"}),
    ("envelope", "refuse", "", {"second_length": "5 cm"}),
    ("envelope", "refuse", "", {"previous_weight": "61 kg@2026-11-15"}),
    ("envelope", "refuse", "", {"prescribed": "5050 microgram/day"}),
    # above 24 months refuse, below 28 days or above 13 months justify; age at the start
    ("age-scope", None, "", {"born": "2024-11-23"}),
    ("age-scope", "refuse", "", {"born": "2024-11-22"}),
    ("age", "justify", "", {"born": "2024-11-23"}),
    ("age", None, "", {"born": "2025-10-23"}),
    ("age", "justify", "", {"born": "2025-10-22"}),
    ("age", None, "", {"born": "2026-10-26"}),
    ("age", "justify", "", {"born": "2026-10-27"}),
    ("age", "justify", "", {"born": "2026-11-23"}),
    # the day at the bed counts, not the day in UTC
    ("age", None, "", {"born": "2026-10-26", "start": "2026-11-23T00:30", "zone": "Asia/Tokyo"}),
    (
        "age",
        "justify",
        "",
        {"born": "2026-10-26", "start": "2026-11-22T23:30", "zone": "America/New_York", "measured": "2026-11-20"},
    ),
    # measured 7 days before, 3 below 90 days of age
    ("measurement-age", None, "", {"measured": "2026-11-16"}),
    ("measurement-age", "justify", "", {"measured": "2026-11-15"}),
    ("measurement-age", None, "", {"born": "2026-08-26", "measured": "2026-11-20"}),
    ("measurement-age", "justify", "", {"born": "2026-08-26", "measured": "2026-11-19"}),  # 89 days old
    ("measurement-age", None, "", {"born": "2026-08-25", "measured": "2026-11-19"}),  # 90 days old
    ("measurement-age", None, "[thresholds]\nmeasurement_age_days = 20", {"measured": "2026-11-03"}),
    ("measurement-age", "justify", "[thresholds]\nmeasurement_age_days = 5", {"measured": "2026-11-17"}),
    (
        "measurement-age",
        "justify",
        "[thresholds]\nmeasurement_age_days_below_90_days = 1",
        {"born": "2026-08-26", "measured": "2026-11-21"},
    ),
    ("measured-unknown", "note", "", {"measured": ""}),
    ("measured-unknown", None, "", {}),
    ("dates", "refuse", "", {"born": "2026-11-24", "measured": ""}),
    ("dates", None, "", {"born": "2026-11-23"}),
    ("dates", "refuse", "", {"measured": "2026-11-24"}),
    ("dates", "refuse", "", {"measured": "2026-06-19"}),
    ("dates", None, "", {"measured": "2026-06-20"}),
    ("dates", "refuse", "", {"previous_weight": "6.1 kg@2026-06-19"}),
    ("dates", "refuse", "", {"previous_weight": "6.1 kg@2026-11-24"}),
    ("dates", None, "", {"previous_weight": "6.1 kg@2026-11-15"}),
    ("dates", "refuse", "", {"start": "2026-03-29T02:30", "born": "2025-12-01", "measured": ""}),
    ("dates", "refuse", "", {"start": "2026-10-25T02:30", "measured": ""}),
    ("dates", None, "", {"start": "2026-10-25T02:30+01:00", "measured": ""}),
    # a prescriber's dose against 6 micrograms: <= 2.5 % silent, <= 5 % note, <= 10 % justify, beyond refuse
    ("prescription-differs", None, "", {**SIX, "prescribed": "6 microgram/day"}),
    ("prescription-differs", None, "", {**SIX, "prescribed": "6.15 microgram/day"}),
    ("prescription-differs", "note", "", {**SIX, "prescribed": "6.1501 microgram/day"}),
    ("prescription-differs", None, "", {**SIX, "prescribed": "5.85 microgram/day"}),
    ("prescription-differs", "note", "", {**SIX, "prescribed": "5.8499 microgram/day"}),
    ("prescription-differs", "note", "", {**SIX, "prescribed": "6.3 microgram/day"}),
    ("prescription-differs", "justify", "", {**SIX, "prescribed": "6.3001 microgram/day"}),
    ("prescription-differs", "note", "", {**SIX, "prescribed": "5.7 microgram/day"}),
    ("prescription-differs", "justify", "", {**SIX, "prescribed": "5.6999 microgram/day"}),
    ("prescription-differs", "justify", "", {**SIX, "prescribed": "6.6 microgram/day"}),
    ("prescription-differs", "refuse", "", {**SIX, "prescribed": "6.6001 microgram/day"}),
    ("prescription-differs", "justify", "", {**SIX, "prescribed": "0.0054 mg/day"}),
    ("prescription-differs", "refuse", "", {**SIX, "prescribed": "5.3999 microgram/day"}),
    (
        "prescription-differs",
        "refuse",
        STRICT,
        {**SIX, "prescribed": "6.27 microgram/day"},
    ),
    ("prescription-not-compared", "note", "", {}),
    ("prescription-not-compared", None, "", {**SIX, "prescribed": "6 microgram/day"}),
    ("gestation-unknown", "note", "", {"gestation": ""}),
    ("gestation-unknown", None, "", {"gestation": "34w2d"}),
    ("formula-not-chosen", "note", "", {"formula": "haycock"}),
    ("formula-not-chosen", None, MOSTELLER, {}),
    ("formula", None, MOSTELLER, {}),
    ("formula", None, MOSTELLER, {"formula": "mosteller"}),
    ("formula", "justify", MOSTELLER, {"formula": "haycock"}),
    ("formula", "justify", 'formula = "haycock"', {"formula": "mosteller"}),
    ("formula", None, "", {"formula": "haycock"}),
    ("product-not-approved", "note", "", {}),
    ("reason-unused", "note", "", {"reason_age": "none needed"}),
    ("reason-unused", None, "", {"born": "2025-10-22", "reason_age": "late presentation"}),
    # bag kinds
    ("below-minimum-weight", None, PRESERVED, {**SEVEN, "weight": "5.4 kg"}),
    ("below-minimum-weight", "refuse", PRESERVED, {**SEVEN, "weight": "5.3999 kg"}),
    ("below-minimum-weight", None, PRESERVED, {"product": "us", "pattern": "48h", "weight": "5 kg"}),
    ("composition-unknown", "refuse", PRESERVED, {"product": "us", "pattern": "72h"}),
    ("composition-unknown", "refuse", PRESERVED, {"product": "us", "pattern": "48h,96h"}),
    ("composition-unknown", None, PRESERVED, {"product": "us", "pattern": "48h"}),
    ("preserved-infant", "refuse", "", SEVEN),
    ("preserved-infant", "justify", PRESERVED, SEVEN),
    ("preserved-infant", None, PRESERVED, {"product": "us", "pattern": "48h"}),
    ("preserved-infant", "justify", PRESERVED, {**SEVEN, "gestation": "34w0d", "born": "2026-09-14"}),  # 44 weeks
    ("preserved-infant", "refuse", PRESERVED, {**SEVEN, "gestation": "34w0d", "born": "2026-09-15"}),
    ("preserved-infant", "justify", PRESERVED, {**SEVEN, "gestation": "", "born": "2026-09-23"}),  # two months
    ("preserved-infant", "refuse", PRESERVED, {**SEVEN, "gestation": "", "born": "2026-09-24"}),
    # V = 3 B / (3000 - 3): 0.3 and 0.2 mL to the last digit with 299.7 and 199.8 mL in the bag
    ("drug-volume-small", None, "", thick("294.2")),
    ("drug-volume-small", "justify", "", thick("294.1")),
    ("drug-volume-small", "justify", "", thick("194.3")),
    ("drug-volume-small", "refuse", "", thick("194.2")),
    ("rate-not-a-step", None, "", {"pattern": "72h"}),
    ("rate-not-a-step", "refuse", '[pump]\nstep_ml_per_h = "0.5"', {"pattern": "72h"}),
    ("rate-not-a-step", None, '[pump]\nstep_ml_per_h = "0.5"', {"pattern": "96h"}),
    # 244.75 mL and 0.24 mL drug: 244.99 mL hold the 240 mL of the infusion and 4.99 mL for the line
    ("ledger", None, "prime_ml = 4.99", thick("239.25")),
    ("ledger", "refuse", "prime_ml = 5", thick("239.25")),
    ("ledger", "refuse", '[syringes]\n"0.2" = "0.01"', SMALL),  # no syringe is large enough
    ("syringe-deviation", None, syringe("0.101"), MADE_UP),  # 0.404 of 0.4 mL
    ("syringe-deviation", None, syringe("0.099"), MADE_UP),  # 0.396
    ("syringe-deviation", "note", syringe("0.10101"), MADE_UP),
    ("syringe-deviation", "note", syringe("0.0989"), MADE_UP),
    ("syringe-deviation", "note", syringe("0.082"), MADE_UP),  # 0.41
    ("syringe-deviation", "justify", syringe("0.08201"), MADE_UP),
    ("syringe-deviation", "justify", syringe("0.084"), MADE_UP),  # 0.42
    ("syringe-deviation", "refuse", syringe("0.08401"), MADE_UP),
    # 96 h bag: 60 mL a day with 9.24 mmol
    ("sodium", None, "", {"weight": "3.08 kg"}),
    ("sodium", "note", "", {"weight": "3.0799 kg"}),
    ("sodium", "note", "", {"weight": "1.848 kg"}),
    ("sodium", "justify", "", {"weight": "1.8479 kg"}),
    ("sodium", "justify", SODIUM, {"weight": "3.08 kg"}),
    # the unit makes bags from 08:00 to 16:00, and connects them two hours later
    ("unit-closed", None, EVERY_DAY, {"start": "2026-11-23T10:00"}),
    ("unit-closed", "justify", EVERY_DAY, {"start": "2026-11-23T09:59"}),
    ("unit-closed", None, EVERY_DAY, {"start": "2026-11-23T18:00"}),
    ("unit-closed", "justify", EVERY_DAY, {"start": "2026-11-23T18:01"}),
    ("unit-closed", "justify", "", {}),  # a bag is due on a Sunday
    ("no-plan", None, "start_within_h = 2", {}),
    ("no-plan", "refuse", "start_within_h = 1.9", {}),
    (
        "no-plan",
        "refuse",
        "",
        {"product": product_file("eu", ('at_room = { value = "96 h"', 'at_room = { value = "95 h"'))},
    ),
    # plans
    ("rate-change", None, "", {"pattern": "96h@72,96h"}),
    ("rate-change", "note", "", {"pattern": "72h,96h"}),
    ("clock-change", None, "", {}),
    ("clock-change", "note", "", {"start": "2026-10-12T14:00", "measured": ""}),
    ("off-hours", None, WANTED, {"start": "2026-11-23T07:00"}),
    ("off-hours", "note", WANTED, {"start": "2026-11-23T06:59"}),
    ("off-hours", None, WANTED, {"start": "2026-11-23T18:59"}),
    ("off-hours", "note", WANTED, {"start": "2026-11-23T19:00"}),
    ("off-hours", "note", "", {"start": "2026-11-23T14:00"}),  # 96 h later and later: weekends are met
    (
        "no-vial-slack",
        None,
        "",
        {**SIX, "pattern": "24h", "product": made_up_file("337.5 mL", "2.5 mL/h")},
    ),
    ("no-vial-slack", "note", "", {**SIX, "pattern": "24h", "product": made_up_file("337.6 mL", "2.5 mL/h")}),
    ("no-storage-slack", "note", "", {"pattern": "96h"}),
    ("no-storage-slack", None, "", {"pattern": "96h@72"}),
    ("no-storage-slack", None, "", {"pattern": "72h"}),
    ("no-storage-slack", "note", "", {"product": "us", "pattern": "48h"}),
    ("no-storage-slack", None, "", {"product": "us", "pattern": "48h@24"}),
    ("unreadable", "refuse", "", {"weight": "6.42"}),
    ("unreadable", "refuse", "", {"weight": ""}),
    ("unreadable", "refuse", "", {"sex": "F"}),
    ("unreadable", "refuse", "", {"gestation": "34w7d"}),
    ("unreadable", "refuse", "", {"gestation": "21w6d"}),
    ("unreadable", None, "", {"gestation": "22w0d"}),
    ("unreadable", "refuse", "", {"pattern": "97h"}),
    ("unreadable", "refuse", "", {"pattern": "96h@97"}),
    ("unreadable", "refuse", "", {"product": "uk"}),
    ("unreadable", "refuse", "", {"protocol": "./missing.toml"}),
    ("unreadable", "refuse", "", {"formula": "du-bois"}),
    ("unreadable", "refuse", "", {"zone": "Europe/Atlantis"}),
    ("unreadable", "refuse", "", {"previous_weight": "6.1 kg"}),
    ("unreadable", "refuse", "", {"case": "x" * 61}),
    ("unreadable", "refuse", "", {"case": "a\x00b"}),
    ("unreadable", "refuse", "", {"case": "a\u202eb"}),
    ("unreadable", "refuse", "", {"reason_age": "x" * 2001}),
    ("unreadable", None, "", {"case": "x" * 60}),
]
