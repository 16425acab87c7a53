"""The windows of the program, each as a person finds it: for tests that look at all of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from ward import Ward
from whenever import Date, Instant

from dosing_app.reference.bundle import load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.store import site_file
from dosing_app.ui.event_forms import event_names
from dosing_app.ui.recovery import own_site_file
from dosing_app.wording.language import _

EXAMPLE = resources_folder() / "orders" / "example.json"
# so that there are several options
SEVERAL = 'start_within_h = "product"\nstart_within_basis = "validated"\nstart_within_by = ["P. One", "Q. Two"]\n'
SECOND = {
    "entered-by": "A. Jansen",
    "checked-by": "B. Smit",
    "case": "A-17",
    "born": "2026-06-20",
    "weight": "6.42",
    "length": "63.5",
    "prescribed": "5.05",
    "product": "eu",
    "formula": "mosteller",
    "start": "2026-11-23 14:00",
}


def write_site(more: str = "") -> None:
    """Settings of a site that has approved its product data, where the program looks for them."""
    own_site_file().parent.mkdir(parents=True, exist_ok=True)
    own_site_file().write_text(f'schema = 1\nformula = "mosteller"\n{more}')
    site_file.approve(own_site_file(), load_product("eu"), ("P. One", "Q. Two"), Date(2026, 11, 1), load_limits()[0])


def use_site(desk, more: str = "") -> None:
    """A window that uses such settings."""
    write_site(more)
    desk.editor.use(load_house(own_site_file()))
    desk.editor.rest()


def _checked(desk) -> None:
    from dosing_app.course.second_check import second_check

    editor = desk.editor
    units = {"weight": " kg", "length": " cm", "prescribed": " microgram/day"}  # as the fields add them
    texts = {name: text + units.get(name, "") for name, text in SECOND.items()}
    people = (texts.pop("entered-by"), texts.pop("checked-by"))
    done = second_check(dict(editor.texts), texts, editor.plan, editor.house, people, Instant.now())
    assert done.check is not None
    editor.take_check(done.check)


def _dialog(desk, kind: str) -> QDialog:
    """The dialog of a kind that is open."""
    return next(each for each in desk.window.findChildren(QDialog) if type(each).__name__ == kind and each.isVisible())


# ---- the workspaces ----


def order_empty(another) -> QWidget:
    return another().window


def order(another) -> QWidget:
    return another(order=EXAMPLE).window


def order_with_findings(another) -> QWidget:
    """A reason is asked for, a field cannot be read, and the seldom used fields are open."""
    desk = another(order=EXAMPLE)
    desk.type("measured", "2026-11-03")
    desk.window.order.form.more.click()
    desk.window.order.findings.notes.click()
    desk.window.notify("A sentence.")
    return desk.window


def order_refused(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.type("weight", "14.15")
    desk.type("born", "soon")
    return desk.window


def prepare(another) -> QWidget:
    desk = another(order=EXAMPLE)
    use_site(desk, SEVERAL)
    desk.window.go("prepare")
    desk.editor.rest()
    panel = desk.window.prepare.options
    desk.qtbot.waitUntil(lambda: all(plan is not None for plan in panel._plans), timeout=20_000)
    return desk.window


def prepare_looked_at(another) -> QWidget:
    """Another option than the order's is looked at."""
    window = prepare(another)
    window.prepare.options.table.selectRow(4)
    return window


def administer(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.window.go("administer")
    return desk.window


def _letter(event: str) -> str:
    """The key of an event, in the language that is spoken."""
    words = event_names()[event]
    return words[words.index("&") + 1].upper()


def _course(another, hours: float, event: str = "") -> QWidget:
    """The page of a course so many hours after its start, perhaps with an event open."""
    ward = Ward(another().qtbot, "pharmacist")
    ward.page.close_course = ward.close
    ward.at(-2)
    ward.enter(_letter("prepared"), by="N. One")
    if hours > 0:
        ward.at(0)
        ward.enter(_letter("hung"), by="N. One", second="N. Two")
    ward.at(hours)
    if event:
        ward.press(_letter(event))
    return ward.page


def course(another) -> QWidget:
    return _course(another, 30)


def course_event(another) -> QWidget:
    return _course(another, 0, "hung")


def _teach(another, page: str) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.window.go("teach")
    desk.window._workspaces["teach"].go(page)
    return desk.window


def demonstrate(another) -> QWidget:
    return _teach(another, "demonstrate")


def practise(another) -> QWidget:
    return _teach(another, "practise")


def spot(another) -> QWidget:
    return _teach(another, "spot")


def drug(another) -> QWidget:
    return _teach(another, "drug")


# ---- dialogs ----


def site(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.window.ask_site()
    return _dialog(desk, "SiteDialog")


def product(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.window.ask_product()
    return _dialog(desk, "ProductDialog")


def second(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.editor.rest()
    desk.window.desk.second_check()
    return _dialog(desk, "SecondCheck")


def second_reading(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.type("weight", "14.15")
    again = next(each for each in desk.window.findChildren(QPushButton) if each.text() == _("Second reading …"))
    desk.qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    return _dialog(desk, "SecondReading")


def issue_lacking(another) -> QWidget:
    desk = another(order=EXAMPLE)
    desk.window.desk.issue()
    return _dialog(desk, "IssueDialog")


def issue(another) -> QWidget:
    desk = another(order=EXAMPLE)
    use_site(desk)
    _checked(desk)
    desk.window.desk.issue()
    return _dialog(desk, "IssueDialog")


def papers(another) -> QWidget:
    desk = another(order=EXAMPLE)
    dialog = desk.window.desk.show_papers("worksheet")
    dialog.text_button.click()
    return dialog


def batch(another) -> QWidget:
    from dosing_app.ui.batch_dialog import show_batch

    desk = another(order=EXAMPLE)
    return show_batch(load_house(), desk.window)


def put_on_register(another) -> QWidget:
    desk = another(order=EXAMPLE)
    use_site(desk)
    desk.window.register.ask_put()
    return _dialog(desk, "PutDialog")


WORKSPACES = {
    each.__name__: each
    for each in (
        order_empty,
        order,
        order_with_findings,
        order_refused,
        prepare,
        prepare_looked_at,
        administer,
        course,
        course_event,
        demonstrate,
        practise,
        spot,
        drug,
    )
}
DIALOGS = {
    each.__name__: each
    for each in (site, product, second, second_reading, issue_lacking, issue, papers, batch, put_on_register)
}
