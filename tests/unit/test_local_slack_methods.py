"""The Web API of the local Slack, called without HTTP and with a clock in hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.slack.args import Args
from infra.local.slack.errors import SlackError
from infra.local.slack.limits import Limits
from infra.local.slack.manifest import manifest
from infra.local.slack.methods import SCOPES_USED, answer
from infra.local.slack.people import BOT_USER, directory
from infra.local.slack.workspace import Manifest, Workspace

Json = dict[str, Any]
NOW = 1_800_000_000.0


TOKEN = "xoxb-1"


class Slack:
    """A workspace with the app's token; `now` moves by hand."""

    def __init__(self, scopes: frozenset[str] = SCOPES_USED, limits: Limits | None = None, **manifest: Any) -> None:
        limits = limits or Limits(posts_per_second=0, tiers=False)
        self.workspace = Workspace(directory=directory(), manifest=Manifest(scopes=scopes, **manifest), limits=limits)
        self.now = NOW
        self.token = TOKEN

    def __call__(self, method: str, **args: object) -> Json:
        return answer(self.workspace, method, Args(args), token=self.token, bot_token=TOKEN, now=self.now)

    def refused(self, method: str, **args: object) -> Json:
        with pytest.raises(SlackError) as refusal:
            self(method, **args)
        return refusal.value.body | {"status": refusal.value.status, "headers": refusal.value.headers}

    def error(self, method: str, **args: object) -> str:
        return str(self.refused(method, **args)["error"])


@pytest.fixture
def slack() -> Slack:
    return Slack()


