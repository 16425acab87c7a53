"""The register in sentences: why it cannot be used, what is not as it was written, what a backup or a restore did."""

from collections.abc import Mapping

from dosing_app.wording.language import _, n_


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
        "no-time": _("“{seen}” is no time. Accepted: 2026-12-01T10:00:00Z."),
    }
    known = {"where": "", "why": "", "found": "", "longest": "", **values}
    return templates[reason].format(**{**known, "why": known["why"].rstrip(".")})


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


def backed_up(where: str, file: str, records: int) -> str:
    """What was written."""
    return n_(
        "{records} record of {where} is in {file}, read back and whole.",
        "{records} records of {where} are in {file}, read back and whole.",
        records,
    ).format(records=records, where=where, file=file)


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
