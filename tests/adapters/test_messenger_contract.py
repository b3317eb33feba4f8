"""One contract for Messenger and Directory: in memory, and on the Web API of a strict workspace."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault, FaultKind, MemoryDirectory, MemoryMessenger
from bolt_app.adapters.slack import SlackDirectory, SlackMessenger, slack_client
from infra.local.slack.testing import RunningWorkspace, running_workspace
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Directory, Member, Message, Messenger

SAM, GUS = "U0SAM", "U0GUS"
LONG_AGO = timedelta(minutes=5)


@dataclass
class World:
    """A workspace seen from both sides: what we send, and what people then see."""

    messenger: Messenger
    directory: Directory
    now: Callable[[], datetime]
    fail: Callable[[str, FaultKind], None]
    shown: Callable[[], list[str]]


def said(text: str) -> Message:
    return Message(text=text, blocks=({"type": "section", "text": {"type": "mrkdwn", "text": text}},))


def in_memory() -> World:
    messenger = MemoryMessenger(
        [
            Member(user_id=SAM, email="sam@example.com", name="Sam Owner"),
            Member(user_id=GUS, email="gus@example.com", name="Gus Guest", guest=True),
        ],
        now=datetime(2026, 11, 21, 6, 11, tzinfo=UTC),
    )
    return World(
        messenger=messenger,
        directory=MemoryDirectory(messenger, {"S0ADMINS": frozenset({"U0ANA", SAM})}),
        now=lambda: messenger.now,
        fail=lambda _, kind: messenger.fail_next(Fault(kind=kind, retry_after_seconds=7)),
        shown=lambda: [posted.message.text for posted in messenger.said_to(SAM)],
    )


KINDS = {"rate_limited": "429", "refused": "error:is_archived", "lost": "500", "answer_lost": "lost"}


def on_slack(workspace: RunningWorkspace) -> World:
    client = slack_client(workspace.bot_token, base_url=workspace.api_url, timeout_seconds=2)
    return World(
        messenger=SlackMessenger(client, team_id=workspace.team),
        directory=SlackDirectory(client, team_id=workspace.team),
        now=lambda: datetime.now(UTC),
        fail=lambda method, kind: workspace.faults({"method": method, "kind": KINDS[kind], "times": 1, "seconds": 7}),
        shown=lambda: [text for message in workspace.messages(user=SAM) for text in _texts(message)],
    )


def _texts(message: dict[str, object]) -> list[str]:
    replies = message.get("replies")
    return [str(message["text"]), *(str(reply["text"]) for reply in (replies if isinstance(replies, list) else []))]


@pytest.fixture(params=["memory", "slack"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield in_memory()
        return
    with running_workspace(posts_per_second=0, tiers=False) as workspace:
        yield on_slack(workspace)


def test_a_person_is_found_by_address_in_any_case(world: World) -> None:
    assert world.messenger.member_by_email("Sam@Example.com") == Member(user_id=SAM, email="sam@example.com", name="Sam Owner")
    assert world.messenger.member_by_email("nobody@example.com") is None


def test_a_person_is_found_by_id_and_a_guest_is_called_one(world: World) -> None:
    assert world.directory.member(SAM) == Member(user_id=SAM, email="sam@example.com", name="Sam Owner")
    guest = world.directory.member(GUS)
    assert guest is not None
    assert guest.guest
    assert world.directory.member("U0NOBODY") is None


def test_a_group_is_its_people(world: World) -> None:
    assert world.directory.group("S0ADMINS") == {"U0ANA", SAM}
    with pytest.raises(Refused):
        world.directory.group("S0NONE")


def test_a_conversation_is_opened_once_and_keeps_its_id(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    assert channel.startswith("D")
    assert world.messenger.open_dm(SAM) == channel
    with pytest.raises(Refused):
        world.messenger.open_dm("U0NOBODY")


def test_a_message_is_posted_found_by_its_id_and_rewritten(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    ts = world.messenger.post(channel, said("it broke"), message_id="m1")
    assert world.messenger.find(channel, message_id="m1", since=world.now()) == ts
    world.messenger.update(channel, ts, said("it is back"))
    assert world.shown() == ["it is back"]
    assert world.messenger.find(channel, message_id="m1", since=world.now()) == ts


def test_what_was_never_posted_is_not_found(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.messenger.post(channel, said("it broke"), message_id="m1")
    assert world.messenger.find(channel, message_id="m2", since=world.now() - LONG_AGO) is None


def test_what_was_posted_long_before_is_not_found(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.messenger.post(channel, said("it broke"), message_id="m1")
    assert world.messenger.find(channel, message_id="m1", since=world.now() + LONG_AGO) is None


def test_a_reply_is_found_in_its_thread_and_in_the_conversation_only_when_it_was_broadcast(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    ts = world.messenger.post(channel, said("it broke"), message_id="m1")
    quiet = world.messenger.post(channel, said("quiet"), message_id="m2", thread_ts=ts)
    loud = world.messenger.post(channel, said("loud"), message_id="m3", thread_ts=ts, broadcast=True)
    assert world.messenger.find(channel, message_id="m2", since=world.now(), thread_ts=ts) == quiet
    assert world.messenger.find(channel, message_id="m2", since=world.now()) is None
    assert world.messenger.find(channel, message_id="m3", since=world.now(), thread_ts=ts) == loud
    assert world.messenger.find(channel, message_id="m3", since=world.now()) == loud


def test_the_start_of_a_thread_is_found_in_it_too(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    ts = world.messenger.post(channel, said("it broke"), message_id="m1")
    world.messenger.post(channel, said("quiet"), message_id="m2", thread_ts=ts)
    assert world.messenger.find(channel, message_id="m1", since=world.now(), thread_ts=ts) == ts


def test_refused_for_rate_says_how_long_to_wait_and_nothing_was_posted(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.fail("chat.postMessage", "rate_limited")
    with pytest.raises(RateLimited) as limited:
        world.messenger.post(channel, said("it broke"), message_id="m1")
    assert limited.value.retry_after_seconds == 7
    assert world.shown() == []


def test_a_refusal_is_permanent(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.fail("chat.postMessage", "refused")
    with pytest.raises(Refused) as refused:
        world.messenger.post(channel, said("it broke"), message_id="m1")
    assert refused.value.permanent
    assert world.shown() == []


def test_a_server_that_breaks_down_leaves_it_open_whether_it_was_posted(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.fail("chat.postMessage", "lost")
    with pytest.raises(Unanswered):
        world.messenger.post(channel, said("it broke"), message_id="m1")
    assert world.messenger.find(channel, message_id="m1", since=world.now()) is None


def test_a_lost_answer_is_not_tried_again_and_the_message_is_found(world: World) -> None:
    channel = world.messenger.open_dm(SAM)
    world.fail("chat.postMessage", "answer_lost")
    with pytest.raises(Unanswered):
        world.messenger.post(channel, said("it broke"), message_id="m1")
    assert world.shown() == ["it broke"]
    assert world.messenger.find(channel, message_id="m1", since=world.now()) is not None


def test_an_unknown_conversation_or_message_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="channel_not_found"):
        world.messenger.post("D0NOBODY", said("hello"), message_id="m1")
    channel = world.messenger.open_dm(SAM)
    with pytest.raises(Refused, match="message_not_found"):
        world.messenger.update(channel, "1.000001", said("hello"))
