"""All packages, one after another, each proved where it is installed."""

import shutil
import time
from collections.abc import Callable

import make_deb
import make_frozen
import make_sbom
import make_source
import make_wheel
from workshop import DIST


def main() -> None:
    """Build and prove."""
    make_deb.debian(*make_deb.TOOLS, *make_deb.LIBRARIES)  # what is missing is said before the work, not after
    shutil.rmtree(DIST, ignore_errors=True)  # what lies there at the end was made now
    steps: dict[str, Callable[[], object]] = {
        "wheel": make_wheel.main,
        "frozen program": make_frozen.main,
        "Debian package": make_deb.finish,
        "bill of materials": make_sbom.main,
        "source archive and checksums": make_source.main,
    }
    for name, step in steps.items():
        print(f"== {name}", flush=True)
        began = time.perf_counter()
        step()
        print(f"   {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
