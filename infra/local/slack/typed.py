"""What a person did to one element: the part of a payload that says what was chosen or typed."""

from typing import Any

from infra.local.slack.errors import WrongRequest
from infra.local.slack.stored import Json

_ONE_OPTION = ("static_select", "radio_buttons", "overflow", "external_select")
_OPTIONS = ("checkboxes", "multi_static_select", "multi_external_select")
_FIELD = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}


_STATELESS = ("button", "workflow_button", "overflow", "icon_button", "feedback_buttons")


def keeps_state(element: Json) -> bool:
    """Whether what a person chose stays to be seen, and is sent in `state.values` from then on."""
    return element["type"] not in _STATELESS


def initially(element: Json) -> Json:
    """What `state.values` says of an element nobody has touched."""
    kind = element["type"]
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    key = _FIELD.get(kind, "value")
    untouched: Any = [] if key == "files" or kind.startswith("multi_") else None
    return {
        "type": kind,
        key: element.get(key.replace("selected_", "initial_") if key != "value" else "initial_value", untouched),
    }


def options(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def offers(element: Json, value: Any) -> bool:  # noqa: ANN401 - a text, a number or a list, as the element wants
    """Whether this element is, or could be set to, that value."""
    if element["type"] == "button":
        return bool(element.get("value", "") == value)
    known = [option["value"] for option in options(element)]
    return not known or all(wanted in known for wanted in (value if isinstance(value, list) else [value]))


def typed(element: Json, value: Any) -> Json:  # noqa: ANN401 - JSON of any shape
    """The element's type with what was chosen. Raises WrongRequest when the element does not offer it."""
    kind = element["type"]
    if kind == "button":
        return {"type": kind, **{key: element[key] for key in ("text", "value", "style", "confirm", "url") if key in element}}
    if value in ("", None, []) and keeps_state(element):
        return initially({"type": kind})
    if not offers(element, value):
        raise WrongRequest(f"{element['action_id']} offers {[o['value'] for o in options(element)]}, not {value!r}")
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, wanted) for wanted in value]}
    # A number is sent as text, as Slack does.
    return {"type": kind, _FIELD.get(kind, "value"): str(value) if kind == "number_input" else value}


def _option(element: Json, value: str) -> Json:
    return next((option for option in options(element) if option["value"] == value), {"value": value})
