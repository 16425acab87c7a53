"""The workspace Prepare and the timeline."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from dosing_app.reference.folder import resources_folder


def test_the_chosen_bag_stands_large(desk):
    desk.window.go("prepare")
    desk.editor.rest()
    prepare, plan = desk.window.prepare, desk.editor.plan
    assert prepare.bags.rowCount() == len(plan.bags)
    assert prepare.rate.text() == "2.5\u00a0mL/hour"
    assert "1" in prepare.heading.text()
    prepare.bags.setFocus()
    desk.qtbot.keyClick(prepare.bags, Qt.Key.Key_Down)
    assert "2" in prepare.heading.text()
    assert prepare.timeline._chosen == 2


def test_amounts_stand_below_each_other_on_their_decimal_marks(desk):
    """270, 5.5 and 1.9 mL: a figure that begins where a longer one does is read ten-fold."""
    desk.window.go("prepare")
    desk.editor.rest()
    for block in (desk.window.prepare.recipe, desk.window.prepare.ledger):
        texts = [text for _name, text in block._labels]
        marks = set()
        for text in texts:
            whole = text.text().split("\u00a0mL")[0].split(".")[0]
            marks.add(text.indent() + round(QFontMetricsF(text.font()).horizontalAdvance(whole)))
        assert len({text.text() for text in texts}) == len(texts)
        assert max(marks) - min(marks) <= 1


def test_a_bag_of_the_timeline_is_opened_by_a_click(desk):
    desk.editor.rest()
    timeline = desk.window.order.timeline
    block = timeline._picture.blocks[4]
    x = (timeline._x(block.start) + timeline._x(block.end)) / 2
    desk.qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=timeline.rect().topLeft() + _point(x, 70))
    assert desk.window.workspace == "prepare"
    assert "5" in desk.window.prepare.heading.text()


def _point(x, y):
    from PySide6.QtCore import QPoint

    return QPoint(round(x), y)


def test_results_vanish_here_too(desk):
    desk.window.go("prepare")
    desk.editor.change("weight", "6.42.1 kg")
    assert desk.blank()
    assert desk.window.prepare.waiting.isVisible()
    assert desk.window.prepare.waiting.text()


def test_a_workspace_that_was_hidden_shows_the_present_plan(desk):
    desk.window.go("prepare")
    desk.window.go("order")
    desk.type("weight", "6.9")
    desk.window.go("prepare")
    desk.editor.rest()
    assert desk.window.prepare.bags.item(0, 6).text() == str(desk.editor.plan.as_json()["bags"][0]["drug_ml"])


def test_a_clock_change_is_marked(another):
    desk = another(order=resources_folder() / "orders" / "clock-change.json")
    desk.editor.rest()
    picture = desk.window.order.timeline._picture
    ((moment, label),) = picture.changes
    assert "+1" in label
    short = [day for day in picture.days if day.end - day.start == 23 * 3600]
    assert len(short) == 1
    assert short[0].start < moment < short[0].end
    assert picture.days[0].start <= picture.blocks[0].start
    assert picture.days[-1].end >= picture.blocks[-1].end
    for width in (1280, 900):
        desk.window.resize(width, 800)
        assert not desk.window.order.timeline.grab().toImage().isNull()
    assert desk.window.order.timeline.accessibleDescription()


def test_every_day_shows_its_own_weekday(desk):
    desk.editor.rest()
    picture = desk.window.order.timeline._picture
    assert [(day.weekday, day.number, day.weekend) for day in picture.days[:7]] == [
        ("Mon", 23, False),
        ("Tue", 24, False),
        ("Wed", 25, False),
        ("Thu", 26, False),
        ("Fri", 27, False),
        ("Sat", 28, True),
        ("Sun", 29, True),
    ]
    assert len(picture.days) == 29
