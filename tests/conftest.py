"""What every test needs: no screen, and nothing of the user's touched."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

# before anything loads Qt
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)
# the tests read English, whatever the computer and its user speak; before any sentence is made
os.environ["LANGUAGE"] = "en"
_settings = tempfile.mkdtemp()
os.environ["XDG_CONFIG_HOME"] = _settings
atexit.register(shutil.rmtree, _settings, ignore_errors=True)


@pytest.fixture
def changed_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a growth table that is not the one whose checksum is listed; nothing was compared before."""
    from dosing_app.reference import source

    right, name = source.checksums(), "who/wfa_daily.csv"
    source.refuse_changes.cache_clear()
    monkeypatch.setattr(source, "checksums", lambda: {**right, name: "0" * 64})
    yield name
    source.refuse_changes.cache_clear()
