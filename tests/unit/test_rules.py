"""The rules document: which number counts for a job, and where it was set."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.job import Job, Target
from workflows.backup.rules import NUMBERS, Rules, parse_rules
from workflows.backup.thresholds import BUILT_IN, Thresholds
from workflows.kernel.quiet import QuietHours


def job(
    *,
    job_id: str = "orders-db",
    name: str = "Orders database",
    group: str = "",
    owner_email: str = "",
    window: timedelta | None = None,
) -> Job:
    return Job(
        job_id=job_id,
        name=name,
        group=group,
        owner_email=owner_email,
        window=window,
        timezone="UTC",
        targets=(Target("heartbeat"),),
    )


def rules(text: str, **config: str) -> Rules:
    read = parse_rules(text, config=config)
    assert read.mistakes == ()
    return read


EVERY_LAYER = """
[defaults]
window: 30h
[group database]
window: 20h
[job orders-db]
window: 10h
"""


def test_without_rules_all_numbers_are_built_in() -> None:
    numbers = rules("").thresholds(job())

    assert numbers == Thresholds()
    assert Rules().thresholds(job()) == numbers
    assert {numbers.where(name) for name in NUMBERS} == {BUILT_IN}


@pytest.mark.parametrize(
    ("text", "group", "window", "expected", "where"),
    [
        (EVERY_LAYER, "database", timedelta(hours=5), timedelta(hours=5), "row"),
        (EVERY_LAYER, "database", None, timedelta(hours=10), "[job orders-db]"),
        (EVERY_LAYER.replace("[job orders-db]", "[job Ledger]"), "Database", None, timedelta(hours=20), "[group database]"),
        (EVERY_LAYER.replace("[job orders-db]", "[job Ledger]"), "files", None, timedelta(hours=30), "[defaults]"),
        ("", "database", None, timedelta(hours=40), "/bk/config"),
    ],
)
def test_the_nearest_place_decides_and_is_named(
    text: str, group: str, window: timedelta | None, expected: timedelta, where: str
) -> None:
    numbers = rules(text, window="40h").thresholds(job(group=group, window=window))

    assert (numbers.window, numbers.where("window")) == (expected, where)


def test_each_number_takes_its_own_way() -> None:
    numbers = rules(
        "[defaults]\nremind every: 2d\nmin size: 5 MB\n[group database]\nmin size: 1 GB", shrink_threshold="40 %"
    ).thresholds(job(group="database"))

    assert (numbers.remind_every, numbers.min_size, numbers.shrink_warn) == (timedelta(days=2), 10**9, 0.4)
    assert numbers.set_in == {"remind_every": "[defaults]", "min_size": "[group database]", "shrink_warn": "/bk/config"}


def test_a_job_section_names_the_id_or_the_name() -> None:
    for heading in ("[job ORDERS-DB]", "[job orders  database]", "[job “Orders database”]"):
        assert rules(f"{heading}\nbaseline runs: 9").thresholds(job()).baseline_runs == 9


def test_the_escalation_section_stands_above_the_defaults() -> None:
    read = rules("[escalation]\nescalate after: 8h\nto: boss@acme.example, cto@acme.example\n[defaults]\nescalate after: 2d")

    assert read.thresholds(job()).escalate_after == timedelta(hours=8)
    assert read.thresholds(job()).where("escalate_after") == "[escalation]"
    assert read.escalation(job()) == ("boss@acme.example", "cto@acme.example")


def test_a_group_or_a_job_may_escalate_to_someone_else() -> None:
    read = rules(
        "[escalation]\nto: boss@acme.example\n[group database]\nescalate to: dba@acme.example\n"
        "[job vault]\nescalate to: cto@acme.example"
    )

    assert read.escalation(job(group="files")) == ("boss@acme.example",)
    assert read.escalation(job(group="database")) == ("dba@acme.example",)
    assert read.escalation(job(job_id="vault", group="database")) == ("cto@acme.example",)
    assert Rules().escalation(job()) == ()


def test_the_owner_comes_from_the_row_then_the_group_then_the_admin() -> None:
    read = rules("[group database]\nowner: Dba@acme.example")

    assert read.owner(job(group="database", owner_email="sam@acme.example"), "admin@acme.example") == ("sam@acme.example", "row")
    assert read.owner(job(group="database"), "admin@acme.example") == ("dba@acme.example", "group")
    assert read.owner(job(group="files"), "admin@acme.example") == ("admin@acme.example", "admin")


def test_quiet_hours_have_a_default_and_can_be_written() -> None:
    text = "[quiet hours]\nhours: 20:00–07:30\nworking days: sun-thu\n"
    text += "[holidays]\ncountry: DE-BY\ndates: 2026-12-24\n2026-12-31: year's end"

    assert rules("").quiet_hours == QuietHours(quiet_from=time(18), quiet_to=time(8), working_days=frozenset({0, 1, 2, 3, 4}))
    assert rules(text, quiet_hours="1-2", holidays="SG").quiet_hours == QuietHours(
        quiet_from=time(20),
        quiet_to=time(7, 30),
        working_days=frozenset({6, 0, 1, 2, 3}),
        holidays=frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
        country="DE",
        subdivision="BY",
    )


def test_the_configuration_gives_quiet_hours_where_the_document_does_not() -> None:
    quiet = rules("[quiet hours]\nworking days: mon-sat", quiet_hours="19:00-09:00", holidays="SG").quiet_hours

    assert (quiet.quiet_from, quiet.quiet_to, len(quiet.working_days), quiet.country) == (time(19), time(9), 6, "SG")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("[defaults]\nshrink alert: 20 %", 2, "shrink_warn (0.3) is above shrink_alert (0.2, [defaults])"),
        ("[group db]\nshrink warn: 70 %", 2, "shrink_warn (0.7) is above shrink_alert (0.6, built in)"),
        (
            "[defaults]\nshrink alert: 50 %\n[job a]\nshrink warn: 0.55",
            4,
            "shrink_warn (0.55) is above shrink_alert (0.5, [defaults])",
        ),
        ("[defaults]\nbaseline runs: 2", 2, "baseline_runs_min (3) is above baseline_runs (2, [defaults])"),
    ],
)
def test_numbers_that_contradict_each_other_are_a_mistake(text: str, line: int, problem: str) -> None:
    assert [(mistake.line, mistake.problem) for mistake in parse_rules(text, config={}).mistakes] == [(line, problem)]


def test_one_large_shrink_threshold_of_the_configuration_counts_for_both() -> None:
    numbers = rules("", shrink_threshold="0.7").thresholds(job())

    assert (numbers.shrink_warn, numbers.shrink_alert, numbers.where("shrink_alert")) == (0.7, 0.7, "/bk/config")


def test_a_bad_parameter_is_a_mistake_that_names_it_and_changes_nothing() -> None:
    read = parse_rules(
        "", config={"shrink_threshold": "lots", "quiet_hours": "nights", "max_snoozes_per_break": "-1", "timezone": "UTC"}
    )

    assert [(mistake.line, mistake.text) for mistake in read.mistakes] == [
        (0, "/bk/config/max_snoozes_per_break"),
        (0, "/bk/config/shrink_threshold"),
        (0, "/bk/config/quiet_hours"),
    ]
    assert read.thresholds(job()) == Thresholds()
    assert read.quiet_hours == QuietHours()


def test_sections_nobody_answers_to_are_named() -> None:
    read = rules("[group databse]\nowner: a@x.example\n[job orders-db]\nwindow: 2d\n[job Ledgr]\nwindow: 2d")

    assert [(mistake.line, mistake.text) for mistake in read.unused([job(group="database")])] == [
        (1, "[group databse]"),
        (5, "[job Ledgr]"),
    ]


lines = st.one_of(
    st.sampled_from(["[defaults]", "[group db]", "[job a]", "[quiet hours]", "[holidays]", "[escalation]", "2026-12-24: x"]),
    st.tuples(
        st.sampled_from([*NUMBERS, "owner", "hours", "country", "dates", "to"]),
        st.one_of(st.text(max_size=8), st.sampled_from(["1", "2d", "30 %"])),
    ).map(": ".join),
    st.text(max_size=20),
)


@given(
    st.lists(lines, max_size=12).map("\n".join),
    st.dictionaries(st.sampled_from([*NUMBERS, "quiet_hours", "holidays", "shrink_threshold"]), st.text(max_size=8)),
)
@settings(max_examples=150, deadline=None)
def test_any_document_gives_usable_numbers(text: str, config: dict[str, str]) -> None:
    read = parse_rules(text, config=config)
    numbers = read.thresholds(job(job_id="a", group="db"))

    assert 0 <= numbers.shrink_warn <= 1
    assert numbers.escalate_after > timedelta(0)
    assert read.quiet_hours.working_days
