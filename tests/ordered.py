"""The order of the tests that issue a plan: complete but for its pattern and the reasons that this asks for."""

ORDER = {
    "case": "A-17",
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2026-11-23",
    "prescribed": "5.05 microgram/day",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "product": "eu",
    "formula": "mosteller",
}
