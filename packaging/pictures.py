"""Take the pictures of the README, each workspace light and dark, and those of the guides in every language."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything loads Qt
os.environ["LANGUAGE"] = "en"

from dosing_app.reference.folder import resources_folder
from dosing_app.ui.application import save_pictures
from dosing_app.wording.language import LANGUAGES

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"


def main() -> None:
    """Write order-light.png, order-dark.png and so on; the invisible platform itself is always light."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    example = resources_folder() / "orders" / "example.json"
    for name in ("light", "dark"):
        with tempfile.TemporaryDirectory() as folder:
            for picture in save_pictures(example, Path(folder), dark=name == "dark"):
                target = PICTURES / f"{picture.stem}-{name}.png"
                shutil.copyfile(picture, target)
                print(target.relative_to(PICTURES.parents[1]))
    with tempfile.TemporaryDirectory() as folder:
        refused = resources_folder() / "orders" / "weight-in-pounds.json"
        picture = next(each for each in save_pictures(refused, Path(folder)) if each.stem == "order")
        shutil.copyfile(picture, PICTURES / "refused-light.png")
        print("docs/pictures/refused-light.png")
    for language in LANGUAGES:  # each in a program of its own, as the window speaks one language until it is closed
        subprocess.run([sys.executable, Path(__file__).with_name("guide_pictures.py"), language], check=True)


if __name__ == "__main__":
    main()
