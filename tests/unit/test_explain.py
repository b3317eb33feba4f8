"""Why a job stands as it does: every rule of the judge with its numbers, its evidence, and what would put it right."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.judged import COPY, HEARTBEAT, LONG_AGO, NOW, REPORT, S3, H, going, run
from workflows.backup.evidence import Run, Unseen
from workflows.backup.explain import explain
from workflows.backup.explanation import Explanation, Limit, Point
from workflows.backup.findings import Finding
from workflows.backup.job import Job
from workflows.backup.joblist import job_from_cells
from workflows.backup.remedies import remedy
from workflows.backup.rules import parse_rules
from workflows.backup.standing import Standing, State
from workflows.backup.verdict import judge

RULES = parse_rules("[defaults]\nshrink_warn: 25 %\n[group database]\nmin_size: 50 B\n", config={"running_factor": "4"})
ROW = {"job_id": "orders-db", "name": "Orders", "target": S3.text, "window": "26h", "group": "database"}
STATES: dict[str, State] = {
    "green": "all_green",
    "waiting": "waiting",
    "unseen": "not_observed",
    "warn": "warn",
    "alert": "alert",
}
DAY = 24 * H


def judged(
    *runs: Run,
    row: Mapping[str, str] = ROW,
    first_seen: datetime = LONG_AGO,
    unseen: tuple[Unseen, ...] = (),
    doubts: Mapping[str, str] | None = None,
    **other: Any,
) -> Standing:
    """The standing that a check would have left at noon."""
    job = job_from_cells(row, timezone="UTC", rules=RULES)
    assert isinstance(job, Job), job
    in_order = tuple(sorted(runs, key=lambda one: one.at))
    verdict = judge(job, RULES.thresholds(job), runs=in_order, first_seen=first_seen, now=NOW, unseen=unseen, doubts=doubts)
    known: dict[str, Any] = {
        "state": STATES[verdict.level],
        "findings": verdict.findings,
        "runs": in_order,
        "unseen": unseen,
        "missed": verdict.missed,
    }
    return Standing(job_id="orders-db", first_seen=first_seen, since=NOW, row=dict(row), **(known | other))


def why(standing: Standing) -> Explanation:
    return explain(standing, rules=RULES, timezone="UTC", now=NOW)


def point(explanation: Explanation, rule: str) -> Point:
    return next(one for one in explanation.points if one.rule == rule)


FINE = [run(1 + 24 * day, etag=f"e{day}") for day in range(1, 9)]
BOTH = {**ROW, "target": f"{S3.text} heartbeat"}
NIGHTLY = {**ROW, "schedule": "daily 02:00", "window": ""}
TWICE = (Unseen(target=S3.text, error="AccessDenied", since=NOW - 3 * H, checks=2),)
DIFFERENT = [run(2 + 24 * day, size=100 + day, etag=f"e{day}") for day in range(3, 9)]

BROKEN: dict[str, tuple[Standing, str]] = {
    "failed": (judged(run(2, outcome="failed", note="disk full"), *FINE), "a later run that ends well"),
    "with_warnings": (judged(run(2, outcome="warning"), *FINE), "a later run that ends without warnings"),
    "not_ended": (judged(going(NOW - 40 * H), *FINE, row=BOTH), "the run that is going ends well, or a newer one does"),
    "runs_long": (
        judged(
            going(NOW - 5 * H),
            *(run(24 * day, target=HEARTBEAT, started=NOW - 24 * day * H - H) for day in range(1, 5)),
            row={**ROW, "target": "heartbeat"},
        ),
        "the run that is going ends well",
    ),
    "said_not_landed": (judged(run(20, target=HEARTBEAT), *FINE[2:], row=BOTH), "the backup that was said to be done lands"),
    "landed_not_said": (
        judged(run(10), run(40, target=HEARTBEAT), *FINE, row=BOTH),
        "its script or tool says so again",
    ),
    "too_old": (judged(run(30), *FINE[1:]), "a good run"),
    "slot_missed": (judged(run(34), row=NIGHTLY), "a good run"),
    "never_ran": (judged(), "its first good run"),
    "nothing_left": (judged(*(replace(one, gone=True) for one in FINE)), "a good run that stays where it landed"),
    "cannot_see": (judged(run(40), unseen=TWICE), "it can be read again"),
    "unsure": (
        judged(run(40), run(4, outcome="unsure", note="segments vanished"), row=NIGHTLY),
        "a run that leaves no doubt",
    ),
    "unsure_listing": (
        judged(run(2), doubts={S3.text: "more than 200 pages"}),
        "a listing that leaves no doubt, at the next full look",
    ),
    "empty": (judged(run(2, size=0), *FINE), "a run that is not empty"),
    "under_min_size": (judged(run(2, size=30)), "a run of at least 50 B; or, if it is meant to be smaller, another min_size"),
    "shrank": (judged(run(2, size=70), *FINE), "a run of its usual size; or, if it is meant to be this small, say"),
    "identical": (
        judged(*(run(2 + 24 * day, size=100, etag="same") for day in range(3)), *DIFFERENT),
        "a run with other content",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_every_rule_of_the_judge_is_explained_with_its_finding_and_its_remedy(rule: str) -> None:
    standing, mends = BROKEN[rule]
    explanation = why(standing)

    (finding,) = [one for one in standing.findings if one.rule == rule]
    told = point(explanation, rule)
    assert (told.finding, told.level, told.test) == (finding, finding.level, finding.test)
    assert any(one.startswith(mends) for one in explanation.remedies), explanation.remedies
    assert not explanation.trouble


@pytest.mark.parametrize("rule", BROKEN)
def test_each_finding_stands_in_exactly_one_place(rule: str) -> None:
    standing, _ = BROKEN[rule]
    told = [one.finding for one in why(standing).points if one.finding is not None]
    assert sorted(told, key=repr) == sorted(standing.findings, key=repr)


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("too_old", Limit("window", "26 h", "row")),
        ("slot_missed", Limit("schedule", "daily 02:00", "row")),
        ("shrank", Limit("warning when", "25% smaller", "[defaults]")),
        ("under_min_size", Limit("min_size", "50 B", "[group database]")),
        ("runs_long", Limit("warning after", "4 times its usual time", "/bk/config")),
        ("identical", Limit("warning when", "3 in a row, where sizes used to differ", "built in")),
        ("said_not_landed", Limit("alert after", "26 h", "row")),
    ],
)
def test_every_number_says_where_it_was_set(rule: str, limit: Limit) -> None:
    assert limit in point(why(BROKEN[rule][0]), rule).limits


def test_a_job_that_is_fine_is_explained_as_well_as_one_that_is_not() -> None:
    explanation = why(judged(run(2, etag="e"), *FINE))
    assert {one.rule for one in explanation.points if one.level == "ok"} == {
        "failed", "too_old", "empty", "under_min_size", "shrank", "identical",
    }  # fmt: skip
    assert explanation.remedies == ()
    assert point(explanation, "too_old").holds_until == NOW + 24 * H
    assert point(explanation, "too_old").run == run(2, etag="e")
    assert explanation.changes_at == NOW + 24 * H
    assert explanation.compared.sound == run(2, etag="e")
    assert explanation.compared.since is None


def test_what_cannot_be_asked_says_why() -> None:
    explanation = why(judged(run(2), row={**ROW, "group": ""}))
    assert point(explanation, "under_min_size").level == "idle"
    assert "no min_size is set" in point(explanation, "under_min_size").note
    assert point(explanation, "shrank").note == "it takes 3 earlier runs with a size, and there are 0"
    assert point(explanation, "identical").level == "idle"


def test_a_baseline_that_was_reset_is_told() -> None:
    explanation = why(judged(run(2), *FINE, baseline_from=NOW - 4 * H))
    assert point(explanation, "shrank").note == (
        "it takes 3 earlier runs with a size since somebody said that the size is right, and there are 0"
    )


def test_a_job_that_waits_for_its_first_run_says_until_when() -> None:
    explanation = why(judged(first_seen=NOW - H))
    first = point(explanation, "never_ran")
    assert (first.level, first.holds_until) == ("ok", NOW + 25 * H)
    assert explanation.compared.sound is None


def test_a_place_that_cannot_be_read_makes_what_is_known_of_it_uncertain_not_late() -> None:
    explanation = why(judged(run(10), unseen=TWICE))
    look = point(explanation, "cannot_look")
    assert (look.level, look.note, look.target) == ("unknown", "AccessDenied", S3.text)
    assert point(explanation, "too_old").level == "unknown"


def test_where_it_is_unsure_whether_a_run_came_no_other_bound_says_that_it_is_late() -> None:
    standing = judged(run(40), run(4, outcome="unsure"), row={**NIGHTLY, "window": "26h"})
    assert {one.level for one in why(standing).points if one.test == "recent"} == {"warn", "unknown"}


def test_the_next_run_is_told_by_its_slot_and_its_slack() -> None:
    explanation = why(judged(run(34), row=NIGHTLY))
    assert explanation.expected == datetime(2026, 11, 22, 2, tzinfo=NOW.tzinfo)
    assert explanation.latest == datetime(2026, 11, 22, 4, tzinfo=NOW.tzinfo)


def test_a_job_of_several_targets_names_the_one_that_it_asks_about() -> None:
    explanation = why(judged(run(2), run(2, target=COPY), row={**ROW, "target": f"{S3.text} {COPY.text}"}))
    asked = [one.target for one in explanation.points if one.rule == "failed"]
    assert sorted(asked) == sorted([S3.text, COPY.text])
    assert {one.target for one in why(judged(run(2))).points} == {""}


def test_a_run_that_is_going_tells_how_long_such_runs_take_and_until_when_it_may() -> None:
    past = [run(24 * day, target=HEARTBEAT, started=NOW - 24 * day * H - H) for day in range(1, 5)]
    standing = judged(going(NOW - H), *past, row={**ROW, "target": "heartbeat"})
    told = point(why(standing), "not_ended")
    assert (told.level, told.note) == ("ok", "it usually takes 60 min")
    assert told.holds_until is not None
    assert told.holds_until > NOW


# --- what was different ------------------------------------------------------------------------------


def test_the_last_run_of_a_usual_size_stands_beside_the_one_that_shrank() -> None:
    compared = why(BROKEN["shrank"][0]).compared
    assert compared.sound == FINE[0]
    assert compared.since == run(2, size=70)
    assert compared.differences == ("it was 100 B, this one is 70 B (30% smaller)",)


def test_a_failure_is_set_beside_the_last_success_with_what_it_said_and_how_long_it_took() -> None:
    good = run(26, started=NOW - 27 * H)
    bad = run(2, outcome="failed", note="disk full", size=None, started=NOW - 8 * H)
    assert why(judged(good, bad)).compared.differences == (
        "it ended well, this one failed: disk full",
        "it was 100 B, this one does not say its size",
        "it took 60 min, this one 6 h",
    )


def test_backups_that_are_the_same_say_so() -> None:
    standing = BROKEN["identical"][0]
    (finding,) = standing.findings
    assert finding.rule == "identical"
    compared = why(standing).compared
    assert compared.differences == ("nothing: they are the same to the byte",)


def test_where_nothing_came_there_is_only_the_last_good_run() -> None:
    compared = why(judged(run(30))).compared
    assert (compared.sound, compared.since, compared.differences) == (run(30), None, ())


def test_increments_are_compared_with_increments() -> None:
    full, inc = run(50, kind="full", size=9000), run(26, kind="inc", size=10)
    bad = run(2, kind="inc", outcome="failed", size=5)
    assert why(judged(full, inc, bad)).compared.sound == inc


# --- what may not be known ---------------------------------------------------------------------------


def test_a_row_that_the_rules_no_longer_read_still_tells_its_findings() -> None:
    finding = Finding(test="recent", level="alert", rule="too_old", says="Too old.", threshold="26 h", set_in="[defaults]")
    standing = judged(run(2), findings=(finding,))
    explanation = why(replace(standing, row={**ROW, "window": "soon"}))
    assert explanation.trouble.startswith("window: ")
    (told,) = explanation.points
    assert (told.finding, told.limits) == (finding, (Limit("limit", "26 h", "[defaults]"),))
    assert explanation.remedies == ("a good run",)


def test_a_job_whose_row_is_not_known_says_so() -> None:
    assert why(Standing(job_id="x", first_seen=NOW, since=NOW)).trouble == "its row is not known yet"


def test_a_finding_of_a_rule_that_is_not_known_here_is_told_by_itself() -> None:
    finding = Finding(test="look", level="warn", rule="of_tomorrow", says="Something new.")
    explanation = why(judged(run(2), findings=(finding,)))
    assert point(explanation, "of_tomorrow").finding == finding
    assert explanation.remedies == (remedy(finding),)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=25), timedelta(days=400)])
def test_an_explanation_is_as_of_now_whatever_was_stored(age: timedelta) -> None:
    """Nothing raises, and what has passed by now is not said to hold."""
    standing = judged(run(2), *FINE)
    explanation = explain(standing, rules=RULES, timezone="UTC", now=NOW + age)
    assert all(one.holds_until is None or one.holds_until > NOW + age for one in explanation.points if one.level == "ok")


def test_what_reports_say_is_evidence_as_well() -> None:
    explanation = why(judged(run(2, target=REPORT), row={**ROW, "target": "report"}))
    assert point(explanation, "too_old").run == run(2, target=REPORT)
