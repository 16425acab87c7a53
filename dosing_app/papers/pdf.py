"""Draws a composed paper: as PDF for keeping and printing, as pictures of the same pages for the screen.

Texts reach the drawing as data, never as its language. Only the bundled fonts are used; a character that they lack
is an error, since a paper with a hole in a name or a number must not be printed.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import typst
from whenever import Instant

from dosing_app.reference.folder import resources_folder
from dosing_app.wording.language import _, spoken

# One file that is readable aloud, keeps its text, and can be archived.
_STANDARDS: Any = ["a-2a", "ua-1"]
_NOT_IN_FONT = re.compile(r"the text `\"(.*?)\"` could not be displayed with font")
_DOES_NOT_FIT = "does-not-fit"


class NotDrawn(Exception):
    """A paper that cannot be drawn: `reason` is "character" (`seen` is the text), "does-not-fit" or "drawing"."""

    def __init__(self, reason: str, seen: str) -> None:
        """Keep why, and what was seen."""
        super().__init__(reason, seen)
        self.reason = reason
        self.seen = seen

    @property
    def sentence(self) -> str:
        """What was seen, and what to do."""
        if self.reason == "character":
            return _(
                "The font of the papers has no sign for “{seen}”. Write that name or text in other letters."
            ).format(seen=self.seen)
        if self.reason == _DOES_NOT_FIT:
            return _("{paper}: the texts do not fit. Shorten names or case, or choose a larger label.").format(
                paper=self.seen
            )
        return _("The paper cannot be drawn: {seen}. Report this.").format(seen=self.seen)


@dataclass(frozen=True, slots=True)
class Document:
    """A composed paper: texts by their places in a template, and nothing that is still to be worked out."""

    template: str
    title: str
    made: Instant  # stands in the file as its date: never the clock's, so that a plan's papers do not change
    content: dict[str, Any]


def draw(document: Document) -> bytes:
    """The paper as PDF: tagged, with its fonts in it, the same bytes for the same document.

    Raises:
        NotDrawn: a character that the bundled fonts lack, or a text that does not fit its label.
    """
    compiler, inputs = _ready(document)
    pages = _run(compiler, inputs, document, format="pdf", pdf_standards=_STANDARDS)
    assert isinstance(pages, bytes)
    return pages


def pictures(document: Document, ppi: float) -> list[bytes]:
    """The pages as PNG pictures, drawn from the same source as the PDF. Raises `NotDrawn` as `draw` does."""
    compiler, inputs = _ready(document)
    _run(compiler, inputs, document, format="pdf", pdf_standards=_STANDARDS)  # which sees a missing character
    pages = _run(compiler, inputs, document, format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages)


def _ready(document: Document) -> tuple[Any, dict[str, str]]:
    content = {"title": document.title, "language": spoken(), "made": _date(document.made), **document.content}
    return _compiler(document.template), {"data": json.dumps(content, ensure_ascii=False)}


def _run(compiler: Any, inputs: dict[str, str], document: Document, **how: Any) -> Any:
    try:
        pages, warnings = compiler.compile_with_warnings(sys_inputs=inputs, timestamp=document.made.timestamp(), **how)
    except typst.TypstError as error:
        if match := _NOT_IN_FONT.search(error.message):
            raise NotDrawn("character", match[1]) from error
        if _DOES_NOT_FIT in error.message:
            raise NotDrawn(_DOES_NOT_FIT, document.title) from error
        raise NotDrawn("drawing", error.diagnostic) from error
    if warnings:
        raise NotDrawn("drawing", "; ".join(each.message for each in warnings))
    return pages


@lru_cache(8)
def _compiler(template: str) -> Any:
    """One for each template, kept: it has read the fonts and the templates."""
    folder = resources_folder() / "papers"
    return typst.Compiler(str(folder / f"{template}.typ"), root=str(folder), font_paths=_fonts())


@lru_cache(1)
def _fonts() -> Any:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resources_folder() / "fonts")]
    )


def _date(made: Instant) -> list[int]:
    at = made.to_tz("UTC")
    return [at.year, at.month, at.day, at.hour, at.minute, at.second]
