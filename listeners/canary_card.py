"""The message of the weekly test. It asks nothing of anyone: that it is there is what it says. Pure."""

from datetime import datetime

from listeners import block_kit, texts
from workflows.backup.saying import broken
from workflows.backup.standing import Standing
from workflows.kernel.ports import Message

FLIES = ":bird:  *Weekly test*: this message has reached you"
PURPOSE = (
    "Once a week I let a backup fail that does not exist, to see whether alerts still get through. "
    "There is nothing to do; within half an hour you see here that it is over."
)
PASSED = ":large_green_circle:  *Weekly test*: alerts reach you"


def canary_message(standing: Standing, *, now: datetime, zone: str) -> Message:
    """What is now true of the newest test. `zone`: IANA name, for where Slack cannot show the reader's own time."""
    if broken(standing):
        return _message(FLIES, PURPOSE)
    return _message(PASSED, *_when(standing, now=now, zone=zone))


def past_canary() -> Message:
    """What stands in the message of an earlier test that was never told its end."""
    return _message(":white_circle:  *Weekly test*: this one is over")


def _when(standing: Standing, *, now: datetime, zone: str) -> list[str]:
    if standing.broke_at is None:
        return []
    return [f"It began {texts.at_text(standing.broke_at, now=now, zone=zone)}. The next one comes in a week."]


def _message(line: str, *small_print: str) -> Message:
    blocks = [block_kit.section(line), *(block_kit.context(text) for text in small_print)]
    return Message(text=texts.without_markup(line), blocks=tuple(blocks))
