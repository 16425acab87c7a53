"""The register in sentences: why it cannot be used, what is not as it was written, what a backup or a restore did."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whenever import Instant

from dosing_app.core.clock import minutes_of
from dosing_app.core.findings import finding
from dosing_app.wording.figures import when
from dosing_app.wording.language import _, n_
from dosing_app.wording.sentences import impossible_why, sentence


def refused(reason: str, values: Mapping[str, str]) -> str:
    """Why the register, or something for it, is refused."""
    templates = {
        "bad-address": _(
            "The address of the register cannot be used. Accepted: postgresql://user@server/database, or nothing for a "
            "file on this computer."
        ),
        "not-a-register": _("{where} is not a register of this program. Nothing was changed in it."),
        "newer": _(
            "{where} was made by a newer version of this program (schema {found}). Use that version; nothing was "
            "changed."
        ),
        "damaged": _("{where} is damaged: {why}. Restore a backup; the damaged file is kept beside it."),
        "busy": _("{where} is being written by another program. Nothing was recorded; try again."),
        "read-only": _("{where} may not be written from here. Nothing was recorded."),
        "full": _("There is no room left for {where}. Nothing was recorded; make room and try again."),
        "no-server": _("The server of {where} cannot be reached: {why}. Nothing was recorded."),
        "no-right": _("{where} may not be used by this user: {why}. Nothing was recorded."),
        "unavailable": _("{where} cannot be used: {why}. Nothing was recorded."),
        "no-folder": _("{where} cannot be opened: {why}."),
        "no-register": _("There is no register at {where} yet."),
        "no-label": _("A course needs the label of its case: one line of at most {longest} characters."),
        "no-name": _("The name of the person who records this is missing: one line of at most {longest} characters."),
        "no-course": _("This course is not in the register any more. A backup may have been restored; look again."),
        "other-case": _("The plan is of case {case}, and the course of case {label}."),
        "revision": _("Revision {revision} does not follow revision {latest}, which is recorded already."),
        "not-issued": _("This is no issued plan as it was issued. Nothing was recorded."),
        "no-settings": _("The site settings cannot be used, so the register is not opened. {why}"),
        "label-reused": _(
            "Case {label} is on the register already, of an infant born on {other}; this one was born on {born}. A "
            "label stands for one infant: give this case another one, or correct the birth date."
        ),
        "label-taken": _("Somebody else has put case {label} on the register just now. Look again."),
        "other-plan": _(
            "The register has another plan as revision {revision} of case {label}. What it has is what was issued: "
            "open the course, and issue a new revision if one is needed."
        ),
        "no-time": _("“{seen}” is no time. Accepted: 2026-12-01T10:00:00Z."),
    }
    known = {"where": "", "why": "", "found": "", "longest": "", **values}
    said = templates[reason].format(**{**known, "why": known["why"].rstrip(".")})
    return f"{said.rstrip('.')}."


def not_issued(reason: str) -> str:
    """Why a revision is not issued."""
    return {
        "no-name": _("Still missing: the name of the issuing pharmacist."),
        "checker-issues": _("The person who checked cannot issue: nobody signs twice."),
        "hung-already": _(
            "A bag from there on has hung already, and what was given stays as it was given. Choose a later bag."
        ),
        "other-bags-before": _(
            "The bags before that one are not those of the revision in force. A new revision leaves them as they are: "
            "choose an earlier bag, or take pattern and start of the revision in force."
        ),
        "unknown-bag": _("The plan has no such bag."),
        "no-issue": _("No plan was issued before: issue the order itself."),
        "wants-reason": _("A finding of the rest asks for a reason first."),
        "wants-decision": _("A prescriber, or somebody who answers for it, has to decide first how it goes on."),
        "nothing-to-come": _("No bag is still to come: there is nothing to issue."),
    }.get(reason, _("This cannot be issued: something is still lacking."))


def status_words(status: str) -> str:
    """How far a course has come."""
    return {
        "planned": _("planned"),
        "checked": _("checked"),
        "running": _("running"),
        "interrupted": _("interrupted"),
        "finished": _("finished"),
    }.get(status, _("to be looked at"))


def due_words(due: Instant | None, now: Instant, zone: str) -> str:
    """When the next change is due, and in how many hours and minutes."""
    if due is None:
        return ""
    clock = when(due.to_tz(zone).format_iso())
    minutes = minutes_of(due) - minutes_of(now)
    if minutes < 0:
        return _("overdue since {when}").format(when=clock)
    hours, rest = divmod(minutes, 60)
    return _("{when}, in {hours} h {minutes} min").format(when=clock, hours=hours, minutes=rest)


def backup_refused(file: str, reason: str, values: Mapping[str, str]) -> str:
    """Why a file is no backup."""
    templates = {
        "not-a-backup": _("{file} is not a backup of a register."),
        "newer": _("{file} was made by a newer version of this program (schema {found}, this one knows {known})."),
        "cut": _("{file} is not whole: it holds {found} of {count} records."),
        "unreadable": _("{file} cannot be read in line {line}."),
    }
    return templates[reason].format(file=file, **values)


def fault(reason: str, course: str, place: int) -> str:
    """Where the register is not as it was written."""
    templates = {
        "changed": _("Case {course}: record {place} was changed after it was written."),
        "missing": _("Case {course}: a record before record {place} is missing."),
        "plan": _("Case {course}: record {place} holds a plan that is not as it was issued."),
        "derived": _("Case {course}: the list says something else than its records."),
        "no-course": _("Case {course}: it has records, but is missing from the list."),
        "other-register": _("The register does not hold the end that was noted before: it was cut, or is another."),
    }
    if reason in templates:
        return templates[reason].format(course=course, place=place)
    ends = {
        "cut": (
            _("Case {course}: records after record {place} are missing."),
            _("The last records of the register are missing."),
        ),
        "longer": (
            _("Case {course}: it has more records than were written."),
            _("The register has more records than were written."),
        ),
        "head": (
            _("Case {course}: its last record is not the one that was written."),
            _("The last record of the register is not the one that was written."),
        ),
    }
    return ends[reason][0 if course else 1].format(course=course, place=place)


def tampered(sentences: Iterable[str]) -> str:
    """What is said where something is not as it was written."""
    return _(
        "The register is not as it was written, and nothing of it is shown here. {where} Restore a backup."
    ).format(where=" ".join(sentences))


def as_read_before(why: str) -> str:
    """What is shown is what was read last."""
    return _("{why} Shown is what was read before; what others record now is not seen.").format(why=why)


def went_back(label: str) -> str:
    """Something that was seen is gone."""
    return _(
        "Case {label}: entries that were seen here before are not in the register any more; a backup may have been "
        "restored. Compare it with the paper schedule."
    ).format(label=label)


def does_not_fit(index: int, reason: str, values: Mapping[str, str]) -> str:
    """The log as it is recorded cannot have happened."""
    return sentence(finding("impossible-log", actual=str(index), values={**values, "reason": reason}))


def cannot_have_happened(index: int, reason: str, values: Mapping[str, str], recorded: int) -> str:
    """Why entries are refused: by themselves, or since they make of an earlier one what cannot have happened."""
    if index < recorded:
        return _("Nothing was recorded. {why}").format(why=does_not_fit(index, reason, values))
    return _("Nothing was recorded: {why}.").format(why=impossible_why({**values, "reason": reason}))


def conflict(added: Sequence[tuple[Instant, str, str, Mapping[str, Any]]], zone: str) -> str:
    """Somebody else was first.

    Args:
        added: what was recorded meanwhile: when it happened, who says so, the kind of record, and its content.
        zone: of the wall clock at the bed.
    """
    what = [
        _("{when}, {name}: {what}").format(
            when=when(at.to_tz(zone).format_iso()), name=name, what=_recorded(kind, content)
        )
        for at, name, kind, content in added
    ]
    return _(
        "Somebody else recorded something of this case meanwhile ({what}). Nothing of yours was recorded, and it is "
        "still here: look at what is new, then record it again."
    ).format(what="; ".join(what))


def _recorded(kind: str, content: Mapping[str, Any]) -> str:
    """A record in few words."""
    if kind == "order":
        return _("the order was changed")
    if kind == "plan":
        return _("a revision was issued")
    templates = {
        "issued": _("revision {revision} in force"),
        "prepared": _("bag {bag} prepared") if "bag" in content else _("session {session} held"),
        "out-of-fridge": _("bag {bag} out of the refrigerator"),
        "hung": _("bag {bag} connected"),
        "stopped": _("bag {bag} taken down"),
        "interrupted": _("infusion stopped"),
        "resumed": _("infusion resumed"),
        "lost": _("bag {bag} lost"),
        "rate-found": _("another rate found"),
        "measured": _("weighed and measured"),
        "decision": _("a decision"),
        "note": _("a note"),
        "corrects": _("a correction"),
    }
    numbers = {name: content.get(name, "") for name in ("bag", "session", "revision")}
    return templates.get(str(content.get("event")), _("an entry")).format(**numbers)


def backed_up(where: str, file: str, records: int) -> str:
    """What was written."""
    return n_(
        "{records} record of {where} is in {file}, read back and whole.",
        "{records} records of {where} are in {file}, read back and whole.",
        records,
    ).format(records=records, where=where, file=file)


def before_restore(file: str, where: str, records: int, written: str, zone: str) -> str:
    """What a restore will do, before it is done."""
    clock = when(Instant.parse_iso(written).to_tz(zone).format_iso())
    return n_(
        "{file} was written {written} and holds {records} record. The register at {where} becomes what it held then: "
        "what was recorded since is not in it any more. This cannot be undone; "
        "the register as it is now is kept beside it.",
        "{file} was written {written} and holds {records} records. The register at {where} becomes what it held then: "
        "what was recorded since is not in it any more. This cannot be undone; "
        "the register as it is now is kept beside it.",
        records,
    ).format(file=file, written=clock, records=records, where=where)


def restored(file: str, where: str, records: int, kept: str, missing: int | None) -> str:
    """What was restored, and where the old register is."""
    said = [
        n_(
            "{where} now holds the {records} record of {file}.",
            "{where} now holds the {records} records of {file}.",
            records,
        ).format(where=where, records=records, file=file)
    ]
    if kept:
        said.append(_("The register as it was before is kept: {kept}.").format(kept=kept))
    if missing:
        said.append(
            n_(
                "{missing} record of it is not in the backup.",
                "{missing} records of it are not in the backup.",
                missing,
            ).format(missing=missing)
        )
    return " ".join(said)
