"""Open the window; where there is no display, say so and write what it would show."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dosing_app.cli import COMMANDS
from dosing_app.wording.language import LANGUAGES, _


def run(given: Sequence[str], started: float) -> int:
    """Open the window with an order file, with the example, or with what was typed last."""
    parser = argparse.ArgumentParser(
        prog="dosing-app",
        description=_("Plans the 28-day infusion of blinatumomab for an infant. Without a command the window opens."),
        epilog=_("Commands: {commands}. Each has --help.").format(commands=", ".join(COMMANDS)),
        allow_abbrev=False,
    )
    parser.add_argument("order", nargs="?", type=Path, help=_("an order file to open"))
    parser.add_argument("--site", type=Path, help=_("the site's settings"))
    parser.add_argument("--language", choices=list(LANGUAGES), help=_("the language of the window"))
    parser.add_argument("--exit-when-ready", action="store_true", help=_("open the example, print the times, close"))
    parser.add_argument(
        "--no-display-to", type=Path, metavar="DIR", help=_("without a display, write plan and pictures here")
    )
    parser.add_argument("--version", action="store_true", help=_("print the version"))
    options = parser.parse_args(list(given))
    if options.version:
        from dosing_app import __version__

        print(__version__)
        return 0
    if options.order is not None and not options.order.exists():
        print(
            _("There is no order file {file}, and no command of that name.").format(file=options.order), file=sys.stderr
        )
        return 2
    display = has_display()
    if not display and options.no_display_to is not None:
        return _without_display(options.order, options.site, options.no_display_to)
    if not display and not options.exit_when_ready:
        print(_("There is no display, so no window can be opened. Use `dosing-app plan`."), file=sys.stderr)
        return 2
    if not display:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gc.disable()  # what is loaded now stays; `run` collects again once the window is filled
    from dosing_app.ui.application import run as run_window

    return run_window(options.order, options.site, options.exit_when_ready, started)


def has_display() -> bool:
    """Whether a window can be opened: asked for by name, or a display answers."""
    if "QT_QPA_PLATFORM" in os.environ or sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _display_answers(os.environ["DISPLAY"])


def _display_answers(display: str) -> bool:
    """Whether an X server stands behind DISPLAY: Qt would end the whole program if none does."""
    import ctypes
    import ctypes.util

    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    broken = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not broken


def _without_display(order: Path | None, site: Path | None, folder: Path) -> int:
    """The same order without a window: plan as JSON and text, and pictures of the window, in a folder."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from dosing_app.cli.commands import write_plan
    from dosing_app.reference.folder import resources_folder
    from dosing_app.ui.application import quiet, save_pictures

    quiet()

    path = order or resources_folder() / "orders" / "example.json"
    folder.mkdir(parents=True, exist_ok=True)
    status, written = write_plan(path, site, folder)
    pictures = save_pictures(path, folder)
    names = ", ".join([*written, *(picture.name for picture in pictures)])
    print(_("There is no display: {names} were written to {folder}.").format(names=names, folder=f"{folder}/"))
    return status
