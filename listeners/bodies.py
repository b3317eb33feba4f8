"""What Slack's request bodies hold, read in one place. They are signed, so the ids in them can be trusted."""

import json

from workflows.backup.press import Press
from workflows.kernel.ports import Json
from workflows.kernel.proposals import Asker

DETAILS = "details"
"""The callback id of the modal that shows one job in full."""


def press_of(body: Json) -> Press:
    """The press of a button whose value is "<job_id> <break_id>"."""
    job_id, _, break_id = str(body["actions"][0].get("value", "")).rpartition(" ")
    return Press(job_id=job_id, break_id=break_id, user_id=body["user"]["id"], team_id=team_of(body))


def asker_of(body: Json) -> Asker:
    """Who pressed, sent or typed this; a slash command names them differently."""
    if "command" in body:
        return Asker(user_id=body["user_id"], team_id=str(body.get("team_id") or ""))
    return Asker(user_id=body["user"]["id"], team_id=team_of(body))


def value_of(body: Json) -> str:
    """What the pressed button holds, or what was chosen in a menu."""
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")


def team_of(body: Json) -> str:
    """The workspace of the person, which in a shared channel is not that of the app."""
    return str(body["user"].get("team_id") or (body.get("team") or {}).get("id") or "")


def home_behind(body: Json) -> str | None:
    """What the board shows that was pressed on, or that lies behind the form; None where there is none behind it.

    It is what `board_choice.written` wrote, and goes with every form that is opened from the board.
    """
    view = body.get("view") or {}
    if view.get("type") == "home":
        return str(view.get("private_metadata") or "")
    home = metadata_of(view).get("home")
    return home if isinstance(home, str) else None


def metadata_of(view: Json) -> Json:
    """What a form of ours keeps for itself; {} where that is nothing of ours."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def details_of(view: Json) -> str:
    """The job whose details these are; "" for any other view."""
    return str(metadata_of(view).get("job_id", "")) if view.get("callback_id") == DETAILS else ""


def from_home(body: Json) -> bool:
    """Whether the press came from App Home, where there is no conversation to answer in."""
    return bool((body.get("view") or {}).get("type") == "home")


def is_private(body: Json) -> bool:
    """Whether what was pressed is a message that only the presser sees: the one kind that an answer may take the place of."""
    return bool((body.get("container") or {}).get("is_ephemeral"))
