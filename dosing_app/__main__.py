"""`python -m dosing_app` is `dosing-app`."""

from dosing_app.cli import main_entry

main_entry()
