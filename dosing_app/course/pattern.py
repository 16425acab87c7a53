"""Patterns: the sequence of bag durations, repeated until the course is covered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dosing_app.core.quantities import BLANKS, LONGEST_TEXT, Refused
from dosing_app.reference.product import Product

AUTO = "auto"
_PIECE = re.compile(r"([A-Za-z0-9-]{1,20})(?:@([1-9][0-9]{0,2})h?)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A bag kind and the hours it runs: its full duration, or fewer where it is taken down early."""

    kind: str
    hours: int
    full: bool

    def __str__(self) -> str:
        """As a pattern writes it: "96h", or "96h@72" where it is taken down early."""
        return self.kind if self.full else f"{self.kind}@{self.hours}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece placed in the course, in hours from its start, within one phase of the protocol."""

    piece: Piece
    start_h: int
    phase: int

    @property
    def end_h(self) -> int:
        """Where it ends, in hours from the start of the course."""
        return self.start_h + self.piece.hours


def read_pattern(text: str, product: Product) -> tuple[Piece, ...]:
    """The pieces of "96h", "72h,96h" or "96h@72,96h".

    Raises:
        Refused: missing, too-long, pattern-form, no-such-kind, early-take-down.
    """
    seen = text.strip(BLANKS)
    if not seen:
        raise Refused("missing", seen)
    if len(seen) > LONGEST_TEXT * 4:
        raise Refused("too-long", seen, longest=LONGEST_TEXT * 4)
    return tuple(_read_piece(part.strip(BLANKS), seen, product) for part in seen.split(","))


def _read_piece(part: str, seen: str, product: Product) -> Piece:
    match = _PIECE.fullmatch(part)
    if match is None:
        raise Refused("pattern-form", seen, piece=part[:40])
    kind = product.kinds.get(match[1])
    if kind is None:
        raise Refused("no-such-kind", seen, piece=match[1], kinds=", ".join(product.kinds))
    hours = int(match[2]) if match[2] else kind.hours
    if hours > kind.hours:
        raise Refused("early-take-down", seen, piece=part, longest=kind.hours)
    return Piece(kind.name, hours, hours == kind.hours)


def pattern_text(pieces: Sequence[Piece]) -> str:
    """A pattern as it is typed: the shortest one that repeats to these pieces."""
    length = next(
        length
        for length in range(1, len(pieces) + 1)
        if all(piece == pieces[index % length] for index, piece in enumerate(pieces))
    )
    return ",".join(str(piece) for piece in pieces[:length])


def tile(pattern: Sequence[Piece], phase_hours: Sequence[int]) -> list[Stretch]:
    """The pattern repeated over the course without gap or overlap.

    The last bag is taken down early if less is left; so is the last bag of a phase, since the next phase has another
    dose.
    """
    stretches: list[Stretch] = []
    at = 0
    for phase, hours in enumerate(phase_hours):
        end = at + hours
        while at < end:
            piece = pattern[len(stretches) % len(pattern)]
            if at + piece.hours > end:
                piece = Piece(piece.kind, end - at, full=False)
            stretches.append(Stretch(piece, at, phase))
            at += piece.hours
    return stretches
