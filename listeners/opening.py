"""Opens modals, and fills them in later. A trigger is good for three seconds and once."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from workflows.kernel.ports import Json

TOO_LATE = "That took too long to open. Try it once more."

_TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}


def open_modal(client: WebClient, body: Json, view: Json) -> Json | None:
    """Opens it for whoever pressed; answers it as Slack keeps it, or None when that took too long."""
    try:
        opened = client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response.get("error") not in _TOO_LATE:
            raise
        return None
    return dict(opened.get("view") or view)


def show_modal(client: WebClient, body: Json, view: Json) -> bool:
    """Opens it, or lays it over the modal that was pressed in, which stays below. False when that took too long."""
    if (body.get("view") or {}).get("type") != "modal":
        return open_modal(client, body, view) is not None
    try:
        client.views_push(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response.get("error") == "push_limit_reached":  # three lie on each other: it takes the place of the upmost
            fill_modal(client, body["view"]["id"], view)
        elif error.response.get("error") not in _TOO_LATE:
            raise
        else:
            return False
    return True


def fill_modal(client: WebClient, view_id: str, view: Json) -> None:
    """Puts a view in the place of an open one; whoever has closed it meanwhile does not want it any more."""
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
