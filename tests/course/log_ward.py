"""A ward that keeps its own simple account of a course, by the clock and in fractions: what a log must come to."""

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from whenever import Instant

from dosing_app.core.clock import instant_of, minutes_of
from dosing_app.core.findings import CATALOGUE, Tier
from dosing_app.core.quantities import magnitude
from dosing_app.course.issue import NotIssued, read_issued
from dosing_app.course.log import ImpossibleLog, read_log
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.progress import Progress
from dosing_app.course.replan import Rest, replan
from dosing_app.course.replay import replay
from dosing_app.course.revise import revision_of
from dosing_app.reference.bundle import Reference

HOUR = 60
# domain.md section 3: at room temperature; in the refrigerator; whether that includes the infusion. Hours.
LIMITS = {"eu": (96, 240, False), "us": (48, 192, True)}
CARE = {"adverse-event", "unknown"}
WORSE = {"procedure": 1, "technical": 2, "unknown": 3, "adverse-event": 4}
# domain.md section 3: the fastest bag runs at 10 mL/h, 24 h of either product data; a day's volume taken for an hour's.
HIGHEST_RATE = 24 * 10
# What a new revision leaves as it was.
UNCHANGED = (
    *("infused_minutes", "waived_minutes", "due_minutes", "over_minutes", "given_micrograms", "running"),
    *("gaps", "hung", "down", "late", "restart", "wants_restart", "ever_made", "begun", "measured"),
    *("cause", "ran_other_dose", "wrong_rates", "opened"),
)
STEPS = (0, 1, 7, 59, 60, 240, 720, 1440, 2880, 4320, 5760)
Entry = dict[str, Any]
EVENTS = (
    *("prepared", "prepared", "out-of-fridge", "hung", "stopped", "interrupted", "resumed", "lost", "rate-found"),
    *("decision", "decision", "decision", "issued", "measured", "note"),
)


AFRESH = (
    *("at", "course_minutes", "infused_minutes", "waived_minutes", "given_micrograms", "usable", "unusable", "made"),
    *("gaps", "wants_restart", "restarted", "other_dose", "late", "new_bag", "revision", "hung", "down", "runs_on"),
    *("cause", "ran_other_dose", "wrong_rates", "opened"),
)
_read: dict[int, tuple[Plan, Plan]] = {}


def through_json(plan: Plan) -> Plan:
    """An issued plan as it is read back; each once."""
    if id(plan) not in _read:
        _read[id(plan)] = (plan, read_issued(json.loads(json.dumps(plan.as_json()))))
        if len(_read) > 400:
            _read.pop(next(iter(_read)))
    return _read[id(plan)][1]


