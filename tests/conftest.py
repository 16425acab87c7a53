"""What every test needs: no screen, and nothing of the user's touched."""

import atexit
import os
import shutil
import tempfile

# before anything loads Qt
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)
# the tests read English, whatever the computer and its user speak; before any sentence is made
os.environ["LANGUAGE"] = "en"
_settings = tempfile.mkdtemp()
os.environ["XDG_CONFIG_HOME"] = _settings
atexit.register(shutil.rmtree, _settings, ignore_errors=True)
