"""The window: Qt and nothing clinical."""

import builtins

import PySide6.QtCore  # noqa: F401 - brings its hook, if it is not there yet

# PySide hangs a hook into every import, for `from __feature__ import …`, which nothing here uses. The hook reads and
# keeps the source text of each module that is imported from then on: 60 ms and 10 MB until the first dose is seen
# (docs/decisions/0010). PySide keeps the ordinary import beside it; take that again.
if hasattr(builtins, "__orig_import__"):
    builtins.__import__ = builtins.__orig_import__
