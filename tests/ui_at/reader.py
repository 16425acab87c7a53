"""What a screen reader does: acts through the accessibility tree, reads what is shown, hears what is said.

Runs in the system's own Python, which has pyatspi, inside a session of its own; prints what it found as JSON.
Nothing here knows the program's code: it finds things by the names that a person hears. Every wait asks again and
again until a deadline.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pyatspi
from gi.repository import GLib

DEADLINE = 30  # s for each thing that is waited for
DOSE = r"[\d.]+ micrograms per day"  # and nothing else: working and units say these words too
ORDER = {
    "Case": "N-01",
    "Born": "20-Jun-2026",
    "Gestation at birth": "term",
    "Weight, kg": "6.42",
    "Length, cm": "63.5",
    "Measured on": "23-Nov-2026",
    "Start": "23-Nov-2026 14:00",
}


def turn() -> None:
    """Take what has arrived."""
    context = GLib.MainContext.default()
    while context.pending():
        context.iteration(False)


def until(what, ask):
    """Ask until there is an answer."""
    end = time.monotonic() + DEADLINE
    while True:
        turn()
        try:
            if found := ask():
                return found
        except (GLib.Error, LookupError, RuntimeError):
            pass  # a part that went away while it was being asked
        if time.monotonic() > end:
            raise SystemExit(f"waited {DEADLINE} s in vain for {what}")
        time.sleep(0.02)


def parts(node, *, hidden=False):
    """A part of the tree with all below it, those that are shown."""
    if node is None:
        return
    if not hidden and not node.getState().contains(pyatspi.STATE_SHOWING):
        return
    yield node
    for at in range(node.childCount):
        yield from parts(node.getChildAtIndex(at), hidden=hidden)


def said(node):
    """What a reader says of a part: its name, else its text."""
    return node.name.replace("\u00a0", " ")


def label(node):
    """What labels a part."""
    return " ".join(
        relation.getTarget(at).name
        for relation in node.getRelationSet()
        if relation.getRelationType() == pyatspi.RELATION_LABELLED_BY
        for at in range(relation.getNTargets())
    )


class Listener:
    """The window, as it is heard."""

    def __init__(self, process):
        self.heard = []
        self.process = process
        pyatspi.Registry.registerEventListener(self._hear, "object:announcement")
        self.window = until("the window", self._window)

    def _hear(self, event):
        self.heard.append(str(event.any_data).replace("\u00a0", " "))

    def _window(self):
        if self.process.poll() is not None:
            raise SystemExit(f"the program ended with {self.process.returncode}")
        desktop = pyatspi.Registry.getDesktop(0)
        for at in range(desktop.childCount):
            application = desktop.getChildAtIndex(at)
            if application is not None and application.get_process_id() == self.process.pid:
                return next((each for each in application if each.getRole() == pyatspi.ROLE_FRAME), None)
        return None

    def find(self, name, role, start=None):
        """The part with a name."""
        return until(
            f"{role} {name!r}",
            lambda: next(
                (each for each in parts(start or self.window) if said(each) == name and each.getRole() == role), None
            ),
        )

    def type(self, name, text):
        """Put a text into a field."""
        field = self.find(name, pyatspi.ROLE_TEXT)
        until(f"{name} to take a text", lambda: field.queryEditableText().setTextContents(text))
        until(f"{name} to hold it", lambda: field.queryText().getText(0, -1) == text)

    def labels(self, start=None):
        """All texts that are shown."""
        return [said(each) for each in parts(start or self.window) if each.getRole() == pyatspi.ROLE_LABEL]

    def text(self, pattern):
        """A text that is shown, by a pattern for the whole of it."""
        return until(
            f"a text like {pattern!r}",
            lambda: next((each for each in self.labels() if re.fullmatch(pattern, each, re.DOTALL)), ""),
        )

    def gone(self, pattern):
        """Whether no text like this is shown any more."""
        return until(
            f"{pattern!r} to go away",
            lambda: not any(re.fullmatch(pattern, each, re.DOTALL) for each in self.labels()),
        )

    def press(self, name, role=pyatspi.ROLE_PUSH_BUTTON):
        """Press a button."""
        button = self.find(name, role)
        until(f"{name} to be pressed", lambda: button.queryAction().doAction(0))


def table_of(part):
    """All cells of a table."""
    table = part.queryTable()
    return [
        [said(table.getAccessibleAt(row, column)) for column in range(table.nColumns)] for row in range(table.nRows)
    ]


def fill_order(reader):
    """One order from the first field to the plan; what was read and heard at each step."""
    found = {"before": reader.labels()}
    for name, text in ORDER.items():
        reader.type(name, text)
    found["dose"] = reader.text(DOSE)
    found["names"] = [said(each) for each in parts(reader.window) if each.getRole() == pyatspi.ROLE_TEXT]

    found["lists"] = {
        label(each): said(each) for each in parts(reader.window) if each.getRole() == pyatspi.ROLE_COMBO_BOX
    }

    reader.type("Weight, kg", "63.5")
    reader.type("Length, cm", "6.42")
    found["heard"] = until("something to be said", lambda: list(reader.heard))
    reader.gone(DOSE)
    found["refused"] = reader.text(".*swapped.*")

    reader.type("Length, cm", "63.5")
    reader.type("Weight, kg", "6,42,0")
    weight = reader.find("Weight, kg", pyatspi.ROLE_TEXT)
    found["described"] = until("the field to say why", lambda: weight.description.replace("\u00a0", " "))
    found["waiting"] = reader.labels()
    reader.type("Weight, kg", "6,42")
    found["again"] = reader.text(DOSE)
    found["described again"] = weight.description

    reader.press("Prepare", pyatspi.ROLE_RADIO_BUTTON)
    found["counts"] = reader.text(r"\d+ vials, .*")
    bags = reader.find("Bags", pyatspi.ROLE_TABLE)
    found["bags"] = table_of(bags)
    return found


def read_board(reader):
    """The course that runs: what the board says, the schedule, and what is heard when a bag's code is asked about."""
    reader.press("Administer", pyatspi.ROLE_RADIO_BUTTON)
    found = {"courses": table_of(reader.find("Courses", pyatspi.ROLE_TABLE))}
    reader.press("Open the course")
    reader.text("RATE .*")
    found["board"] = reader.labels()
    found["schedule"] = table_of(reader.find("Schedule", pyatspi.ROLE_TABLE))
    stands = reader.find("Resume", pyatspi.ROLE_PUSH_BUTTON)
    found["why not"] = stands.description
    return found


def answer_exercise(reader):
    """An exercise of the class set of a seed: its worked example first, then a wrong answer and the right one."""
    reader.press("Teach", pyatspi.ROLE_RADIO_BUTTON)
    reader.press("Practise", pyatspi.ROLE_RADIO_BUTTON)
    reader.type("Seed", "8")
    reader.press("Begin")
    for step in range(1, 9):
        reader.text(f"Step {step} of 9")
        reader.press("Next step")
    reader.text("Step 9 of 9")
    reader.press("Next")
    found = {"question": reader.text("Write .*")}
    for name, text in (("wrong", "0.00871 microgram/day"), ("right", "5.016 microgram/day")):
        reader.heard.clear()
        reader.type("Answer", text)
        reader.press("Mark")
        found[name] = until("a verdict", lambda: list(reader.heard))
    found["seen"] = reader.labels()
    return found


TASKS = {"order": fill_order, "board": read_board, "exercise": answer_exercise}


def main(answer, task, program, *arguments):
    """Start the program, use it, and write down what was read and heard."""
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        found = TASKS[task](Listener(process))
        Path(answer).write_text(json.dumps(found, indent=1))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
