"""The arguments of one Web API call, whichever of the accepted bodies they came in."""

import json
from typing import Any
from urllib.parse import parse_qsl

from infra.local.slack.errors import SlackError, invalid_arguments, missing
from infra.local.slack.stored import Json


class Args(dict[str, Any]):
    """Form fields are strings, JSON fields are what they are; the readers below accept either."""

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name, default)
        if not isinstance(value, str):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return value

    def needed(self, name: str) -> str:
        if not self.get(name):
            raise missing(name)
        return self.text(name)

    def flag(self, name: str) -> bool:
        return str(self.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.get(name) or default)
        except (TypeError, ValueError):
            value = 0
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def parsed(self, name: str, error: str) -> Any:  # noqa: ANN401 - JSON of any shape, the checker looks at it
        """A JSON value, sent as such or as a string. Raises SlackError(error) when it is no JSON."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None


def parse(body: bytes, content_type: str, query: str) -> Args:
    """Query and body together, as Slack reads them. Raises SlackError."""
    args = Args(parse_qsl(query, keep_blank_values=True))
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind == "application/json" and body:
        args.update(_json_object(body))
    elif kind == "application/x-www-form-urlencoded":
        args.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        raise SlackError("invalid_post_type")
    return args


def _json_object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value
