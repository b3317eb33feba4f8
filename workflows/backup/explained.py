"""Each rule of the three tests, asked once more of a sorted case: what it wants, by which numbers, and what it rests on. Pure."""

from collections.abc import Iterator
from statistics import median

from workflows.backup.baseline import WELL, runs_to_compare, sizes_before, usual_sizes
from workflows.backup.case import Case, Series, newest_good
from workflows.backup.evidence import Run
from workflows.backup.explanation import Limit, Point, PointLevel
from workflows.backup.going import must_end, usual_time
from workflows.backup.lateness import Bound
from workflows.backup.recent import bounds_of
from workflows.backup.right_size import INCREMENTS
from workflows.kernel.quantities import age_text, size_text, window_text


def look_points(case: Case) -> Iterator[Point]:
    """Whether each place could be read; said only where one could not."""
    for target, unseen in sorted(case.unseen.items()):
        yield Point(
            test="look",
            rule="cannot_look",
            level="unknown",
            asks="Every place that its row names can be read.",
            note=unseen.error,
            target=target,
        )


# --- finished ---------------------------------------------------------------------------------------


def finished_points(case: Case) -> Iterator[Point]:
    for target in (*case.objects, *case.claims):
        ended = [run for run in case.runs[target] if run.outcome not in {"running", "unsure"}]
        yield Point(
            test="finished",
            rule="failed",
            asks="The last run ended well.",
            level="ok" if ended else "idle",
            run=ended[0] if ended else None,
            note="" if ended else "no run has ended yet",
            target=_named(case, target),
        )
        yield from _going(case, target)
    if case.objects and case.claims:
        yield from _claims(case)


def _going(case: Case, target: str) -> Iterator[Point]:
    """Of each kind whose newest run is still going."""
    factor = Limit(
        "warning after", f"{case.thresholds.running_factor:g} times its usual time", case.thresholds.where("running_factor")
    )
    for series in case.series[target]:
        run = series.runs[0] if series.runs else None
        if run is None or run.outcome != "running" or run.started is None:
            continue
        usual = usual_time(series)
        yield Point(
            test="finished",
            rule="not_ended",
            level="ok",
            asks="A run that is going ends in time.",
            limits=(factor,),
            run=run,
            holds_until=must_end(case, series, run.started),
            note=f"it usually takes {age_text(usual)}" if usual is not None else "how long it usually takes is not known yet",
            target=_named(case, target),
        )


def _claims(case: Case) -> Iterator[Point]:
    numbers = case.thresholds
    patience = max(numbers.claim_warn_min, case.period * numbers.claim_warn_share)
    limit = Limit("warning after", window_text(patience), numbers.where("claim_warn_min"))
    unseen = [target for target in case.objects if target in case.unseen]
    level: PointLevel = "unknown" if len(unseen) == len(case.objects) else "ok"
    for target in case.claims:
        said = newest_good(case.runs[target])
        yield Point(
            test="finished",
            rule="said_not_landed",
            level=level if said is not None else "idle",
            asks="What was said to be done has landed.",
            limits=(limit, Limit("alert after", window_text(case.period), _period_set_in(case))),
            run=said,
            note="" if said is not None else "nothing was said yet",
            target=_named(case, target),
        )
        yield Point(
            test="finished",
            rule="landed_not_said",
            level=level,
            asks="What landed was also said to be done.",
            limits=(limit,),
            target=_named(case, target),
        )


# --- recent -----------------------------------------------------------------------------------------


def recent_points(case: Case) -> Iterator[Point]:
    """Each bound of each stream, with the newest good run that it is about."""
    for stream, last, bounds in bounds_of(case):
        target = stream.targets[0] if len(stream.targets) == 1 else ""
        unseen = any(one in case.unseen and case.unseen[one].checks > 1 for one in stream.targets)
        for bound in bounds:
            level = "unknown" if unseen else _level(case, bound)
            yield Point(
                test="recent",
                rule=bound.rule,
                asks=_recency_asked(case, bound),
                level=level,
                limits=tuple(_recency_limits(case, bound)),
                run=last,
                holds_until=bound.warn_at if level == "ok" else None,
                note=_recency_note(last, level),
                target=_named(case, target),
            )


def _level(case: Case, bound: Bound) -> PointLevel:
    if bound.alert_at <= case.now:
        return "alert"
    return "warn" if bound.warn_at <= case.now else "ok"


def _recency_note(last: Run | None, level: PointLevel) -> str:
    if last is None:
        return "there was no good run yet"
    return "that time has passed" if level in {"warn", "alert"} else ""


def _recency_asked(case: Case, bound: Bound) -> str:
    schedule = case.job.schedule
    match bound.rule:
        case "slot_missed" if schedule is not None:
            return f"A good run comes {schedule.text}, at most {window_text(schedule.slack)} late."
        case "never_ran":
            return "A first good run comes within one period of being watched."
    return f"The newest good run is never older than {window_text(case.period)}."


