"""The two ways a request is refused: as Slack refuses an app, and as this server refuses a person's wrong request."""

from typing import Any


class SlackError(Exception):
    """An answer `{"ok": false, "error": …}` of the Web API, with Slack's own error code."""

    def __init__(self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> None:  # noqa: ANN401 - whatever the code carries
        super().__init__(error)
        self.status = status
        self.headers = headers or {}
        self.body = {"ok": False, "error": error, **more}


class WrongRequest(Exception):
    """A request under /_local that cannot be carried out; says what would be right."""

    def __init__(self, message: str, *, status: int = 400, **more: Any) -> None:  # noqa: ANN401 - shown to a person as it is
        super().__init__(message)
        self.status = status
        self.body = {"ok": False, "error": message, **more}


def invalid_arguments(*problems: str) -> SlackError:
    """Slack's refusal of single arguments; `problems` end in `[json-pointer:/…]`."""
    return refusal("invalid_arguments", list(problems))


def refusal(error: str, problems: list[str]) -> SlackError:
    """A refusal that lists what is wrong and where."""
    return SlackError(error, errors=problems, response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})


def missing(field: str) -> SlackError:
    return invalid_arguments(f"missing required field: {field} [json-pointer:/{field}]")
