"""The rest of a course: what is still to be infused, laid out from now on; the issued plan itself never changes.

Later changes keep their clock times. A bag that cannot be used is made anew; what an interruption cost is made up after
the last bag, unless it is so little that somebody must decide. Nothing is laid out while a prescriber has to decide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.findings import Finding, Tier, answered, finding
from dosing_app.core.quantities import exact_arithmetic, magnitude, plain
from dosing_app.course.bags import hours_of
from dosing_app.course.happened import hours_words
from dosing_app.course.issue import differs
from dosing_app.course.log import Happened, Resumed, read_log
from dosing_app.course.plan import Bag, Plan, Session
from dosing_app.course.progress import Progress
from dosing_app.course.replay import replay
from dosing_app.course.rest_bags import earliest, from_now, laid_out, moments_of, of_running, stretches_of
from dosing_app.course.ways import NewWeight, Resume, Way, may_resume, new_weight_of, resume_of, ways_of
from dosing_app.reference.bundle import Reference

SCHEMA = "dosing-app/replan/1"
_JUDGEMENT = "judgement, no source"


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of a course.

    Attributes:
        plans: the revisions as they were issued.
        progress: where the course stands.
        bags: still to come, in order; those that are planned keep their numbers.
        sessions: still to be held, with the bags that they make.
        findings: about the log and the rest.
        ways: to deal with what is still due and no bag is laid out for.
        resume: what resuming now would mean; None where nothing is interrupted or a prescriber comes first.
        new_weight: what the last re-weighing would give beside the unchanged ordered dose.
        names: everyone who issued, recorded or prescribed, as typed.
    """

    plans: tuple[Plan, ...]
    progress: Progress
    bags: tuple[Bag, ...]
    sessions: tuple[Session, ...]
    findings: tuple[Finding, ...]
    ways: tuple[Way, ...] = ()
    resume: Resume | None = None
    new_weight: NewWeight | None = None
    names: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The revision in force."""
        return self.progress.plan


def replan(
    plans: Sequence[Plan],
    entries: Sequence[Mapping[str, Any]],
    at: Instant,
    reference: Reference,
    reasons: Mapping[str, str],
    *,
    sliding: bool = False,
) -> Rest:
    """The rest of a course from its plans and its log.

    Args:
        plans: the issued revisions of the course, or one plan that was not issued.
        entries: the log as JSON has it, in the order in which things happened.
        at: now.
        reference: product data and site of the plans.
        reasons: answers to findings, by code.
        sliding: as if the interrupted bag were resumed now and later changes moved by the stop.

    Raises:
        ImpossibleLog: with the entry.
    """
    return rest_of(plans, read_log(entries, at), at, reference, reasons, sliding=sliding)


def rest_of(
    plans: Sequence[Plan],
    log: Sequence[Happened],
    at: Instant,
    reference: Reference,
    reasons: Mapping[str, str],
    *,
    sliding: bool = False,
) -> Rest:
    """The rest of a course from its plans and a log that was read (`log.read_log`, or `store.status.happened`)."""
    progress = replay(plans, log, at, reference)
    if sliding and may_resume(progress):
        resumed = Resumed(event="resumed", at=at, line_closed=True, sliding=True)
        progress = replay(plans, [*log, Happened(len(log), resumed)], at, reference)
    with exact_arithmetic():
        changed = _differs(progress.plan, reference)
        moments = from_now(moments_of(progress, reference), minutes_of(at))
        stretches, cannot_wait = stretches_of(progress, moments, reference)
        bags, sessions, refused = laid_out(stretches, progress, moments, reference)
        laid = sum(minutes_of(bag.end) - minutes_of(bag.start) for bag in bags)
        left = progress.due_minutes - of_running(progress) - laid
        findings = [
            *([] if changed is None else [changed]),
            *_gap_findings(progress, reference),
            *_bed_findings(progress),
            *_restart_findings(progress, reference),
            *_over(progress, reference),
            *([finding("cannot-wait", actual=str(len(cannot_wait)), bags=cannot_wait)] if cannot_wait else []),
            *_stops_to_come(progress, bags, reference),
            *_shortened(progress, bags),
            *_still_due(progress, left),
            *refused,
        ]
        return Rest(
            plans=tuple(plans),
            progress=progress,
            bags=bags,
            sessions=sessions,
            findings=tuple(answered(_answered_before(findings, progress.plan), dict(reasons))),
            ways=ways_of(
                progress, left, bags, earliest(progress, moments, reference), can_be_made=bool(bags) or not refused
            ),
            resume=resume_of(progress),
            new_weight=new_weight_of(progress, reference),
            names=_names(plans, log),
        )


def _answered_before(findings: Sequence[Finding], plan: Plan) -> list[Finding]:
    """The findings, each with the reason that the revision in force was issued with, if it is the very same."""
    known = {_question(each): each.reason for each in plan.findings if each.reason}
    return [each.model_copy(update={"reason": known.get(_question(each), "")}) for each in findings]


def _question(each: Finding) -> tuple[Any, ...]:
    return each.code, each.tier, each.actual, each.bags, tuple(sorted(each.values.items()))


def _names(plans: Sequence[Plan], log: Sequence[Happened]) -> tuple[str, ...]:
    """Everyone who issued, recorded or prescribed, in the order of appearance."""
    issues = [plan.issue for plan in plans if plan.issue is not None]
    named = [name for each in issues for name in (each.entered_by, each.checked_by, each.issued_by)]
    for each in log:
        named += [each.event.by, getattr(each.event, "prescriber", "")]
    return tuple(dict.fromkeys(name for name in (" ".join(each.split()) for each in named) if name))


_differing: dict[tuple[str, ...], tuple[Plan, Finding | None]] = {}
_KEPT = 16  # plans of which it is known whether they come out the same today


def _differs(plan: Plan, reference: Reference) -> Finding | None:
    """Whether the plan comes out otherwise today; worked out once for a plan, since it means to calculate it anew.

    An issued plan is known by its checksum: it is read from the register again and again.
    """
    seal = plan.issue.digest if plan.issue is not None else f"not issued: {id(plan)}"
    key = (seal, reference.product.checksum, reference.site.digest, repr(reference.protocol))
    found = _differing.get(key)
    if found is None:
        if len(_differing) >= _KEPT:
            _differing.pop(next(iter(_differing)))
        found = _differing[key] = (plan, differs(plan, reference))
    return found[1]


def _gap_findings(progress: Progress, reference: Reference) -> Iterator[Finding]:
    """Stops of four hours or more, gaps of more than seven days, and a restart that nobody has decided."""
    long = int(reference.limits.value("long_gap_h") * MINUTES_PER_HOUR)
    weeks = int(reference.limits.value("new_cycle_after_days") * 24 * MINUTES_PER_HOUR)
    source = reference.limits.shown("long_gap_h")
    for begin, end, reason in progress.gaps:
        minutes = minutes_of(end or progress.at) - minutes_of(begin)
        if minutes >= long:
            yield finding(
                "interrupted-4h",
                actual=hours_words(minutes),
                limit=f"{plain(reference.limits.value('long_gap_h'))} h",
                source=source,
                begin=begin.format_iso(),
                cause=reason,
            )
        if minutes > weeks:
            yield finding(
                "gap-7d",
                actual=f"{minutes // (24 * MINUTES_PER_HOUR)} days",
                limit=f"{plain(reference.limits.value('new_cycle_after_days'))} days",
                source=reference.limits.shown("new_cycle_after_days"),
                begin=begin.format_iso(),
            )
    if progress.late:
        yield finding("past-limit", actual=str(len(progress.late)), bags=progress.late)


def _bed_findings(progress: Progress) -> Iterator[Finding]:
    """Bags of another dose than decided, a pump at another rate, and a line that was opened. [J]"""
    if other := progress.ran_other_dose:
        yield finding("other-dose", actual=str(len(other)), source=_JUDGEMENT, bags=other)
    for each in progress.wrong_rates:
        yield finding(
            "wrong-rate",
            actual=plain(each.found),
            limit=plain(each.planned),
            source=_JUDGEMENT,
            bags=(each.bag,),
            values=_moment_values(each.begin, progress),
            hours=hours_words(each.minutes),
            given=plain(each.given),
            would_give=plain(each.would_give),
        )
    for begin, bag in progress.opened:
        yield finding("line-opened", source=_JUDGEMENT, bags=(bag,), values=_moment_values(begin, progress))


def _moment_values(moment: Instant, progress: Progress) -> dict[str, str]:
    """When it began, and the same by the clock at the bed."""
    assert progress.plan.order is not None
    return {"begin": moment.format_iso(), "begin_local": moment.to_tz(progress.plan.order.zone).format_iso()}


def _stops_to_come(progress: Progress, bags: Sequence[Bag], reference: Reference) -> Iterator[Finding]:
    """Stops of four hours or more in the rest that is laid out: no bag can run by then."""
    if not progress.begun or progress.wants_restart:
        return
    limit, now = reference.limits.value("long_gap_h"), minutes_of(progress.at)
    at = now + of_running(progress)
    if at == now and progress.gaps and progress.gaps[-1][1] is None:
        at = minutes_of(progress.gaps[-1][0])  # nothing runs since then
    for bag in bags:
        minutes = minutes_of(bag.start) - at
        if minutes >= limit * MINUTES_PER_HOUR > now - at:  # one that is so long already is told
            yield finding(
                "interrupted-4h",
                actual=hours_words(minutes),
                limit=f"{plain(limit)} h",
                source=reference.limits.shown("long_gap_h"),
                values={"from": instant_of(at).format_iso()},
                cause="planned",
            )
        at = minutes_of(bag.end)


def _shortened(progress: Progress, bags: Sequence[Bag]) -> Iterator[Finding]:
    """Bags that were taken out of the refrigerator too early to run until their change."""
    for bag in bags:
        planned = progress.planned.get(bag.number)
        made = progress.made.get(bag.number)
        if planned is None or made is None or made.out is None or bag.session or bag.end != bag.down_by:
            continue
        less = min(planned.end, minutes_of(bag.start) + planned.runs) - minutes_of(bag.end)
        if less > 0:
            yield finding("shortened", actual=hours_words(less), bags=(bag.number,))


def _restart_findings(progress: Progress, reference: Reference) -> Iterator[Finding]:
    """A restart that nobody has decided, or one whose lower dose rate is kept to the end."""
    limits = reference.limits
    published = {
        "first": plain(limits.value("restart_dose_micrograms_per_m2_per_day")),
        "days": plain(limits.value("restart_step_after_days")),
        "then": plain(limits.value("restart_step_micrograms_per_m2_per_day")),
    }
    source = limits.shown("restart_dose_micrograms_per_m2_per_day")
    if progress.wants_restart:
        yield finding("restart-dose", source=source, values=published, reason=progress.cause)
        return
    restart = progress.restart
    if restart is None or restart.dose_rate is None or not progress.due_minutes:
        return
    rate = magnitude(restart.dose_rate, "microgram/m^2/day")
    if rate > limits.value("restart_dose_micrograms_per_m2_per_day"):
        values = {**published, "above": "yes"}
        yield finding("restart-dose", Tier.NOTE, actual=plain(rate), source=source, values=values)
        return
    highest = max(magnitude(phase.dose_rate, "microgram/m^2/day") for phase in reference.protocol.phases)
    if restart.then is None and rate < highest:
        yield finding("restart-dose", Tier.NOTE, actual=plain(rate), source=source, values=published)


def _over(progress: Progress, reference: Reference) -> Iterator[Finding]:
    """Infused beyond the course: as little as nobody would make up is a note."""
    if progress.over_minutes:
        much = progress.over_minutes >= reference.site.make_up_from_h * MINUTES_PER_HOUR
        yield finding("over", Tier.JUSTIFY if much else Tier.NOTE, actual=hours_words(progress.over_minutes))


def _still_due(progress: Progress, minutes: int) -> list[Finding]:
    """What no bag is laid out for."""
    if minutes <= 0 or progress.wants_restart:
        return []
    return [finding("still-due", actual=hours_words(minutes))]


def rest_json(rest: Rest) -> dict[str, Any]:
    """`dosing-app replan --json` (cli.md)."""
    progress = rest.progress
    issued = rest.plan.as_json()
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "complete": not any(each.holds_back for each in rest.findings),
        **{key: issued[key] for key in ("order", "bsa", "daily_dose", "course", "versions") if key in issued},
        "at_utc": progress.at.format_iso(),
        "infused_h": _hours(progress.infused_minutes),
        "waived_h": _hours(progress.waived_minutes),
        "due_h": _hours(progress.due_minutes),
        "over_h": _hours(progress.over_minutes),
        "given_micrograms": plain(progress.given_micrograms),
        "running_bag": _running_json(progress),
        "usable_bags": list(progress.usable),
        "unusable_bags": [
            {"bag": each.number, "reason": each.reason, "revision": each.revision} for each in progress.unusable
        ],
        "bags": [bag.model_dump(mode="json", by_alias=True) for bag in rest.bags],
        "sessions": [session.model_dump(mode="json", by_alias=True) for session in rest.sessions],
        "findings": [each.model_dump(mode="json") for each in rest.findings],
        "ways": [_way_json(way) for way in rest.ways],
    }
    if rest.resume is not None:
        content["resume"] = _resume_json(rest.resume)
    if rest.new_weight is not None:
        content["new_weight"] = _new_weight_json(rest.new_weight)
    return content


def _way_json(way: Way) -> dict[str, Any]:
    return {
        "what": way.what,
        "hours": _hours(way.minutes),
        "begin_utc": way.begin.format_iso() if way.begin else None,
        "end_utc": way.end.format_iso() if way.end else None,
        "whole": way.whole,
        "now": way.now,
        "why_not": way.why_not,
    }


def _resume_json(resume: Resume) -> dict[str, Any]:
    return {
        "bag": resume.bag,
        "stopped_h": _hours(resume.stopped_minutes),
        "delivered_ml": plain(resume.delivered),
        "infused_ml": plain(resume.infused),
        "left_ml": plain(resume.left),
        "take_down_utc": resume.take_down.format_iso(),
        "to_be_infused_ml": plain(resume.to_be_infused),
        "sliding_take_down_utc": resume.sliding_take_down.format_iso(),
        "sliding_to_be_infused_ml": plain(resume.sliding_to_be_infused),
        "down_by_utc": resume.down_by.format_iso(),
        "allowed": resume.allowed,
        "whole_allowed": resume.whole_allowed,
    }


def _new_weight_json(new: NewWeight) -> dict[str, Any]:
    return {
        "at_utc": new.at.format_iso(),
        "weight_kg": plain(new.weight),
        "length_cm": plain(new.length),
        "length_measured": new.length_measured,
        "m2": plain(new.area),
        "would_give_micrograms_per_day": plain(new.would_give),
        "ordered_micrograms_per_day": plain(new.ordered),
        "percent": plain(new.percent),
        "z_moved": None if new.z_moved is None else plain(new.z_moved),
        "tell": new.tell,
    }


def _hours(minutes: int) -> str:
    return plain(magnitude(hours_of(minutes), "h"))


def _running_json(progress: Progress) -> dict[str, Any] | None:
    if progress.running is None:
        return None
    running = progress.running
    return {
        "bag": running.bag.number,
        "kind": running.bag.kind,
        "rate_ml_per_h": plain(magnitude(running.bag.rate, "mL/h")),
        "connected_utc": running.connected.format_iso(),
        "take_down_utc": running.take_down.format_iso(),
        "down_by_utc": running.down_by.format_iso(),
        "interrupted_since_utc": running.interrupted_since.format_iso() if running.interrupted_since else None,
        "total_ml": plain(running.ledger.total),
        "primed_ml": plain(running.ledger.primed),
        "infused_ml": plain(running.ledger.infused),
        "to_be_infused_ml": plain(running.ledger.to_be_infused),
        "discarded_ml": plain(running.ledger.discarded),
        "in_bag_ml": plain(running.ledger.in_bag),
    }
