"""Eight characters that two papers of the same plan share."""

import hashlib
import json
from typing import Any

# Sixteen signs that neither look nor sound alike when read over a telephone.
_SIGNS = "23456789CFHKMRWX"
_LENGTH = 8
# Left out: the table of kinds, which the plan does not follow from; names and free text; and how product, protocol and
# pattern were spelled, which stand in the plan as product data version, doses and bags.
_DERIVED = {"kinds", "pattern", "check_code", "long_gaps", "error_budget", "issue"}
_SPELLING = {"case", "reasons", "product", "protocol", "pattern", "sessions"}
_FREE_TEXT = {"reason", "message"}


def check_code(plan: dict[str, Any]) -> str:
    """The check code of a plan's JSON: over all of it less names, free text and the program's version."""
    canonical = {key: value for key, value in plan.items() if key not in _DERIVED}
    canonical["order"] = {key: value for key, value in plan["order"].items() if key not in _SPELLING}
    canonical["versions"] = {key: value for key, value in plan["versions"].items() if key != "program"}
    canonical["findings"] = [
        {key: value for key, value in each.items() if key not in _FREE_TEXT} for each in plan["findings"]
    ]
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "".join(_SIGNS[int(digit, 16)] for digit in digest[:_LENGTH])