HOME = {"type": "home", "blocks": [{"type": "divider"}]}
LONG = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
HUGE = {"event_type": "bk", "event_payload": {"a": "x" * 9000}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Snooze"}, "blocks": [{"type": "divider"}]}


@pytest.mark.parametrize(("sent", "error"), [("", "not_authed"), ("another", "invalid_auth"), (TOKEN, None)])
def test_only_the_bot_token_gets_in(slack: Slack, sent: str, error: str | None) -> None:
    slack.token = sent

    if error:
        assert slack.error("auth.test") == error
    else:
        assert slack("auth.test")["user_id"] == BOT_USER


def test_a_method_that_is_not_played_here_is_unknown(slack: Slack) -> None:
    assert slack.error("chat.scream") == "unknown_method"


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", {"channel": "C0BACKUPS", "text": "x"}, "chat:write"),
        ("conversations.open", {"users": "U0ANA"}, "im:write"),
        ("conversations.history", {"channel": "C0BACKUPS"}, "channels:history"),
        ("users.lookupByEmail", {"email": "ana@example.com"}, "users:read.email"),
        ("users.info", {"user": "U0ANA"}, "users:read"),
        ("usergroups.users.list", {"usergroup": "S0ADMINS"}, "usergroups:read"),
    ],
)
def test_a_scope_that_was_not_granted_is_named(method: str, args: Json, needed: str) -> None:
    refused = Slack(scopes=frozenset({"commands"})).refused(method, **args)

    assert (refused["error"], refused["needed"], refused["provided"]) == ("missing_scope", needed, "commands")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "D0ANA", "text": "x"}, "channel_not_found"),
        ({"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": BOT_USER, "text": "x"}, "cannot_dm_bot"),
        ({"channel": "C0BACKUPS"}, "no_text"),
        ({"channel": "C0BACKUPS", "text": "x", "attachments": [{"text": "y"}]}, "invalid_arguments"),
        ({"channel": "C0BACKUPS", "text": "", "blocks": []}, "no_text"),
        ({"channel": "C0BACKUPS", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0BACKUPS", "text": "x", "blocks": [{"type": "header"}]}, "invalid_blocks"),
        ({"channel": "C0BACKUPS", "blocks": LONG}, "msg_blocks_too_long"),
        ({"channel": "C0BACKUPS", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0BACKUPS", "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": "C0BACKUPS", "text": "x", "metadata": {"event_type": "bk"}}, "invalid_metadata_schema"),
        ({"channel": "C0BACKUPS", "text": "x", "metadata": HUGE}, "metadata_too_large"),
    ],
)
def test_a_message_that_slack_refuses_is_refused(slack: Slack, args: Json, error: str) -> None:
    assert slack.error("chat.postMessage", **args) == error
    assert slack.workspace.messages == {}


def test_a_refused_block_is_named_by_its_place(slack: Slack) -> None:
    refused = slack.refused("chat.postMessage", channel="C0BACKUPS", text="x", blocks=[{"type": "divider"}, {"type": "header"}])

    assert refused["response_metadata"] == {"messages": ["[ERROR] missing required field: text [json-pointer:/blocks/1]"]}


def test_a_person_is_written_to_by_user_id_and_edited_by_conversation_id_only(slack: Slack) -> None:
    posted = slack("chat.postMessage", channel="U0ANA", text="x")

    assert posted["channel"] == slack("conversations.open", users="U0ANA")["channel"]["id"] == "D0ANA"
    assert slack.error("chat.update", channel="U0ANA", ts=posted["ts"], text="y") == "channel_not_found"
    assert slack("chat.update", channel="D0ANA", ts=posted["ts"], text="y")["text"] == "y"


def test_without_a_messages_tab_nobody_can_be_written_to_and_without_a_home_tab_nothing_is_published() -> None:
    slack = Slack(messages_tab=False, home_tab=False)

    assert slack.error("chat.postMessage", channel="U0ANA", text="x") == "messages_tab_disabled"
    assert slack.error("views.publish", user_id="U0ANA", view=HOME) == "not_enabled"


def test_an_edit_keeps_what_it_does_not_name(slack: Slack) -> None:
    metadata = {"event_type": "bk", "event_payload": {"id": "1"}}
    ts = slack("chat.postMessage", channel="U0ANA", text="x", blocks=[{"type": "divider"}], metadata=metadata)["ts"]

    message = slack("chat.update", channel="D0ANA", ts=ts, text="y")["message"]
    assert (message["text"], len(message["blocks"]), message["metadata"]) == ("y", 1, metadata)
    assert slack("chat.update", channel="D0ANA", ts=ts, text="z", blocks=[])["message"]["blocks"] == []


def test_only_own_messages_can_be_edited_and_only_with_a_short_text(slack: Slack) -> None:
    posted = slack("chat.postMessage", channel="U0ANA", text="x")
    theirs = slack.workspace.say("D0ANA", {"text": "thanks"}, NOW, user="U0ANA")

    assert slack.error("chat.update", channel="D0ANA", ts=theirs["ts"], text="y") == "cant_update_message"
    assert slack.error("chat.update", channel="D0ANA", ts="1.000001", text="y") == "message_not_found"
    assert slack.error("chat.update", channel="D0ANA", ts=posted["ts"], text="y" * 4001) == "msg_too_long"
    assert slack("chat.update", channel="D0ANA", ts=posted["ts"], text="y" * 4000)["ok"]


def test_text_comes_back_as_slack_keeps_it(slack: Slack) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "R&D <@U0ANA> a<b"}}
    message = slack("chat.postMessage", channel="C0BACKUPS", text="<https://e.com?a=1&b=2|x> &amp; <b>", blocks=[block])[
        "message"
    ]

    assert message["text"] == "<https://e.com?a=1&amp;b=2|x> &amp; &lt;b&gt;"
    assert message["blocks"][0]["text"] == {"type": "mrkdwn", "text": "R&amp;D <@U0ANA> a&lt;b", "verbatim": False}
    assert message["blocks"][0]["block_id"]


def test_every_ts_is_unique_and_rises_even_when_the_clock_stands_still_or_turns_back(slack: Slack) -> None:
    stamps = []
    for now in (NOW, NOW, NOW - 5, NOW + 1):
        slack.now = now
        stamps.append(slack("chat.postMessage", channel="C0BACKUPS", text="x")["ts"])

    assert stamps == sorted(set(stamps))
    assert stamps[-1] == "1800000001.000000"


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second() -> None:
    slack = Slack(limits=Limits(posts_burst=3, posts_per_second=1))
    for _ in range(3):
        slack("chat.postMessage", channel="C0BACKUPS", text="x")

    refused = slack.refused("chat.postMessage", channel="C0BACKUPS", text="x")
    assert (refused["error"], refused["status"], refused["headers"]) == ("ratelimited", 429, {"Retry-After": "1"})
    assert slack("chat.postMessage", channel="U0ANA", text="another channel")["ok"]
    slack.now += 1
    assert slack("chat.postMessage", channel="C0BACKUPS", text="x")["ok"]
    assert slack.error("chat.postMessage", channel="C0BACKUPS", text="x") == "ratelimited"


def test_a_method_has_its_calls_a_minute() -> None:
    slack = Slack(limits=Limits())
    for _ in range(50):
        slack("conversations.open", users="U0ANA")

    assert slack.refused("conversations.open", users="U0ANA")["headers"] == {"Retry-After": "2"}
    slack.now += 60
    assert slack("conversations.open", users="U0ANA")["already_open"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "U0LEA"}, "user_disabled"),
        ({"users": BOT_USER}, "cannot_dm_bot"),
        ({"users": "U0ANA,U0SAM"}, "missing_scope"),
    ],
)
def test_a_conversation_is_opened_with_one_living_person(slack: Slack, args: Json, error: str) -> None:
    assert slack.error("conversations.open", **args) == error


