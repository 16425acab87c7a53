"""The register in sentences: why something is not recorded, when a change is due, who was first, what a restore did."""

import re

import pytest
from whenever import Instant

from dosing_app.wording import register_text

ZONE = "Europe/Amsterdam"
AT = Instant.from_utc(2026, 11, 23, 13)
VALUES = {
    **dict.fromkeys(("label", "case", "seen"), "A-17"),
    **dict.fromkeys(("revision", "latest"), "1"),
    **dict.fromkeys(("where", "why", "found", "longest", "born", "other"), "X"),
}
REFUSED = (
    *("bad-address", "not-a-register", "newer", "damaged", "busy", "read-only", "full", "no-server", "no-right"),
    *("unavailable", "no-folder", "no-register", "no-label", "no-name", "no-course", "other-case", "revision"),
    *("not-issued", "no-settings", "label-reused", "label-taken", "other-plan", "no-time"),
)
NOT_ISSUED = (
    *("no-name", "checker-issues", "hung-already", "other-bags-before", "unknown-bag", "no-issue", "wants-reason"),
    *("wants-decision", "nothing-to-come"),
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_refusal_is_one_whole_sentence_of_its_own() -> None:
    said = [register_text.refused(reason, VALUES) for reason in REFUSED]
    said += [register_text.not_issued(reason) for reason in NOT_ISSUED]
    assert len(set(said)) == len(REFUSED) + len(NOT_ISSUED)
    for each in said:
        assert each.endswith(".")
        assert ".." not in each
        assert not re.search(r"[{}]|None|  ", each)
    assert "still lacking" in register_text.not_issued("something-newer")


def test_a_reason_of_the_database_ends_with_one_full_stop() -> None:
    said = register_text.refused("no-server", {"where": "postgresql://ward/register", "why": "connection refused."})
    assert (
        said == "The server of postgresql://ward/register cannot be reached: connection refused. Nothing was recorded."
    )


def test_how_far_a_course_has_come() -> None:
    known = ("planned", "checked", "running", "interrupted", "finished")
    assert [register_text.status_words(each) for each in known] == list(known)
    assert register_text.status_words("unclear") == "to be looked at"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (65 * 60 + 40, "Mon 23-Nov-2026 14:00, in 65 h 40 min"),
        (0, "Mon 23-Nov-2026 14:00, in 0 h 0 min"),
        (-1, "overdue since Mon 23-Nov-2026 14:00"),
    ],
)
def test_when_the_next_change_is_due(minutes: int, said: str) -> None:
    assert plain(register_text.due_words(AT, AT.subtract(minutes=minutes), ZONE)) == said
    assert register_text.due_words(None, AT, ZONE) == ""


def test_places_of_faults_are_those_of_the_records() -> None:
    assert register_text.fault("cut", "A-17", 3) == "Case A-17: records after record 3 are missing."
    assert register_text.fault("cut", "", 0) == "The last records of the register are missing."
    assert "missing from the list" in register_text.fault("no-course", "A-17", 0)
    said = register_text.tampered([register_text.fault("changed", "A-17", 3), register_text.fault("head", "", 0)])
    assert said == (
        "The register is not as it was written, and nothing of it is shown here. Case A-17: record 3 was changed after "
        "it was written. The last record of the register is not the one that was written. Restore a backup."
    )


def test_what_somebody_else_recorded_is_told_in_few_words() -> None:
    kinds = [
        ("order", {}, "the order was changed"),
        ("plan", {}, "a revision was issued"),
        ("log", {"event": "issued", "revision": 2}, "revision 2 in force"),
        ("log", {"event": "prepared", "session": 3}, "session 3 held"),
        ("log", {"event": "prepared", "bag": 4}, "bag 4 prepared"),
        ("log", {"event": "out-of-fridge", "bag": 4}, "bag 4 out of the refrigerator"),
        ("log", {"event": "hung", "bag": 4}, "bag 4 connected"),
        ("log", {"event": "stopped", "bag": 4}, "bag 4 taken down"),
        ("log", {"event": "interrupted"}, "infusion stopped"),
        ("log", {"event": "resumed"}, "infusion resumed"),
        ("log", {"event": "lost", "bag": 4}, "bag 4 lost"),
        ("log", {"event": "rate-found"}, "another rate found"),
        ("log", {"event": "measured"}, "weighed and measured"),
        ("log", {"event": "decision"}, "a decision"),
        ("log", {"event": "note"}, "a note"),
        ("log", {"event": "corrects"}, "a correction"),
        ("log", {"event": "something-newer"}, "an entry"),
    ]
    said = register_text.conflict([(AT, "N. One", kind, content) for kind, content, _what in kinds], ZONE)
    told = said.partition("(")[2].partition(")")[0]
    assert told.split("; ") == [f"Mon 23-Nov-2026 14:00, N. One: {what}" for _kind, _content, what in kinds]
    assert "Nothing of yours was recorded" in said


def test_an_entry_that_cannot_have_happened_is_told_from_one_that_was_there_before() -> None:
    values = {"bag": "9"}
    new = register_text.cannot_have_happened(4, "unknown-bag", values, recorded=4)
    assert new == "Nothing was recorded: the plan has no bag 9."
    before = register_text.cannot_have_happened(2, "unknown-bag", values, recorded=4)
    assert before == "Nothing was recorded. Entry 2 of the log: the plan has no bag 9. Correct the log."
    assert register_text.does_not_fit(2, "unknown-bag", values) in before


def test_what_is_shown_is_said_to_be_what_was_read_before() -> None:
    assert register_text.as_read_before("The server is away.").startswith("The server is away. Shown is what was read")
    assert register_text.went_back("A-17").startswith("Case A-17: entries that were seen here before are not in the")


def test_a_backup_in_words() -> None:
    assert register_text.backed_up("R", "B", 1) == "1 record of R is in B, read back and whole."
    assert register_text.backed_up("R", "B", 6) == "6 records of R are in B, read back and whole."
    before = register_text.before_restore("B", "R", 6, "2026-11-23T13:00:00Z", ZONE)
    assert before.startswith(
        "B was written Mon 23-Nov-2026 14:00 and holds 6 records. The register at R becomes what it"
    )
    assert "cannot be undone" in before
    assert register_text.restored("B", "R", 1, "", None) == "R now holds the 1 record of B."
    kept = "R now holds the 6 records of B. The register as it was before is kept: K."
    assert register_text.restored("B", "R", 6, "K", 0) == kept
    assert register_text.restored("B", "R", 6, "K", 2) == f"{kept} 2 records of it are not in the backup."
    for reason, values in (("unreadable", {"line": "7"}), ("cut", {"found": "3", "count": "6"})):
        assert values[next(iter(values))] in register_text.backup_refused("B", reason, values)
