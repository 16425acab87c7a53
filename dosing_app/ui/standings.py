"""The moment that the window writes on papers and into records."""

from whenever import Instant


def now() -> Instant:
    """This moment, in whole seconds: as papers and records write it."""
    return Instant.now().round("second", mode="floor")