def test_people_are_found_by_address_and_a_left_one_is_not(slack: Slack) -> None:
    assert slack("users.lookupByEmail", email="Gus@Example.com")["user"]["is_restricted"] is True
    assert slack.error("users.lookupByEmail", email="lea@example.com") == "users_not_found"
    assert slack.error("users.lookupByEmail", email="") == "users_not_found"
    assert slack("users.info", user="U0ANA")["user"]["profile"]["email"] == "ana@example.com"
    assert slack.error("users.info", user="U0NOBODY") == "user_not_found"
    assert slack("usergroups.users.list", usergroup="S0ADMINS")["users"] == ["U0ANA", "U0SAM"]
    assert slack.error("usergroups.users.list", usergroup="S0NONE") == "no_such_subteam"


def test_the_manifest_decides_what_is_granted(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    assert manifest(file).scopes == SCOPES_USED

    home = {"home_tab_enabled": True, "messages_tab_enabled": False}
    file.write_text(json.dumps({"features": {"app_home": home}, "oauth_config": {"scopes": {"bot": ["im:write"]}}}))
    assert manifest(file) == Manifest(scopes=frozenset({"im:write"}), home_tab=True, messages_tab=False)
    assert manifest(file, frozenset({"commands"})).scopes == {"commands"}


def test_addresses_are_shown_only_with_the_scope_for_them() -> None:
    assert "email" not in Slack(scopes=frozenset({"users:read"}))("users.info", user="U0ANA")["user"]["profile"]


def test_history_is_newest_first_in_pages_that_join(slack: Slack) -> None:
    stamps = [slack("chat.postMessage", channel="C0BACKUPS", text=str(n))["ts"] for n in range(5)]

    seen, cursor = [], ""
    for _ in range(3):
        page = slack("conversations.history", channel="C0BACKUPS", limit="2", cursor=cursor)
        seen += [message["ts"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
    assert (seen, cursor, page["has_more"]) == (stamps[::-1], "", False)

    since = slack("conversations.history", channel="C0BACKUPS", oldest=stamps[2])
    assert [m["ts"] for m in since["messages"]] == [stamps[4], stamps[3]]
    since = slack("conversations.history", channel="C0BACKUPS", oldest=stamps[2], inclusive="1", latest=stamps[3])
    assert [m["ts"] for m in since["messages"]] == [stamps[3], stamps[2]]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0GENERAL"}, "not_in_channel"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": "C0BACKUPS", "limit": "1000"}, "invalid_limit"),
        ({"channel": "C0BACKUPS", "limit": "many"}, "invalid_limit"),
        ({"channel": "C0BACKUPS", "cursor": "%%"}, "invalid_cursor"),
        ({"channel": "C0BACKUPS", "cursor": "eA=="}, "invalid_cursor"),
    ],
)
def test_history_refuses_what_it_cannot_read(slack: Slack, args: Json, error: str) -> None:
    assert slack.error("conversations.history", **args) == error


def test_metadata_is_shown_only_when_asked_for_and_granted(slack: Slack) -> None:
    metadata = {"event_type": "bk", "event_payload": {"id": "1"}}
    slack("chat.postMessage", channel="C0BACKUPS", text="x", metadata=metadata)

    def shown(**args: object) -> Json:
        return dict(slack("conversations.history", channel="C0BACKUPS", **args)["messages"][0])

    assert shown(include_all_metadata="1")["metadata"] == metadata
    assert "metadata" not in shown()
    slack.workspace.manifest = Manifest(scopes=SCOPES_USED - {"metadata.message:read"})
    assert "metadata" not in shown(include_all_metadata="1")


