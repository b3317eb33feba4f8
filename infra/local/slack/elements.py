"""Block Kit's parts inside a block: texts, options, confirm dialogs, buttons, menus and inputs, with their limits."""

from collections.abc import Mapping

from infra.local.slack.checks import Check, anything, boolean, integer, many, one_of, record, string, tagged
from infra.local.slack.stored import entities

ID = string(255)
STYLE = one_of("primary", "danger")
URL = string(3000)


def stored_string(most: int) -> Check:
    """A text that is short enough even as it is kept, with `& < >` as entities.

    Slack takes some longer ones, keeps them, and then refuses the update that sends them back: refused here at once.
    """
    check = string(most)
    return lambda value, pointer, problems: check(entities(value) if isinstance(value, str) else value, pointer, problems)


def plain(most: int) -> Check:
    return tagged({"plain_text": record({"text": stored_string(most)}, emoji=boolean)})


def text(most: int) -> Check:
    """Plain or mrkdwn."""
    words = {"text": stored_string(most)}
    return tagged({"plain_text": record(words, emoji=boolean), "mrkdwn": record(words, verbatim=boolean)})


CONFIRM = record({"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, style=STYLE)
FILTER = record(include=many(one_of("im", "mpim", "private", "public"), 4), exclude_external_shared_channels=boolean,
                exclude_bot_users=boolean)  # fmt: skip
DISPATCH = record(trigger_actions_on=many(one_of("on_enter_pressed", "on_character_entered"), 2))


def option(words: Check, **more: Check) -> Check:
    return record({"text": words, "value": string(150)}, description=text(75), **more)


MENU_OPTION = option(plain(75))
BOX_OPTION = option(text(75))
GROUPS = many(record({"label": plain(75), "options": many(MENU_OPTION, 100)}), 100)


def _input(required: Mapping[str, Check] | None = None, /, **fields: Check) -> Check:
    return record(required, action_id=ID, focus_on_load=boolean, placeholder=plain(150), **fields)


def _menu(**fields: Check) -> Check:
    return _input(confirm=CONFIRM, **fields)


def _menus(**fields: Check) -> Check:
    return _menu(max_selected_items=integer(1, 100), **fields)


_OPTIONS = {"options": many(MENU_OPTION, 100), "option_groups": GROUPS}
_LINES = {"min_lines": integer(1, 100), "max_lines": integer(1, 100)}

BUTTON = record(
    {"text": plain(75)}, action_id=ID, value=string(2000), url=URL, style=STYLE, confirm=CONFIRM, accessibility_label=string(75)
)
OVERFLOW = record({"options": many(option(plain(75), url=URL), 5)}, action_id=ID, confirm=CONFIRM)
CHOICES: dict[str, Check] = {
    "checkboxes": _menu(options=many(BOX_OPTION, 10), initial_options=many(BOX_OPTION, 10)),
    "radio_buttons": _menu(options=many(BOX_OPTION, 10), initial_option=BOX_OPTION),
    "datepicker": _menu(initial_date=string(10)),
    "timepicker": _menu(initial_time=string(5), timezone=string(100)),
    "static_select": _menu(initial_option=MENU_OPTION, **_OPTIONS),
    "external_select": _menu(initial_option=MENU_OPTION, min_query_length=integer(0, 1000)),
    "users_select": _menu(initial_user=ID),
    "conversations_select": _menu(
        initial_conversation=ID, default_to_current_conversation=boolean, response_url_enabled=boolean, filter=FILTER
    ),
    "channels_select": _menu(initial_channel=ID, response_url_enabled=boolean),
    "multi_static_select": _menus(initial_options=many(MENU_OPTION, 100), **_OPTIONS),
    "multi_external_select": _menus(initial_options=many(MENU_OPTION, 100), min_query_length=integer(0, 1000)),
    "multi_users_select": _menus(initial_users=many(ID, 100)),
    "multi_conversations_select": _menus(
        initial_conversations=many(ID, 100), default_to_current_conversation=boolean, filter=FILTER
    ),
    "multi_channels_select": _menus(initial_channels=many(ID, 100)),
}
IMAGE = record({"alt_text": string(2000)}, image_url=URL, slack_file=anything)
WORKFLOW_BUTTON = record({"text": plain(75), "workflow": anything}, action_id=ID, style=STYLE, accessibility_label=string(75))
DATETIME = _menu(initial_date_time=integer(10**9, 10**10 - 1))
RICH_TEXT_INPUT = _input(initial_value=anything, dispatch_action_config=DISPATCH, **_LINES)

ACCESSORY: dict[str, Check] = {
    **CHOICES, "button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, "workflow_button": WORKFLOW_BUTTON
}  # fmt: skip
ACTION: dict[str, Check] = {
    **CHOICES, "button": BUTTON, "overflow": OVERFLOW, "datetimepicker": DATETIME, "workflow_button": WORKFLOW_BUTTON,
    "rich_text_input": RICH_TEXT_INPUT,
}  # fmt: skip
CONTEXT: dict[str, Check] = {
    "image": IMAGE,
    "plain_text": record({"text": stored_string(3000)}, emoji=boolean),
    "mrkdwn": record({"text": stored_string(3000)}, verbatim=boolean),
}
CONTEXT_ACTION: dict[str, Check] = {
    "feedback_buttons": record({"positive_button": anything, "negative_button": anything}, action_id=ID),
    "icon_button": record({"icon": string(255), "text": plain(75)}, action_id=ID, value=string(2000), confirm=CONFIRM,
                          accessibility_label=string(75), visible_to_user_ids=many(ID, 10)),
}  # fmt: skip
INPUT: dict[str, Check] = {
    **CHOICES,
    "datetimepicker": DATETIME,
    "rich_text_input": RICH_TEXT_INPUT,
    "plain_text_input": _input(
        initial_value=string(3000, 0), multiline=boolean, min_length=integer(0, 3000), max_length=integer(1, 3000),
        dispatch_action_config=DISPATCH,
    ),
    "number_input": _input(
        {"is_decimal_allowed": boolean}, initial_value=string(100), min_value=string(100), max_value=string(100),
        dispatch_action_config=DISPATCH,
    ),
    "email_text_input": _input(initial_value=string(3000), dispatch_action_config=DISPATCH),
    "url_text_input": _input(initial_value=string(3000), dispatch_action_config=DISPATCH),
}  # fmt: skip
FILE_INPUT = record(action_id=ID, filetypes=many(string(20), 100), max_files=integer(1, 10))
