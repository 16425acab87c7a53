"""The orders of the course's tests are read and said here as well, and their papers in every language."""

import sys
from pathlib import Path

for folder in ("course", "papers"):
    sys.path.insert(0, str(Path(__file__).parent.parent / folder))