class Ward:
    """Nurses and pharmacists at one bed."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        assert plan.bags
        assert plan.order
        self.plans, self.reference = [plan], reference
        self.log: list[Entry] = []
        self.now = minutes_of(plan.bags[0].start) - 300
        self.force: dict[int, tuple[int, Bag]] = {bag.number: (1, bag) for bag in plan.bags}
        self.sessions = {each.number: each.bags for each in plan.sessions or ()}
        self.room, self.keeps, self.included = LIMITS[plan.order.product]
        within = reference.site.start_within_h
        self.within = None if within is None else int(within)
        self.made: dict[int, int] = {}
        self.out: dict[int, int] = {}
        self.hung: dict[int, int] = {}
        self.lost: set[int] = set()
        self.runs: list[list[int | None]] = []  # bag, begin, end
        self.rates: list[tuple[int, int, Fraction]] = []
        self.connected: int | None = None
        self.still = self.care = self.ever_care = False
        self.restart: Entry | None = None
        self.restart_revision = 0
        self.restarted: int | None = None
        self.waived = self.waived_at = 0
        self.stops: list[tuple[int, str]] = []
        self.decided = 0  # when the restart was
        self.other_dose: set[int] = set()
        self.opened: list[tuple[int, int]] = []

    # ---- what an entry must come to ----

    def written(self, event: str, **more: Any) -> Entry:
        return {"at": instant_of(self.now).format_iso(), "event": event, "by": "N. Nurse", **more}

    def refusal(self, entry: Entry) -> str | None:
        """Why an entry cannot have happened; None where it can; "?" where this account does not know."""
        event, bag = entry["event"], entry.get("bag")
        if bag is not None and bag not in self.force:
            return "unknown-bag"
        rules = {
            "issued": self._no_issue,
            "prepared": self._no_preparing,
            "out-of-fridge": lambda each: None if each["bag"] in self.made else "never-prepared",
            "hung": self._no_hanging,
            "stopped": lambda each: None if self.connected == each["bag"] else "not-running",
            "interrupted": self._no_interrupting,
            "resumed": self._no_resuming,
            "lost": lambda each: "is-lost" if each["bag"] in self.lost else None,
            "rate-found": self._no_rate,
            "decision": self._no_decision,
        }
        return rules[event](entry) if event in rules else None

    def _no_issue(self, entry: Entry) -> str | None:
        known = {plan.issue.revision for plan in self.plans if plan.issue}
        own = max(
            rev for rev in known if rev == 1 or any(e["event"] == "issued" and e["revision"] == rev for e in self.log)
        )
        return None if entry["revision"] in known and entry["revision"] >= own else "other-revision"

    def _no_preparing(self, entry: Entry) -> str | None:
        if "bag" in entry:
            return "prepared-twice" if entry["bag"] in self.made else None
        if entry["session"] not in self.sessions:
            return "unknown-session"
        return self._of_session(entry["session"])[1]

    def _of_session(self, session: int) -> tuple[list[int], str | None]:
        """Bags that a session makes, and why it cannot be."""
        bags = self.sessions[session]
        latest = max(plan.issue.revision for plan in self.plans if plan.issue)
        earlier = [bag for bag in bags if bag in self.made and self.force[bag][0] != latest]
        to_make = [bag for bag in bags if bag not in earlier] or list(bags)
        for bag in to_make:
            if bag not in self.force:
                return [], "unknown-bag"
            if bag in self.made:
                return [], "prepared-twice"
        return to_make, None

    def _no_hanging(self, entry: Entry) -> str | None:
        bag = entry["bag"]
        rules = (
            (self.connected is not None, "two-bags"),
            (bag not in self.made, "never-prepared"),
            (bag in self.hung, "used-twice"),
            (bag in self.lost, "is-lost"),
        )
        return next((reason for holds, reason in rules if holds), None)

    def _no_resuming(self, _entry: Entry) -> str | None:
        return "runs-already" if self.connected is None or not self.still else None

    def _no_interrupting(self, _entry: Entry) -> str | None:
        """While a bag hangs, or a course that begun has hours due: a reason may be noticed late."""
        can = self.connected is not None or (self.runs and self.infused() + self.waived < self.course)
        return None if can else "not-running"

    def _other_dose(self, number: int, at: int) -> bool:
        revision, bag = self.force[number]
        if self.restart is None or revision > self.restart_revision:
            return False
        wanted = Fraction(self.restart["dose_rate"])
        then, begun = self.restart.get("then"), at if self.restarted is None else self.restarted
        if then and at - begun >= then["after_days"] * 24 * HOUR:
            wanted = Fraction(then["dose_rate"])
        area = self.plans[0].bsa
        assert area
        of_bag = Fraction(magnitude(bag.daily_dose, "microgram/day")) / Fraction(magnitude(area.m2, "m^2"))
        return abs(of_bag - wanted) > Fraction(1, 10**6)

    def _no_rate(self, entry: Entry) -> str | None:
        begin, end = (minutes_of(Instant.parse_iso(entry[key])) for key in ("from", "to"))
        if Fraction(entry["rate_ml_per_h"]) > HIGHEST_RATE:
            return "not-read"
        return "rates-overlap" if any(begin < last and first < end for first, last, _ in self.rates) else None

    def _no_decision(self, entry: Entry) -> str | None:
        what = entry["what"]
        if what == "waive":
            return (
                "waives-too-much" if int(entry["hours"]) * HOUR > self.course - self.infused() - self.waived else None
            )
        if what == "restart":
            if not self.ever_care:
                return "nothing-to-restart"
            return "dose-above" if Fraction(entry["dose_rate"]) > 15 else None
        if what == "run-on":
            return "not-running" if self.connected is None else "?"
        return None

    # ---- taking it in ----

    def take(self, entry: Entry) -> None:  # noqa: C901, PLR0912 - one branch for each event
        """An entry that happened."""
        self.log.append(entry)
        event, bag = entry["event"], entry.get("bag")
        if event == "prepared":
            for each in [bag] if bag is not None else self._of_session(entry["session"])[0]:
                self.made[each] = self.now
        elif event == "out-of-fridge":
            self.out.setdefault(bag, self.now)
        elif event == "hung":
            self.connected, self.still, self.hung[bag] = bag, False, self.now
            self._run(bag)
        elif event == "stopped" or (event == "lost" and bag == self.connected):
            self.lost |= {bag} if event == "lost" else set()
            if not self.still:
                self._run_ends()
            self.connected, self.still = None, False
        elif event == "lost":
            self.lost.add(bag)
        elif event == "interrupted":
            if self.connected is not None and not self.still:
                self._run_ends()
                self.still = True
            self.stops.append((self.now, entry["reason"]))
            self.care |= entry["reason"] in CARE
            self.ever_care |= self.care
        elif event == "resumed":
            self.still = False
            self.opened += [] if entry["line_closed"] else [(self.now, self.connected or 0)]
            self._run(self.connected)
        elif event == "rate-found":
            begin, end = (minutes_of(Instant.parse_iso(entry[key])) for key in ("from", "to"))
            self.rates.append((begin, end, Fraction(entry["rate_ml_per_h"])))
        elif event == "decision" and entry["what"] == "waive":
            self.waived, self.waived_at = self.waived + int(entry["hours"]) * HOUR, self.now
        elif event == "decision" and entry["what"] == "restart":
            runs = self.connected if not self.still else None
            self.other_dose |= self._of_other_dose()
            self.restart, self.restarted, self.care, self.decided = entry, None, False, self.now
            self.restart_revision = max(plan.issue.revision for plan in self.plans if plan.issue)
            if runs is not None and not self._other_dose(runs, self.now):
                self.restarted = self.now  # what runs goes on at the decided dose

    def _of_other_dose(self) -> set[int]:
        """The bag that runs, if it began, or went on after the decision, at another dose than was decided."""
        if self.connected is None or self.still or self.restart is None:
            return set()
        bag, begin, _end = self.runs[-1]
        return {bag} if self._other_dose(bag, max(begin, self.decided)) else set()

    def _run_ends(self) -> None:
        begin = self.runs[-1][1]
        if begin >= self.decided or self.now > self.decided:  # else it came down as soon as that was decided
            self.other_dose |= self._of_other_dose()
        self.runs[-1][2] = self.now

    def _run(self, bag: int | None) -> None:
        self.runs.append([bag, self.now, None])
        if self.restart is not None and self.restarted is None:
            self.restarted = self.now

    def put_in_force(self, plan: Plan) -> None:
        """A revision was issued: what it takes back is no more, what it has is."""
        assert plan.issue
        for gone in plan.issue.superseded:
            if gone.number not in self.hung and self.force.get(gone.number, (0,))[0] == gone.revision:
                del self.force[gone.number]
                self.made.pop(gone.number, None)
                self.out.pop(gone.number, None)
                self.lost.discard(gone.number)
        for bag in plan.bags or ():
            if bag.number not in self.hung and bag.number >= plan.issue.from_bag:
                made_in = self.force[bag.number][0] if bag.number in self.force else plan.issue.revision
                self.force[bag.number] = (made_in, bag)
        self.sessions = {each.number: each.bags for each in plan.sessions or ()}
        self.plans.append(plan)
        self.log.append(self.written("issued", revision=plan.issue.revision))

    # ---- what it comes to ----

    @property
    def course(self) -> int:
        course = self.plans[-1].course
        assert course
        return int(magnitude(course.hours, "h")) * HOUR

    def infused(self) -> int:
        """Minutes in which something was infused."""
        return sum(end - begin for _bag, begin, end, _volume in self.infusing())

    def infusing(self) -> list[tuple[int, int, int, Fraction]]:
        """Bag, begin, end, mL: each run cut at the found rates; a bag gives all that it holds, and never more."""
        found_parts, left = [], {}
        for bag, begin, end in self.runs:
            of_bag = self.force[bag][1]
            left.setdefault(bag, Fraction(magnitude(of_bag.total, "mL") - magnitude(of_bag.primed, "mL")))
            until = self.now if end is None else end
            edges = sorted({begin, until} | {e for one in self.rates for e in one[:2] if begin < e < until})
            for first, last in pairwise(edges):
                found = [rate for start, stop, rate in self.rates if start <= first and last <= stop]
                rate = found[0] if found else Fraction(magnitude(of_bag.rate, "mL/h"))
                if rate:
                    volume = min(left[bag], rate * (last - first) / HOUR)
                    found_parts.append((bag, first, first + int(volume * HOUR / rate), volume))
                    left[bag] -= volume
        return found_parts

    def late(self) -> set[int]:
        """Bags that were connected or ran beyond a limit."""
        found = set()
        for bag, hung in self.hung.items():
            of_bag = self.force[bag][1]
            runs = minutes_of(of_bag.end) - minutes_of(of_bag.start) + 0
            made, out = self.made[bag], self.out.get(bag)
            waits = self.keeps * HOUR - (runs if self.included else 0)
            start_by = made + min(waits, waits if self.within is None else self.within * HOUR)
            # Out of the refrigerator too early it runs less, as long as that is worth a bag to this site.
            worth = min(runs, int(self.reference.site.make_up_from_h * HOUR))
            start_by = start_by if out is None else min(start_by, out + self.room * HOUR - worth)
            down_by = min(hung, hung if out is None else out) + self.room * HOUR
            down_by = min(down_by, made + self.keeps * HOUR) if self.included else down_by
            ended = max(self.now if end is None else end for each, _begin, end in self.runs if each == bag)
            if hung > start_by or ended > down_by:
                found.add(bag)
        return found

    def progress(self, log: list[Entry] | None = None) -> Progress:
        """Where the course stands by the program. Raises `ImpossibleLog`."""
        at = instant_of(self.now)
        return replay(self.plans, read_log(self.log if log is None else log, at), at, self.reference)

    def check_afresh(self, progress: Progress) -> None:
        """Plans and log that went through JSON come to the same."""
        at = instant_of(self.now)
        plans = [through_json(plan) for plan in self.plans]
        again = replay(plans, read_log(json.loads(json.dumps(self.log)), at), at, self.reference)
        for name in AFRESH:
            assert getattr(again, name) == getattr(progress, name), name
        assert again.running == progress.running

    def check_corrected(self, progress: Progress, index: int) -> None:
        """An entry that was mistyped and put right comes to what it would have come to."""
        wrong = [*self.log, self.written("corrects", index=index, replacement=self.log[index])]
        wrong[index] = {"at": self.log[index]["at"], "event": "note", "text": "mistyped"}
        again = self.progress(wrong)
        for name in AFRESH:
            assert getattr(again, name) == getattr(progress, name), name

    def check(self, progress: Progress) -> None:
        """Everything that must hold after every entry."""
        hours = progress.infused_minutes + progress.waived_minutes + progress.due_minutes
        assert hours == progress.course_minutes + progress.over_minutes
        assert not (progress.due_minutes and progress.over_minutes)
        assert progress.course_minutes == self.course
        assert (progress.infused_minutes, progress.waived_minutes) == (self.infused(), self.waived)
        assert {number: minutes_of(at) for number, at in progress.hung.items()} == self.hung
        assert set(progress.late) == self.late()
        assert set(progress.bags) == set(self.force)
        assert not set(progress.usable) & (set(self.hung) | self.lost)
        assert set(progress.usable) <= set(self.made)
        assert (progress.running.bag.number if progress.running else None) == self.connected
        self._check_gaps(progress)
        self._check_told(progress)
        if (running := progress.running) is not None:
            ledger = running.ledger
            parts = ledger.primed + ledger.infused + ledger.to_be_infused + ledger.discarded
            assert abs(ledger.total - parts) < Decimal("1e-20")
            assert ledger.to_be_infused >= 0
            assert ledger.discarded >= 0
            assert running.take_down <= max(running.down_by, progress.at)

    def _check_gaps(self, progress: Progress) -> None:
        """From the first connection on every minute is infused or lies in one gap, which has the worst reason of it."""
        if not self.runs:
            assert progress.gaps == ()
            return
        told = [
            (minutes_of(begin), self.now if end is None else minutes_of(end), why) for begin, end, why in progress.gaps
        ]
        infusing = [(begin, end, "") for _bag, begin, end, _volume in self.infusing() if begin < end]
        at, gap_before = self.runs[0][1], False
        for begin, end, why in sorted([*told, *infusing]):
            assert begin == at
            assert end > begin
            assert not (why and gap_before), "two gaps that are one"
            at, gap_before = end, bool(why)
        if progress.due_minutes:
            assert at == self.now
        else:  # what was waived ended it, if nothing else did
            last = max((end for _begin, end, _why in infusing), default=self.runs[0][1])
            assert at == max(last, self.waived_at)
        for begin, end, why in told:
            entered = [reason for moment, reason in self.stops if begin <= moment <= end]
            assert why in (entered or {"change", "no-bag", "empty", "pump-at-0"})
            assert not entered or why == max(entered, key=lambda each: WORSE[each])
        for _begin, end, _why in progress.gaps:
            assert end is not None or progress.due_minutes

    def _check_told(self, progress: Progress) -> None:
        """Amounts by volume; another rate, another dose and an opened line are told, lost bags are lost."""
        micrograms = sum(
            volume * Fraction(magnitude(self.force[bag][1].concentration, "microgram/mL"))
            for bag, _begin, _end, volume in self.infusing()
        )
        assert abs(Fraction(progress.given_micrograms) - micrograms) < Fraction(1, 10**15)
        expected = set()
        for begin, end, rate in self.rates:
            for bag, first, last in self.runs:
                both = min(end, self.now if last is None else last) - max(begin, first)
                if both > 0 and rate != Fraction(magnitude(self.force[bag][1].rate, "mL/h")):
                    expected.add((bag, begin, rate))
        told = {(each.bag, minutes_of(each.begin), Fraction(each.found)) for each in progress.wrong_rates}
        assert told == expected
        assert len(told) == len(progress.wrong_rates)
        assert set(progress.ran_other_dose) == self.other_dose | self._of_other_dose()
        assert [(minutes_of(moment), bag) for moment, bag in progress.opened] == self.opened
        made_by = {number: revision for number, (revision, _bag) in self.force.items()}
        mine = [each for each in progress.unusable if made_by.get(each.number) == each.revision]
        reasons = {each.number: each.reason for each in mine}
        assert all(reasons[bag] == "lost" for bag in self.lost)
        assert all(reasons[bag] == "used" for bag in set(self.hung) - self.lost - {self.connected})

    def rest(self) -> Rest:
        """The rest of the course, every question answered."""
        reasons = {code: "seen" for code, line in CATALOGUE.items() if line.tier is Tier.JUSTIFY}
        return replan(self.plans, self.log, instant_of(self.now), self.reference, reasons)

    def check_rest(self, rest: Rest) -> None:
        """The bags to come: one after the other, within their limits, none twice, and no more than is due."""
        progress = rest.progress
        numbers = [bag.number for bag in rest.bags]
        assert len(numbers) == len(set(numbers))
        assert not set(numbers) & (set(self.hung) | self.lost)
        at, laid = self.now, 0
        if (hangs := progress.running) is not None and not (self.care or hangs.other_dose):
            laid = max(0, min(minutes_of(hangs.take_down) - self.now, progress.due_minutes))
            at += laid
        for bag in rest.bags:
            assert minutes_of(bag.start) >= at
            at = minutes_of(bag.end)
            laid += at - minutes_of(bag.start)
            assert bag.start <= bag.start_by
            assert bag.end <= bag.down_by
            assert bag.number not in self.made or bag.prepared == instant_of(self.made[bag.number])
        assert not (self.care and rest.bags)
        self._check_hours(rest)
        left = progress.due_minutes - laid
        assert left >= 0
        told = any(each.code == "still-due" for each in rest.findings)
        assert told == bool(left) or self.care
        ways = {way.what: way for way in rest.ways}
        assert bool(ways) == bool(left and self.runs and not self.care)
        if ways:
            assert ways["waive"].minutes == left
            assert 0 <= ways["run-on"].minutes <= left

    def _check_hours(self, rest: Rest) -> None:
        """No bag runs longer than it was made for; a stop of four hours (domain.md section 7) is asked about."""
        for bag in rest.bags:
            if bag.number in self.made:
                planned = self.force[bag.number][1]
                assert (
                    bag.end.timestamp() - bag.start.timestamp() <= planned.end.timestamp() - planned.start.timestamp()
                )
        hangs = rest.progress.running
        moved = any(each.get("sliding") or each.get("what") == "run-on" for each in self.log)
        if hangs is not None and not moved and not hangs.other_dose:
            planned = self.force[hangs.bag.number][1]
            runs = minutes_of(planned.end) - minutes_of(planned.start)
            assert minutes_of(hangs.take_down) <= self.hung[hangs.bag.number] + runs
        if self.runs and not self.care:
            edges = [(minutes_of(bag.start), minutes_of(bag.end)) for bag in rest.bags]
            stops = [later[0] - one[1] for one, later in pairwise(edges)]
            long = any(stop >= 4 * HOUR for stop in stops)
            assert not long or "interrupted-4h" in {each.code for each in rest.findings}

    def issue_rest(self) -> bool:
        """The rest becomes the next revision, where it can; only what it takes back is changed by that."""
        rest = self.rest()
        self.check_rest(rest)
        at = instant_of(self.now)
        try:
            plan = revision_of(rest, "C. Third", "B. Second", at, self.reference, self.plans)
        except NotIssued as error:
            refused = error.reason
        else:
            refused = ""
        if refused:
            assert refused == "nothing-to-come" or any(each.holds_back for each in rest.findings), refused
            return False
        assert read_issued(json.loads(json.dumps(plan.as_json()))) == plan
        before = self.progress()
        self.put_in_force(plan)
        after = self.progress()
        self.check(after)
        for name in UNCHANGED:
            assert getattr(before, name) == getattr(after, name), name
        taken_back = {each.number for each in plan.issue.superseded} if plan.issue else set()
        assert set(after.usable) == set(before.usable) - taken_back
        told = {(each.number, each.reason, each.revision) for each in after.unusable}
        again = {(each.number, each.reason, each.revision) for each in before.unusable}
        assert all(reason == "superseded" for _number, reason, _revision in told - again)
        following = self.rest()
        self.check_rest(following)
        places = [[(bag.number, bag.start, bag.end, bag.rate) for bag in each.bags] for each in (rest, following)]
        assert places[0] == places[1], places
        return True

    def attempt(self, entry: Entry) -> str | None:
        """Give an entry to the program; the reason where it is refused, which must be the one expected here."""
        expected = self.refusal(entry)
        progress, place, reason = None, len(self.log), None
        try:
            progress = self.progress([*self.log, entry])
        except ImpossibleLog as error:
            place, reason = error.index, error.reason
        assert place == len(self.log), entry
        assert reason == expected or (expected == "?" and reason in {None, "runs-on-too-long"}), (entry, expected)
        if progress is not None:
            self.take(entry)
            self.check(progress)
        return reason


def some_entry(ward: Ward, random: Random) -> Entry:
    """An entry that somebody might make, sensible or not."""
    bags = [*ward.force, 99]
    if random.random() < 0.75:  # what comes next in an ordinary course
        return next_entry(ward, random)
    event = random.choice(EVENTS)
    bag = random.choice(bags)
    more: dict[str, Any] = {
        "prepared": {"session": random.choice([*ward.sessions, 77])} if random.random() < 0.5 else {"bag": bag},
        "interrupted": {"reason": random.choice(["technical", "procedure", "adverse-event", "unknown"])},
        "resumed": {"line_closed": random.random() < 0.5, "sliding": random.random() < 0.5},
        "issued": {"revision": random.choice([1, 1, 2, 3])},
        "measured": {"weight_kg": "6.9"},
        "note": {"text": "a remark"},
        "rate-found": _rate_found(ward, random),
        "decision": _decision(random),
    }.get(event, {"bag": bag})
    return ward.written(event, **more)


def next_entry(ward: Ward, random: Random) -> Entry:
    """What an ordinary course has next."""
    free = sorted(set(ward.made) - set(ward.hung) - ward.lost)
    if ward.care:
        return ward.written("decision", what="restart", **_restart(random))
    if ward.connected is not None:
        if ward.still and ward.refusal(ward.written("resumed")) is None:
            return ward.written("resumed", line_closed=True, sliding=random.random() < 0.3)
        if random.random() < 0.35 and not ward.still:
            return ward.written("interrupted", reason=random.choice(["technical"] * 6 + ["adverse-event"]))
        return ward.written("stopped", bag=ward.connected)
    if free and random.random() < 0.8:
        return ward.written("hung", bag=free[0])
    sessions = [number for number, bags in ward.sessions.items() if not set(bags) & set(ward.made)]
    return ward.written("prepared", session=sessions[0]) if sessions else ward.written("note", text="x")


def _restart(random: Random) -> dict[str, Any]:
    more = {"dose_rate": random.choice(["5", "15"]), "prescriber": "P. Prescriber"}
    return more | ({"then": {"after_days": 7, "dose_rate": "15"}} if random.random() < 0.5 else {})


def _decision(random: Random) -> dict[str, Any]:
    what = random.choice(["waive", "waive", "run-on", "run-on", "new-bag", "restart"])
    if what == "restart":
        return {"what": what, "dose_rate": random.choice(["5", "15", "30"]), "prescriber": "P. Prescriber"}
    if what == "new-bag":
        return {"what": what}
    return {"what": what, "hours": random.choice(["1", "3", "12", "700"]), "prescriber": "P. Prescriber"}


def _rate_found(ward: Ward, random: Random) -> dict[str, Any]:
    end = ward.now - random.choice([0, 30, 600])
    begin = end - random.choice([1, 90, 1440])
    rate = random.choice(["0", "0.1", "1.8", "2.5", "3.3", "5", "10", "79.1", "240", "240.1"])
    return {"from": instant_of(begin).format_iso(), "to": instant_of(end).format_iso(), "rate_ml_per_h": rate}
