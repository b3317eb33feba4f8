from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from workflows.backup.reports.moments import at_clock, clock_of, day_of, moment_of, order_of

EAST = timezone(timedelta(hours=1))
AT = datetime(2026, 11, 19, 2, 0, 1)  # noqa: DTZ001 - as a text without a zone gives it


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-19T02:00:01+01:00", AT.replace(tzinfo=EAST)),
        ("2026-11-19T02:00:01.123Z", AT.replace(tzinfo=UTC, microsecond=123000)),
        ("19.11.2026 02:00:01 Uhr", AT),
        ("Thu Nov 19 02:00:01 CET 2026", AT.replace(tzinfo=EAST)),
        ("11/19/2026 2:00:01 AM", AT),
        ("Thursday, November 19, 2026 2:00:01 AM", AT),
        ("jeudi 19 novembre 2026 à 02h00", AT.replace(second=0)),
        ("Donnerstag, 19. November 2026 02:00:01", AT),
        ("19 de noviembre de 2026 a las 2:00", AT.replace(second=0)),
        ("19-Nov-2026 02:00:01", AT),
        ("Thu, 19 Nov 2026 02:00:01 +0100", AT.replace(tzinfo=EAST)),
        ("2026年11月19日 02:00:01", AT),
        ("2026/11/19 下午 2:00:01", AT.replace(hour=14)),
        ("20261119T020001Z", AT.replace(tzinfo=UTC)),
        ("web01-2026-11-19_02-00-01", AT),
        ("2026-11-19 02:00:01 (UTC+01:00)", AT.replace(tzinfo=EAST)),
        ("02:00 on 19 Nov 2026", AT.replace(second=0)),
        ("2026-11-18 24:00", datetime(2026, 11, 19)),  # noqa: DTZ001 - the same
    ],
)
def test_a_moment_is_read_in_any_spelling(text: str, moment: datetime) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize("text", ["19-Nov 20:00", "2026-11-19", "10.1.12.5 22:00", "2026-13-40 02:00", "", "31.02.2026 02:00"])
def test_what_names_no_day_and_time_is_none(text: str) -> None:
    assert moment_of(text) is None


def test_the_end_of_a_span_is_no_offset() -> None:
    assert moment_of("2026-11-20 02:00-03:00") == datetime(2026, 11, 20, 2)  # noqa: DTZ001 - no zone is stated


def test_what_could_be_two_days_is_neither() -> None:
    assert moment_of("11/12/2026 01:00") is None
    assert moment_of("11/12/2026 01:00", "dmy") == datetime(2026, 12, 11, 1)  # noqa: DTZ001 - no zone is stated
    assert day_of("11/12/2026", "mdy") == date(2026, 11, 12)
    assert day_of("11/11/2026") == date(2026, 11, 11)


def test_other_dates_of_the_text_or_the_day_of_the_mail_tell_what_comes_first() -> None:
    assert order_of("from 11/12/2026 to 13/12/2026") == "dmy"
    assert order_of("from 11/12/2026 to 11/13/2026") == "mdy"
    assert order_of("13/12/2026 and 12/13/2026") == ""
    assert order_of("on 11/12/2026", datetime(2026, 12, 11, 5, tzinfo=UTC)) == "dmy"
    assert order_of("on 11/12/2026", datetime(2026, 11, 12, 5, tzinfo=UTC)) == "mdy"
    assert order_of("on 11/12/2026", datetime(2027, 6, 1, tzinfo=UTC)) == ""


def test_a_time_of_day_is_put_on_its_day_or_the_one_after() -> None:
    assert clock_of("10:31:02 PM") == time(22, 31, 2)
    assert clock_of("02h15") == time(2, 15)
    assert clock_of("soon") is None
    evening = datetime(2026, 11, 19, 23, 50, tzinfo=EAST)
    assert at_clock(evening, time(0, 12)) == datetime(2026, 11, 20, 0, 12, tzinfo=EAST)
    assert at_clock(evening.date(), time(0, 12)) == datetime(2026, 11, 19, 0, 12)  # noqa: DTZ001 - a bare day has no zone
