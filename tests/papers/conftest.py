"""The orders of the course's tests are printed here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "course"))
