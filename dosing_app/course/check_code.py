"""Eight characters that two papers of the same plan share."""

import hashlib
import json
from typing import Any

# Sixteen signs that neither look nor sound alike when read over a telephone.
_SIGNS = "23456789CFHKMRWX"
_LENGTH = 8
# Names, free text and the program's version; how product, protocol and pattern were spelled, which stand in the plan as
# product data version, doses and bags; and the table of kinds, which the plan does not follow from.
_LEFT_OUT = {"case", "reason", "reasons", "message", "check_code", "program", "kinds", "product", "protocol", "pattern"}


def check_code(plan: dict[str, Any]) -> str:
    """The check code of a plan's JSON: over all of it less names, free text and the program's version."""
    canonical = json.dumps(_without_free_text(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return "".join(_SIGNS[int(digit, 16)] for digit in digest[:_LENGTH])


def _without_free_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_free_text(each) for key, each in value.items() if key not in _LEFT_OUT}
    if isinstance(value, list):
        return [_without_free_text(each) for each in value]
    return value