def test_replies_stand_in_their_thread_and_in_the_channel_only_when_broadcast(slack: Slack) -> None:
    parent = slack("chat.postMessage", channel="C0BACKUPS", text="broken")["ts"]
    quiet = slack("chat.postMessage", channel="C0BACKUPS", text="still", thread_ts=parent)["ts"]
    loud = slack("chat.postMessage", channel="C0BACKUPS", text="well again", thread_ts=parent, reply_broadcast=True)["ts"]

    main = slack("conversations.history", channel="C0BACKUPS")["messages"]
    assert [m["ts"] for m in main] == [loud, parent]
    assert main[0]["subtype"] == "thread_broadcast"
    assert main[1]["reply_count"] == 2

    thread = slack("conversations.replies", channel="C0BACKUPS", ts=parent)
    assert [m["ts"] for m in thread["messages"]] == [parent, quiet, loud]
    first = slack("conversations.replies", channel="C0BACKUPS", ts=parent, limit="2")
    rest = slack("conversations.replies", channel="C0BACKUPS", ts=parent, cursor=first["response_metadata"]["next_cursor"])
    assert [m["ts"] for m in [*first["messages"], *rest["messages"]]] == [parent, quiet, loud]
    assert slack.error("conversations.replies", channel="C0BACKUPS", ts="1.000001") == "thread_not_found"
    assert slack.error("chat.postMessage", channel="C0BACKUPS", text="x", thread_ts=quiet) == "cannot_reply_to_message"


def test_an_ephemeral_is_seen_by_its_reader_and_can_never_be_edited(slack: Slack) -> None:
    ts = slack("chat.postEphemeral", channel="C0BACKUPS", user="U0ANA", text="only you")["message_ts"]

    assert slack.workspace.ephemerals[0]["reader"] == "U0ANA"
    assert slack("conversations.history", channel="C0BACKUPS")["messages"] == []
    assert slack.error("chat.update", channel="C0BACKUPS", ts=ts, text="y") == "message_not_found"
    assert slack.error("chat.postEphemeral", channel="C0BACKUPS", user="U0LEA", text="x") == "user_not_in_channel"


@pytest.mark.parametrize(("after", "error"), [(3.0, None), (3.1, "expired_trigger_id")])
def test_a_trigger_opens_a_view_within_three_seconds(slack: Slack, after: float, error: str | None) -> None:
    trigger = slack.workspace.tickets.trigger("U0ANA", NOW)
    slack.now += after

    if error:
        assert slack.error("views.open", trigger_id=trigger, view=MODAL) == error
    else:
        assert slack("views.open", trigger_id=trigger, view=MODAL)["view"]["state"] == {"values": {}}


def test_a_trigger_works_once_and_a_refused_view_does_not_use_it_up(slack: Slack) -> None:
    trigger = slack.workspace.tickets.trigger("U0ANA", NOW)

    assert slack.error("views.open", trigger_id=trigger, view={**MODAL, "title": "x"}) == "invalid_arguments"
    assert slack("views.open", trigger_id=trigger, view=MODAL)["ok"]
    assert slack.error("views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert slack.error("views.open", trigger_id="1.2.3", view=MODAL) == "invalid_trigger_id"


def test_a_view_changes_only_under_its_newest_hash(slack: Slack) -> None:
    first = dict(slack("views.publish", user_id="U0ANA", view=HOME)["view"])
    second = dict(slack("views.publish", user_id="U0ANA", view=HOME, hash=first["hash"])["view"])

    assert second["id"] == first["id"]
    assert slack.error("views.publish", user_id="U0ANA", view=HOME, hash=first["hash"]) == "hash_conflict"
    assert slack.error("views.publish", user_id="U0ANA", view=HOME, hash="") == "hash_conflict"
    assert slack("views.update", view_id=second["id"], view=HOME)["view"]["hash"] != second["hash"]
    assert slack.error("views.update", view_id="V404", view=HOME) == "not_found"
    assert slack.error("views.publish", user_id="U0NOBODY", view=HOME) == "invalid_arguments"


def test_a_view_has_a_size_and_an_external_id_of_its_own(slack: Slack) -> None:
    text = {"type": "mrkdwn", "text": "x" * 2900}
    large = {"type": "home", "blocks": [{"type": "section", "text": text}] * 87}
    assert slack.error("views.publish", user_id="U0ANA", view=large) == "view_too_large"

    named = HOME | {"external_id": "board"}
    assert slack("views.publish", user_id="U0ANA", view=named)["ok"]
    assert slack("views.publish", user_id="U0ANA", view=named)["ok"]
    assert slack.error("views.publish", user_id="U0SAM", view=named) == "duplicate_external_id"
    assert slack("views.update", external_id="board", view=HOME)["ok"]


def test_no_more_than_three_modals_lie_on_one_another(slack: Slack) -> None:
    for _ in range(3):
        slack("views.open", trigger_id=slack.workspace.tickets.trigger("U0ANA", NOW), view=MODAL)

    trigger = slack.workspace.tickets.trigger("U0ANA", NOW)
    assert slack.error("views.open", trigger_id=trigger, view=MODAL) == "push_limit_reached"
