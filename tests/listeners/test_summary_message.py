"""The summary as it is seen: within Slack's limits whatever stands in the sheet, dense, and honest."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listeners import faces
from listeners.summary_letter import summary_letter
from listeners.summary_message import MESSAGES_MAX, noted, summary_messages
from tests.listeners.block_limits import problems_of_message
from tests.listeners.made import MOMENTS, NASTY, NOW, STANDINGS, ZONE, answered, orders, run
from workflows.backup.canary import NOTES
from workflows.backup.job_id import CANARY
from workflows.backup.standing import Standing
from workflows.backup.summary_facts import Facts, Sight, facts_of
from workflows.backup.summary_paragraph import Paragraph, plain_paragraph
from workflows.kernel.ports import AuditEntry, Json, Message
from workflows.kernel.proposal import Proposal

FINE = orders(state="all_green", level="green", findings=(), break_id="", broke_at=None, missed=0)


def see(standing: Standing, now: datetime) -> Sight:
    return Sight(mood=faces.face(standing, now=now), trouble=faces.trouble(standing))


def known(*standings: Standing, **other: Any) -> Facts:
    told: dict[str, Any] = {"entries": (), "fleet": {"fast_at": NOW.isoformat(), "slow_at": NOW.isoformat()}, "proposals": ()}
    told |= {"unowned": (), "strangers": (), "see": see, "now": NOW, "zone": ZONE}
    return facts_of(standings, **(told | other))


def drawn(facts: Facts, paragraph: Paragraph | None = None) -> list[Message]:
    return summary_messages(facts, paragraph or plain_paragraph(facts), by_mail=False)


def words(messages: Sequence[Message]) -> str:
    blocks = [block for message in messages for block in message.blocks]
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    return "\n".join([*texts, *(one["text"] for block in blocks for one in block.get("elements", ()))])


def fleet(count: int, of: Standing, **row: str) -> list[Standing]:
    return [
        replace(of, job_id=f"job-{n}", row={"name": f"Job {n}", **of.row, **row} | {"name": f"Job {n}"}) for n in range(count)
    ]


def test_the_first_line_tells_and_nothing_is_counted_twice() -> None:
    [message] = drawn(known(orders(), *fleet(30, FINE)))

    assert message.text == "Backups on Saturday, 21 November: 1 of 31 needs attention"
    assert "30 of 31 backups are fine. *Orders database* has no fresh backup, for 22 h now." in words([message])
    assert ":red_circle: *1* failing    :large_green_circle: *30* fine" in words([message])


def test_what_waits_is_muted_snoozed_or_not_seen_is_not_green() -> None:
    others = [
        replace(FINE, job_id="new", state="waiting", runs=(), row={"name": "New", "schedule": "daily 02:00"}),
        orders(job_id="mute", muted=True, answer=answered("mute"), row={"name": "Old CRM"}),
        orders(job_id="nap", snooze_until=NOW + timedelta(days=1), answer=answered("snooze"), row={"name": "Tapes"}),
        replace(FINE, job_id="blind", state="not_observed", row={"name": "Attic"}),
    ]
    facts = known(FINE, *others)
    said = words(drawn(facts))

    assert facts.counts == {"fine": 1, "waiting": 1, "muted": 1, "snoozed": 1, "unseen": 1}
    assert "1 of 5 backups is fine." in said
    assert "*Attic* cannot be seen, so nobody knows how it is." in said
    assert "*Tapes* has no fresh backup, and is snoozed. *Old CRM* has no fresh backup, but is muted." in said
    assert "*New* waits for its first run." in said
    assert ":hourglass:  *New* waits for its first run, due" in said


def test_a_job_that_left_the_list_and_the_weekly_test_are_not_counted() -> None:
    gone = replace(FINE, job_id="gone", state="off_list", since=NOW - timedelta(hours=3), row={"name": "Gone"})
    test = replace(orders(), job_id=CANARY, runs=(run(3, None, source="heartbeat", note=NOTES["arrived"]),))
    facts = known(FINE, gone, test)

    assert len(facts.jobs) == 1
    assert "No longer on the job list, and not watched: *Gone*." in words(drawn(facts))
    assert "the weekly test message arrived on Wednesday" in words(drawn(facts))


@pytest.mark.parametrize(
    ("note", "days", "said"),
    [
        (NOTES["missed"], 3, "The weekly test message of Wednesday did not arrive: alerts may not arrive either."),
        (NOTES["arrived"], 20, "The weekly test has not come since Sunday, 1 November: alerts may not arrive either."),
        (NOTES["held_back"], 3, "the weekly test message of Wednesday was held back until business hours"),
    ],
)
def test_a_weekly_test_that_failed_is_said_aloud(note: str, days: float, said: str) -> None:
    test = replace(orders(), job_id=CANARY, runs=(run(days, None, source="heartbeat", note=note),))

    assert said in words(drawn(known(FINE, test)))


def test_what_is_to_be_known_besides_is_told_in_a_line_each() -> None:
    hours = [(NOW - timedelta(hours=n)).isoformat() for n in (30, 9, 7)]
    stuck = orders(job_id="stuck", pending=NOW - timedelta(hours=1), row={"name": "Stuck"})
    back = replace(
        FINE,
        job_id="back",
        break_id="b",
        broke_at=NOW - timedelta(hours=8),
        ended_at=NOW - timedelta(hours=2),
        row={"name": "Back"},
    )
    proposal = Proposal(
        proposal_id="mail-1", lane="mail", key="vms", cells={"name": "Nightly VMs"}, created=NOW - timedelta(days=2)
    )
    facts = known(
        stuck,
        back,
        fleet={
            "fast_at": NOW.isoformat(),
            "gaps": [{"mode": "fast", "from": hours[1], "to": hours[2]}],
            "held": {"mark": "m", "job_ids": ["stuck", "x"]},
            "notices": {"list_errors:abc": hours[0]},
        },
        entries=[AuditEntry(subject="stuck", at=NOW, action="snooze", by="U1")],
        proposals=[proposal],
        unowned=["back"],
        strangers=["kim@example.com"],
    )
    said = words(drawn(facts))

    for line in (
        "Not everybody could be told yet of *Stuck*",
        "Not observed: the hourly check did not come from",
        "2 rows vanished from the job list at once: *Stuck*, *x*. That is held.",
        "Nobody is named as owner of *Back*, so the admin is told.",
        "This owner has no account here, the admin is told instead: *kim@example.com*.",
        "There are mistakes in the job list since",
        "1 proposal waits for approval, since",
        "Done by people since yesterday: 1 snoozed.",
    ):
        assert line in said, line
    assert "*Back* after 6 h. 1 proposal waits for approval. For 2 h nobody looked; what happened then" in said
    assert said.index(":red_circle:  *Stuck*") < said.index("*Good to know*") < said.index("*Fine* (1)")


def test_while_nobody_looks_nothing_is_called_fine_without_that() -> None:
    facts = known(FINE, fleet={"fast_at": (NOW - timedelta(hours=9)).isoformat(), "slow_at": NOW.isoformat()})
    [message] = drawn(facts)

    assert message.text.endswith("nobody is looking")
    assert "\nNobody has looked since 05:11; what follows was true then. The one backup on the list is fine." in words([message])
    assert not facts.all_fine


def test_a_paragraph_of_the_model_is_shown_as_its_words_with_the_names_put_in() -> None:
    written = Paragraph(text="Only {j1} is failing.", names={"j1": "*<!channel>*"}, plain=False)
    said = words(drawn(known(orders()), written))

    assert "Only *∗&lt;!channel&gt;∗* is failing." in said
    assert "without the model" not in said


def test_nobody_is_mentioned() -> None:
    assert "<@" not in words(drawn(known(orders(), orders(job_id="mute", muted=True, answer=answered("mute")))))


@pytest.mark.parametrize("of", [orders(), FINE, orders(muted=True, answer=answered("mute", until=NOW + timedelta(days=9)))])
@pytest.mark.parametrize("count", [1, 500])
def test_a_line_a_job_within_the_limits_of_slack(of: Standing, count: int) -> None:
    messages = drawn(known(*fleet(count, of)))
    said = words(messages)

    assert [problem for message in messages for problem in problems_of_message(message)] == []
    lines = [line for line in said.split("\n") if "Job " in line and (line.startswith(("•", ":")) and " · " in line)]
    assert len(lines) == count
    assert len(messages) <= 8


@pytest.mark.thorough
def test_thousands_of_jobs_end_somewhere_and_say_so() -> None:
    messages = drawn(known(*fleet(3000, FINE)))

    assert len(messages) == MESSAGES_MAX
    assert "lines more; the app's Home has every job" in words(messages)
    assert [problem for message in messages for problem in problems_of_message(message)] == []


def test_nothing_watched_yet_is_within_the_limits_too() -> None:
    [message] = drawn(known())

    assert problems_of_message(message) == []
    assert message.text == "Backups on Saturday, 21 November: nothing is watched yet"
    assert "three ways" in words([message])


FLEETS = st.fixed_dictionaries(
    {},
    optional={
        "gaps": st.lists(
            st.builds(
                lambda mode, at, to: {"mode": mode, "from": at.isoformat(), "to": to.isoformat()},
                st.sampled_from(["fast", "slow"]),
                MOMENTS,
                MOMENTS,
            ),
            max_size=20,
        ),
        "held": st.fixed_dictionaries({"mark": st.just("m"), "job_ids": st.lists(NASTY, max_size=30)}),
        "fast_at": MOMENTS.map(datetime.isoformat),
    },
)
PROPOSALS = st.builds(
    Proposal, proposal_id=NASTY, lane=NASTY, key=NASTY, cells=st.fixed_dictionaries({"name": NASTY}), created=MOMENTS
)


@pytest.mark.thorough
@settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "15")), deadline=None)
@given(
    standings=st.lists(STANDINGS, max_size=5),
    fleet=FLEETS,
    proposals=st.lists(PROPOSALS, max_size=10),
    strangers=st.lists(NASTY, max_size=12),
)
def test_whatever_stands_in_the_sheet_it_can_be_sent(
    standings: list[Standing], fleet: Json, proposals: list[Proposal], strangers: list[str]
) -> None:
    named = [replace(one, job_id=f"job-{n}") for n, one in enumerate(standings)]
    ids = [one.job_id for one in named]
    facts = known(*named, fleet=fleet, proposals=proposals, strangers=strangers, unowned=ids)
    messages = drawn(facts)

    assert [problem for message in messages for problem in problems_of_message(message)] == []
    assert problems_of_message(noted(messages[0], "is_archived")) == []
    assert "\n" not in messages[0].text
    letter = summary_letter(messages, zone=ZONE, admin="ana@example.com")
    assert "<script" not in letter.html
    assert len(facts.jobs) == sum(facts.counts.values()) == sum(one.state != "off_list" for one in named)
