"""The Slack app's manifest: valid, and asking for exactly what the code uses."""

import json
import re
from pathlib import Path

from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # ships no types of its own

from infra.local.slack.methods import METHODS
from listeners import command_answers
from listeners.commands import backup
from listeners.shortcuts import register_report
from workflows.kernel.ports import Json

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests" / "fixtures" / "slack" / "manifest.schema.2.0.0.json"

# direct messages, and the channels for proposals and summaries, public or private
HISTORY = {"im:history", "channels:history", "groups:history", "metadata.message:read"}
SCOPES_OF: dict[str, set[str]] = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "users.lookupByEmail": {"users:read.email", "users:read"},
    "users.info": {"users:read", "users:read.email"},
    "usergroups.users.list": {"usergroups:read"},
    "views.open": set(),
    "views.push": set(),
    "views.update": set(),
    "views.publish": set(),
}


def manifest() -> Json:
    described: Json = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    return described


def methods_called() -> set[str]:
    """Methods by name, as the adapter calls them, and by the client's own functions, as the listeners do."""
    source = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("bolt_app", "listeners") for path in (ROOT / folder).rglob("*.py")
    )
    named = re.findall(r'"((?:chat|conversations|users|usergroups|views|auth|files|reactions|team)(?:\.[a-zA-Z]+)+)"', source)
    by_client = re.findall(r"\bclient\.((?:chat|conversations|users|usergroups|views|auth|files)_\w+)\(", source)
    return set(named) | {name.replace("_", ".", 1) for name in by_client}


def test_the_manifest_is_valid_by_slacks_own_schema() -> None:
    validator = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(manifest())] == []
    assert not validator.is_valid(manifest() | {"surprise": 1})


def test_it_asks_for_the_scopes_of_the_methods_that_are_called_and_for_no_others() -> None:
    needed = {"commands"}.union(*(SCOPES_OF[method] for method in methods_called()))
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_every_method_that_is_called_is_played_by_the_workspace_on_this_machine_with_the_same_scopes() -> None:
    assert methods_called() <= METHODS.keys()
    for method in methods_called():
        assert set(METHODS[method].scopes) <= SCOPES_OF[method]


def test_people_can_reach_the_home_tab_and_get_messages() -> None:
    home = manifest()["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert home["messages_tab_read_only_enabled"]


def test_every_event_that_is_listened_to_is_subscribed() -> None:
    source = (ROOT / "listeners" / "register.py").read_text(encoding="utf-8")
    assert set(manifest()["settings"]["event_subscriptions"]["bot_events"]) == set(re.findall(r'app\.event\("(\w+)"\)', source))


def test_what_is_offered_is_what_is_built() -> None:
    features = manifest()["features"]
    assert [row["command"] for row in features["slash_commands"]] == [backup.COMMAND]
    assert [(row["type"], row["callback_id"]) for row in features["shortcuts"]] == [("message", register_report.REGISTER_REPORT)]


def test_the_hint_beside_the_command_names_every_word_it_knows() -> None:
    (hint,) = [row["usage_hint"] for row in manifest()["features"]["slash_commands"]]
    assert [part.split()[0] for part in hint.split("|")] == [usage.split()[0] for usage in command_answers.KNOWN]


def test_people_in_a_command_are_known_by_their_ids() -> None:
    """`status @owner`: a name as it is typed belongs to nobody for sure."""
    assert [row["should_escape"] for row in manifest()["features"]["slash_commands"]] == [True]


def test_events_and_buttons_go_to_one_https_address_that_must_be_filled_in() -> None:
    settings, commands = manifest()["settings"], manifest()["features"]["slash_commands"]
    urls = {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"], commands[0]["url"]}
    (url,) = urls
    assert url.startswith("https://")
    assert ".invalid/" in url


def test_tokens_do_not_rotate_and_no_socket_is_opened() -> None:
    settings = manifest()["settings"]
    assert not settings["token_rotation_enabled"]
    assert not settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
