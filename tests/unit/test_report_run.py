"""What is recorded of a report, and what is believed of its times."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from workflows.backup.claimed import claimed_runs
from workflows.backup.report_run import Arrival, check_in_of, ended_at, sighting_of
from workflows.backup.reports.report import Report

CAME = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
MAIL = Arrival("1@example.com", "m1", CAME, CAME - timedelta(seconds=20))


def ended(report: Report, *, zone: str = "UTC", mail: Arrival = MAIL) -> tuple[datetime, bool]:
    found = ended_at(report, zone, mail)
    return found.at, bool(found.doubt)


def said(**facts: Any) -> Report:
    return Report(**{"tool": "restic", "status": "success", **facts})


def test_a_time_with_a_zone_is_that_moment_and_one_without_is_of_the_jobs_clock() -> None:
    singapore = timezone(timedelta(hours=8))
    assert ended(said(finished=datetime(2026, 11, 19, 10, 10, tzinfo=singapore))) == (
        datetime(2026, 11, 19, 2, 10, tzinfo=UTC),
        False,
    )
    local = said(finished=datetime(2026, 11, 19, 10, 10))  # noqa: DTZ001 - as a report without a zone has it
    assert ended(local, zone="Asia/Singapore") == (datetime(2026, 11, 19, 2, 10, tzinfo=UTC), False)


def test_a_start_and_a_duration_make_an_end() -> None:
    began = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)
    assert ended(said(started=began, duration=timedelta(minutes=45))) == (began + timedelta(minutes=45), False)


def test_without_an_end_it_counts_when_it_was_sent() -> None:
    assert ended(said()) == (MAIL.sent, False)
    assert ended(said(started=datetime(2026, 11, 19, 1, 0, tzinfo=UTC))) == (MAIL.sent, False)


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(hours=8), timedelta(days=4000)])
def test_a_time_that_lies_ahead_is_not_believed_and_that_is_said(ahead: timedelta) -> None:
    assert ended(said(finished=CAME + ahead)) == (CAME, True)
    assert "lies ahead" in check_in_of(said(finished=CAME + ahead), MAIL, job_id="j", zone="UTC", number=1).note


def test_a_clock_that_runs_a_little_ahead_is_forgiven() -> None:
    assert ended(said(finished=CAME + timedelta(minutes=2))) == (CAME, False)


def test_a_mail_of_today_may_tell_of_a_backup_of_long_ago() -> None:
    for days in (29, 31, 90, 800):
        assert ended(said(finished=CAME - timedelta(days=days))) == (CAME - timedelta(days=days), False)


def test_a_time_that_means_never_is_no_success() -> None:
    for never in (datetime(1970, 1, 1, tzinfo=UTC), datetime(1, 1, 1), datetime(1980, 1, 1, 0, 0, 1)):  # noqa: DTZ001 - as it is written
        told = check_in_of(said(finished=never, status="success"), MAIL, job_id="tape", zone="UTC", number=1)
        assert (told.ran_at, told.outcome) == (CAME, "unsure")
    assert ended(said(finished=datetime(2000, 1, 1, 0, 12, tzinfo=UTC))) == (CAME, True)


def test_a_time_that_cannot_be_is_put_aside() -> None:
    assert ended(said(finished=datetime(1970, 1, 1, tzinfo=UTC))) == (CAME, True)
    assert ended(said(finished=datetime.max.replace(tzinfo=UTC))) == (CAME, True)


def test_an_old_report_that_is_forwarded_today_tells_of_then() -> None:
    for days in (60, 700):
        then = CAME - timedelta(days=days)
        forwarded = Arrival("2@example.com", "m2", CAME, then)
        assert ended(said(finished=then - timedelta(hours=1)), mail=forwarded) == (then - timedelta(hours=1), False)
        assert ended(said(), mail=forwarded) == (then, False)


def test_a_sender_whose_clock_is_years_off_counts_when_it_came() -> None:
    for sent in (datetime(2000, 1, 1, tzinfo=UTC), CAME + timedelta(days=1)):
        assert ended(said(), mail=Arrival("3@example.com", "m3", CAME, sent)) == (CAME, False)


def test_a_day_without_a_time_is_some_time_of_that_day_never_later_than_the_mail() -> None:
    assert ended(said(day=date(2026, 11, 18))) == (datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC), False)
    assert ended(said(day=date(2026, 11, 19))) == (MAIL.sent, False)
    assert ended(said(day=date(2026, 11, 19)), zone="Asia/Singapore") == (MAIL.sent, False)
    assert ended(said(day=date(2026, 11, 20))) == (CAME, True)


@pytest.mark.parametrize(
    ("status", "outcome", "good"),
    [("success", "ok", True), ("warning", "warning", True), ("failure", "failed", False), ("unknown", "unsure", False)],
)
def test_each_status_becomes_a_run_and_what_is_unknown_is_never_good(status: str, outcome: str, good: bool) -> None:
    check_in = check_in_of(said(status=status, size=5, said="so it says"), MAIL, job_id="j", zone="UTC", number=1)
    (run,) = claimed_runs((), [check_in])
    assert (check_in.outcome, run.outcome, run.good, run.target, run.size) == (outcome, outcome, good, "report", 5)


def test_a_run_that_still_goes_on_is_open_until_its_end_is_reported() -> None:
    began = CAME - timedelta(minutes=10)
    start = check_in_of(said(status="running", started=began), MAIL, job_id="j", zone="UTC", number=1)
    (going,) = claimed_runs((), [start])
    assert (going.outcome, going.started) == ("running", began)
    later = Arrival("4@example.com", "m4", CAME + timedelta(hours=1), CAME + timedelta(hours=1))
    (over,) = claimed_runs((going,), [check_in_of(said(), later, job_id="j", zone="UTC", number=1)])
    assert (over.outcome, over.started, over.finished) == ("ok", began, later.sent)


def test_the_same_mail_makes_the_same_mark_and_two_runs_in_it_make_two() -> None:
    one, two = (check_in_of(said(), MAIL, job_id="j", zone="UTC", number=number) for number in (1, 2))
    again = check_in_of(said(), MAIL._replace(key="m9", received=CAME + timedelta(days=1)), job_id="j", zone="UTC", number=1)
    assert one.once == again.once != two.once
    assert one.sk != again.sk
    assert one.sk < again.sk
    assert (one.source, one.ref) == ("report", "m1")


def test_a_sighting_says_what_a_proposal_learns_from() -> None:
    report = said(status="running", host="db1", series="nightly", job="nightly-7", finished=datetime(2026, 11, 19, 10, 0))  # noqa: DTZ001
    assert sighting_of(report, MAIL, zone="Asia/Singapore", number=2) == {
        "id": f"{MAIL.mark}-2",
        "at": "2026-11-19T02:00:00+00:00",
        "outcome": "unknown",
        "size": None,
        "started": None,
        "finished": "2026-11-19T02:00:00+00:00",
        "ref": "m1",
        "tool": "restic",
        "host": "db1",
        "job": "nightly",
    }