def _recency_limits(case: Case, bound: Bound) -> Iterator[Limit]:
    schedule, numbers = case.job.schedule, case.thresholds
    if schedule is not None and bound.rule != "too_old":
        yield Limit("schedule", schedule.text, "row")
        yield Limit("slack", window_text(schedule.slack), "built in")
    if numbers.window is not None and bound.rule != "slot_missed":
        yield Limit("window", window_text(numbers.window), numbers.where("window"))
    if case.job.critical:
        yield Limit("critical", "alerts at once", "row")
    elif bound.rule != "never_ran":
        yield Limit("alert at most", f"{window_text(numbers.late_alert_max)} later", numbers.where("late_alert_max"))


def _period_set_in(case: Case) -> str:
    return case.thresholds.where("window") if case.thresholds.window is not None else "row"


# --- right size -------------------------------------------------------------------------------------


def size_points(case: Case) -> Iterator[Point]:
    """Of each target that tells sizes; where none does, that this is so."""
    told = [target for target in (*case.objects, *case.claims) if any(run.size is not None for run in case.history[target])]
    for target in told:
        series = _main(case, target)
        newest = next((run for run in series.runs if run.outcome in WELL and run.size is not None), None)
        yield Point(
            test="right_size",
            rule="empty",
            asks="The last backup is not empty.",
            level="ok" if newest is not None else "idle",
            run=newest,
            note="" if newest is not None else "no run that ended well tells its size",
            target=_named(case, target),
        )
        if target == told[0] or target in case.objects:
            yield _least(case, target, newest)
        yield _usual(case, series, newest)
        yield _unlike(case, target, newest)
    if not told:
        yield Point(
            test="right_size",
            rule="empty",
            level="idle",
            asks="The last backup is as large as usual.",
            note="no run tells its size",
        )


def _main(case: Case, target: str) -> Series:
    """The kind whose runs are usually the largest: the one that the least size is meant for."""
    return max(
        case.series[target], key=lambda series: median([run.size for run in series.history if run.size is not None] or [0])
    )


def _least(case: Case, target: str, newest: Run | None) -> Point:
    least = case.thresholds.min_size
    if least is None:
        asks, note = "The last backup has at least its least size.", "no min_size is set; a row or the rules can set one"
        return Point(test="right_size", rule="under_min_size", asks=asks, level="idle", note=note, target=_named(case, target))
    return Point(
        test="right_size",
        rule="under_min_size",
        asks=f"The last backup is at least {size_text(least)}.",
        level="ok" if newest is not None else "idle",
        limits=(
            Limit("min_size", size_text(least), case.thresholds.where("min_size")),
            Limit("alert under", f"half of that, {size_text(least // 2)}", "built in"),
        ),
        run=newest,
        target=_named(case, target),
    )


def _usual(case: Case, series: Series, newest: Run | None) -> Point:
    """Against the median of the runs before; too few of them are nothing to compare with."""
    numbers = case.thresholds
    sizes = usual_sizes(sizes_before(newest, runs_to_compare(case, series)), numbers) if newest is not None else ()
    level: PointLevel = "ok"
    if series.kind in INCREMENTS:
        note, level = "an increment is as large as what changed", "idle"
    elif len(sizes) < numbers.baseline_runs_min:
        since = " since somebody said that the size is right" if case.baseline_from is not None else ""
        note = f"it takes {numbers.baseline_runs_min} earlier runs with a size{since}, and there are {len(sizes)}"
        level = "idle"
    else:
        note = f"usual is {size_text(int(median(sizes)))}, the median of the last {len(sizes)}"
    return Point(
        test="right_size",
        rule="shrank",
        asks="The last backup is not much smaller than usual.",
        level=level,
        limits=(
            Limit("warning when", f"{numbers.shrink_warn:.0%} smaller", numbers.where("shrink_warn")),
            Limit("alert when", f"{numbers.shrink_alert:.0%} smaller", numbers.where("shrink_alert")),
        ),
        run=newest,
        note=note,
        target=_named(case, series.target),
    )


def _unlike(case: Case, target: str, newest: Run | None) -> Point:
    count = case.thresholds.same_size_runs
    tells = newest is not None and newest.etag != ""
    return Point(
        test="right_size",
        rule="identical",
        asks="The last backups are not the same to the byte.",
        level="ok" if tells else "idle",
        limits=(Limit("warning when", f"{count} in a row, where sizes used to differ", case.thresholds.where("same_size_runs")),),
        run=newest if tells else None,
        note="" if tells else "nothing tells whether their content is the same",
        target=_named(case, target),
    )


def _named(case: Case, target: str) -> str:
    """A target is named only where the job has several."""
    return target if len(case.objects) + len(case.claims) > 1 else ""
