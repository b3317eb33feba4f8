"""The panel beside the page: another program of this machine says what stands on it and does what is pressed there.

GET of its address answers `{title, hint, items: [{id, name, state, actions: [{id, label}]}], next}`; a press is POSTed to the
same address as `{item, action}`.
"""

import http.client
import json
from urllib.parse import urlsplit

from infra.local.slack.errors import WrongRequest
from infra.local.slack.stored import Json

TIMEOUT_SECONDS = 60


class Panel:
    """`url` is empty when there is no panel."""

    def __init__(self, url: str) -> None:
        self.url = url

    def shown(self) -> object:
        """What stands on the panel, as it is told; None without one. Raises WrongRequest."""
        return self._ask("GET", None) if self.url else None

    def act(self, wanted: Json) -> object:
        """Raises WrongRequest."""
        if not self.url:
            raise WrongRequest("there is no panel here: start with --panel-url, or POST /_local/settings {panel_url}", status=409)
        return self._ask("POST", json.dumps({"item": wanted.get("item"), "action": wanted.get("action")}).encode())

    def _ask(self, verb: str, body: bytes | None) -> object:
        place = urlsplit(self.url)
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)
        try:
            line.request(verb, place.path or "/", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            status, text = answer.status, answer.read().decode("utf-8", "replace")
            said: object = json.loads(text)
        except (OSError, http.client.HTTPException, ValueError) as failed:
            raise WrongRequest(f"the panel at {self.url} does not answer well: {failed}", status=502) from None
        finally:
            line.close()
        if status != 200:
            why = said.get("error") if isinstance(said, dict) else None
            raise WrongRequest(str(why or f"the panel at {self.url} answers {status}"), status=502)
        return said
