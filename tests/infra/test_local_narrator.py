"""The stand-in's paragraph about a day is one that the sentinel believes; its lies are none."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.model.narrator import deny, narrate
from workflows.backup.standing import Standing
from workflows.backup.summary_answer import read_answer, told_to_model
from workflows.backup.summary_facts import Facts, Mood, Recovered, Watched
from workflows.backup.summary_truth import Untrue

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TROUBLE = {"alert": "has no fresh backup", "warn": "finished with warnings", "unseen": "cannot be seen"}
MOODS: tuple[Mood, ...] = ("alert", "escalated", "warn", "unseen", "pending", "snoozed", "muted", "waiting")


def watched(number: int, mood: Mood) -> Watched:
    broke = EIGHT - timedelta(hours=5 + number)
    standing = Standing(job_id=f"{mood}-{number}", first_seen=EIGHT, since=EIGHT, broke_at=broke, level="alert")
    return Watched(
        standing=standing, mood=mood, trouble="" if mood in {"fine", "waiting"} else TROUBLE.get(mood, TROUBLE["alert"])
    )


@pytest.mark.parametrize("fine", [0, 1, 24])
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("count", [1, 2, 9])
def test_it_writes_what_is_believed_and_what_it_makes_up_is_not(fine: int, mood: Mood, count: int) -> None:
    jobs = (*(watched(number, mood) for number in range(count)), *(watched(number, "fine") for number in range(fine)))
    facts = Facts(at=EIGHT, zone="UTC", jobs=jobs)
    told = told_to_model(facts)

    assert read_answer(narrate(told), facts).plain is False
    with pytest.raises(Untrue):
        read_answer(deny(told), facts)


def test_a_fine_morning_with_somebody_back() -> None:
    jobs = tuple(watched(number, "fine") for number in range(3))
    facts = Facts(at=EIGHT, zone="UTC", jobs=jobs, recovered=(Recovered(job=jobs[0], lasted=timedelta(hours=6)),))

    assert (
        read_answer(narrate(told_to_model(facts)), facts).text
        == "This morning all 3 backups are fine. {j1} has recovered after 6 h."
    )


def test_a_bad_morning_with_all_that_there_is() -> None:
    jobs = tuple(watched(number, mood) for mood in MOODS for number in range(5))
    facts = Facts(at=EIGHT, zone="UTC", jobs=jobs)

    assert read_answer(narrate(told_to_model(facts)), facts).plain is False
