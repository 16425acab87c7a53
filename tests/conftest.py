"""What every test needs: no screen, and nothing of the user's touched."""

import os

# before anything loads Qt
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)
