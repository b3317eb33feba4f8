"""What someone who pressed something is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to tell the person privately. `done` needs no words where a message that stands says it already.

    Attributes:
        errors: for `invalid`: field (column) -> what is wrong with it and what would be right, where a field is to blame.
        choices: where it was not clear what is meant: the keys that may be, each with its name, the likeliest first.
    """

    kind: Literal["done", "already", "stale", "gone", "refused", "invalid", "try_again"]
    text: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()


def person(user_id: str) -> str:
    """A person as Slack shows them: a mention, or the e-mail address where that is all there is."""
    return user_id if "@" in user_id else f"<@{user_id}>"


def harmless(text: str) -> str:
    """Words that hold what somebody typed or a tool wrote, so that nothing in them is taken for a mention or a link."""
    return text.translate({ord("<"): "‹", ord(">"): "›"})
