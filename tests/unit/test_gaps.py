from datetime import UTC, datetime, timedelta

from tests.flows.company import ANA, ORDERS, Company
from workflows.backup.check import Order
from workflows.backup.gaps import GAPS_MAX, gap_before, now_blind, remembered

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def stamped(mode: str, ago: timedelta) -> dict[str, object]:
    return {f"{mode}_at": (NOON - ago).isoformat()}


def test_an_hourly_check_that_comes_within_ninety_minutes_leaves_no_gap() -> None:
    assert gap_before(stamped("fast", timedelta(minutes=90)), "fast", NOON) is None
    assert gap_before({}, "fast", NOON) is None


def test_a_longer_silence_is_a_span_that_was_not_observed() -> None:
    assert gap_before(stamped("fast", 5 * HOUR), "fast", NOON) == {
        "mode": "fast",
        "from": (NOON - 5 * HOUR).isoformat(),
        "to": NOON.isoformat(),
    }
    assert gap_before(stamped("slow", 25 * HOUR), "slow", NOON) is None
    assert gap_before(stamped("slow", 26 * HOUR), "slow", NOON) is not None


def test_a_span_is_kept_once_and_only_so_many_are() -> None:
    gap = gap_before(stamped("fast", 5 * HOUR), "fast", NOON)
    kept = remembered({}, gap)
    assert remembered({"gaps": kept}, gap) == kept
    assert remembered({"gaps": kept}, None) == kept
    many = [{"mode": "fast", "from": str(n), "to": str(n)} for n in range(GAPS_MAX)]
    assert len(remembered({"gaps": many}, gap)) == GAPS_MAX


def test_what_nobody_observes_just_now_is_known() -> None:
    assert now_blind(stamped("fast", 2 * HOUR) | stamped("slow", HOUR), NOON) == [
        {"mode": "fast", "from": (NOON - 2 * HOUR).isoformat()}
    ]
    assert now_blind({}, NOON) == []


def test_the_admin_hears_of_a_span_once() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.sleep(hours=6)
    company.look()
    [notice] = company.messages(ANA)
    assert "not observed" in notice.message.text
    company.check(Order(mode="fast"))
    company.settle()
    assert len(company.messages(ANA)) == 1
    assert len(company.standings.fleet()["gaps"]) == 1
