"""Where the frozen program begins."""

from dosing_app.cli import main_entry

main_entry()
