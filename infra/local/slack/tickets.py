"""What a press hands to the app and what expires: trigger ids (3 s, once) and response URLs (30 min, 5 uses)."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from infra.local.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5


@dataclass(slots=True, kw_only=True)
class Trigger:
    user: str
    at: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Response:
    """A response URL: where it answers to, and to whom."""

    user: str
    channel: str
    at: float
    ts: str = ""
    uses: int = 0


@dataclass(slots=True, kw_only=True)
class Tickets:
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)

    def trigger(self, user: str, now: float) -> str:
        self.triggers = {key: old for key, old in self.triggers.items() if now - old.at < RESPONSE_SECONDS}
        key = f"{int(now * 1000)}.{len(self.triggers)}.{secrets.token_hex(8)}"
        self.triggers[key] = Trigger(user=user, at=now)
        return key

    def check_trigger(self, key: str, now: float) -> Trigger:
        """The trigger, if it can still open a view. Raises SlackError."""
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if now - trigger.at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    def response(self, user: str, channel: str, now: float, ts: str = "") -> str:
        self.responses = {key: old for key, old in self.responses.items() if now - old.at < RESPONSE_SECONDS}
        key = secrets.token_hex(12)
        self.responses[key] = Response(user=user, channel=channel, at=now, ts=ts)
        return key

    def use_response(self, key: str, now: float) -> Response:
        """Counts one use. Raises SlackError."""
        response = self.responses.get(key)
        if response is None or now - response.at > RESPONSE_SECONDS:
            raise SlackError("expired_url", status=404)
        if response.uses >= RESPONSE_USES:
            raise SlackError("used_url", status=404)
        response.uses += 1
        return response

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    def load(self, saved: dict[str, Any]) -> None:
        self.triggers = {key: Trigger(**row) for key, row in saved.get("triggers", {}).items()}
        self.responses = {key: Response(**row) for key, row in saved.get("responses", {}).items()}
