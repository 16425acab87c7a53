"""The chain of a register: every record holds the digest of the one before, so that a change or a loss shows.

Two chains run through the same records: one through each course, and one through the whole register. Somebody who may
write the database can forge both; a count and a digest noted elsewhere, as in a backup, show that as well.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

COURSE, ORDER, PLAN, LOG = "course", "order", "plan", "log"  # kinds of record


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was recorded, never changed afterwards.

    Attributes:
        number: its place in the whole register, from 1.
        course: the id of its course.
        place: its place in its course, from 1.
        kind: course, order, plan or log.
        who: recorded it.
        at: when it happened; an instant in UTC with Z.
        recorded: when it was recorded, likewise.
        content: canonical JSON.
        digest: of the course until here.
        whole: of the register until here.
    """

    number: int
    course: str
    place: int
    kind: str
    who: str
    at: str
    recorded: str
    content: str
    digest: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """How many records there are, and the digest of the last one; of a course or of the whole register."""

    count: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a register is not as it was written.

    Attributes:
        reason: changed, missing, cut, longer, head, no-course, derived, plan, other-register.
        course: its label, or its id where the label is gone; "" of the whole register.
        place: of the record in its course, from 1; 0 where it is about no record.
    """

    reason: str
    course: str = ""
    place: int = 0


def canonical(content: Any) -> str:
    """JSON that is the same for the same content, in signs that every database keeps."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest_of(record: Record, previous: str) -> str:
    """SHA-256 over the digest before and everything that the record says."""
    said = (record.course, record.place, record.kind, record.who, record.at, record.recorded, record.content)
    return hashlib.sha256(f"{previous}\n{canonical(said)}".encode()).hexdigest()


def whole_of(record: Record, digest: str, previous: str) -> str:
    """SHA-256 over the register's digest before, the record's number and its digest."""
    return hashlib.sha256(f"{previous}\n{record.number}\n{digest}".encode()).hexdigest()


@dataclass(slots=True)
class Walk:
    """Goes through records in the order of their numbers and collects what is not as it was written."""

    whole: Seal = field(default_factory=Seal)
    courses: dict[str, Seal] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """The next record. After a fault the stored digest is followed, so that each is told once."""
        before = self.courses.get(record.course, Seal())
        if record.kind == COURSE and record.course not in self.labels:
            self.labels[record.course] = label_in(record.content)
        if record.number != self.whole.count + 1 or record.place != before.count + 1:
            self._fault("missing", record)
        elif (record.kind == COURSE) != (record.place == 1) or (
            digest_of(record, before.head) != record.digest
            or whole_of(record, record.digest, self.whole.head) != record.whole
        ):
            self._fault("changed", record)
        self.courses[record.course] = Seal(record.place, record.digest)
        self.whole = Seal(record.number, record.whole)

    def _fault(self, reason: str, record: Record) -> None:
        self.faults.append(Fault(reason, self.label(record.course), record.place))

    def label(self, course: str) -> str:
        """What a course is called."""
        return self.labels.get(course) or course

    def ends(self, seal: Seal, courses: Mapping[str, Seal]) -> None:
        """Compare the ends with what the register says of itself: of the whole and of each course."""
        for course, known in courses.items():
            found = self.courses.get(course, Seal())
            if found != known:
                self.faults.append(Fault(_end(found, known), self.label(course), found.count))
        self.faults += [Fault("no-course", self.label(each)) for each in self.courses if each not in courses]
        if self.whole != seal:
            self.faults.append(Fault(_end(self.whole, seal)))


def course_faults(records: Iterable[Record], known: Seal, label: str) -> list[Fault]:
    """What is not as it was written in the records of one course, compared with the end that is known of it."""
    faults, found = [], Seal()
    for each in records:
        if each.place != found.count + 1:
            faults.append(Fault("missing", label, each.place))
        elif digest_of(each, found.head) != each.digest:
            faults.append(Fault("changed", label, each.place))
        found = Seal(each.place, each.digest)
    if found != known:
        faults.append(Fault(_end(found, known), label, found.count))
    return faults


def _end(found: Seal, known: Seal) -> str:
    if found.count < known.count:
        return "cut"
    return "longer" if found.count > known.count else "head"


def label_in(content: str) -> str:
    """The label in the first record of a course; "" where it cannot be read any more."""
    try:
        return str(json.loads(content)["label"])
    except (ValueError, TypeError, KeyError):
        return ""
