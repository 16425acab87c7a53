"""What each peer answers to the cases on its standard input, as JSON. Runs in the peers' own environment."""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

# What a library says on purpose; anything else that ends a call is a crash.
OWN_WORDS = ("invalid input", "outside", "not found", "must", "should")


def clincalc(case: dict[str, Any]) -> str:
    """The calculator of body-surface area."""
    import clincalc as peer

    answer = peer.calculate("body_surface_area", {"weight_kg": case["weight"], "height_cm": case["length"]})
    return f"{answer['result']} m²"


def health_bsa(case: dict[str, Any]) -> str:
    """The function by the formula of Mosteller."""
    from health_bsa import BSA

    return f"{BSA(case['weight'], case['length'], 'Mosteller')} m²"


def drugdose(case: dict[str, Any]) -> str:
    """An infusion of the drug at a rate in micrograms per hour."""
    from drugdose import Patient, calculate_drip

    infant = Patient(weight_kg=case["weight"], height_cm=case["length"], age_years=case["age_years"])
    try:
        answer = calculate_drip("blinatumomab", infant, 0.2, "mcg/hr", concentration_mg_ml=0.0001)
    except LookupError as error:
        return f"infant accepted; {error}"
    except Exception as error:
        if "not found" not in str(error):
            raise
        return "infant accepted; does not know the drug"
    return f"{answer.rate_ml_per_hr} mL/h"


PEERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "clincalc": clincalc,
    "health-bsa": health_bsa,
    "drugdose": drugdose,
}


def answer(peer: Callable[[dict[str, Any]], str], case: dict[str, Any]) -> dict[str, str]:
    """What comes back: a number, a refusal in the library's own words, or a crash."""
    try:
        said = peer(case)
    except Exception as error:  # noqa: BLE001 - whatever comes out of it is its answer
        own = any(word in str(error) for word in OWN_WORDS) and not isinstance(error, TypeError)
        return {"kind": "refused", "said": str(error)} if own else {"kind": "crash", "said": repr(error)}
    return {"kind": "number" if said.endswith(("m²", "mL/h")) else "none", "said": said}


def main() -> None:
    """Every case by every peer."""
    cases = json.load(sys.stdin)
    found = {name: [answer(peer, case) for case in cases] for name, peer in PEERS.items()}
    print(json.dumps({"versions": {name: version(name) for name in PEERS}, "answers": found}))


if __name__ == "__main__":
    main()
