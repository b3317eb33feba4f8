"""For tests: a workspace on a free port in this process, and short words for what people do in it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from infra.local.slack.server import LocalSlack
from infra.local.slack.service import Options
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace


class People:
    """Talks to `/_local` of a workspace, in this process or another: `People("http://127.0.0.1:4750")`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.api_url = f"{self.url}/api/"

    def ask(self, verb: str, path: str, body: object = None, timeout: float = 60) -> tuple[int, Any]:
        """Status and parsed answer of any request under /_local."""
        place = urlsplit(self.url)
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=timeout)
        try:
            line.request(verb, f"/_local/{path}", None if body is None else json.dumps(body))
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def press(self, user: str, action_id: str, **more: object) -> Json:
        return self._do("press", {"user": user, "action_id": action_id, **more})

    def submit(self, user: str, values: Json | None = None, **more: object) -> Json:
        return self._do("submit", {"user": user, "values": values or {}, **more})

    def close_modal(self, user: str, **more: object) -> Json:
        return self._do("close", {"user": user, **more})

    def open_home(self, user: str, **more: object) -> Json:
        return self._do("home", {"user": user, **more})

    def command(self, user: str, command: str, text: str = "", **more: object) -> Json:
        return self._do("command", {"user": user, "command": command, "text": text, **more})

    def write(self, user: str, text: str, **more: object) -> Json:
        return self._do("write", {"user": user, "text": text, **more})

    def shortcut(self, user: str, callback_id: str, **more: object) -> Json:
        return self._do("shortcut", {"user": user, "callback_id": callback_id, **more})

    def dismiss(self, user: str, ts: str, **more: object) -> Json:
        return self._do("dismiss", {"user": user, "ts": ts, **more})

    def screen(self, user: str, channel: str = "") -> Json:
        """All that the page shows this person, with one conversation in full."""
        return dict(self._get(f"screen?{urlencode({'user': user, 'channel': channel})}"))

    def settings(self, **settings: object) -> Json:
        return self._do("settings", settings)

    def faults(self, *faults: Json) -> None:
        self._checked(*self.ask("POST", "faults", list(faults)))

    def clear_faults(self) -> None:
        self.ask("DELETE", "faults")

    def faults_left(self) -> list[Json]:
        return list(self._get("faults"))

    def messages(self, *, user: str = "", channel: str = "") -> list[Json]:
        """The conversation's messages, oldest first, each with its `replies`, `edits` and `shown` text."""
        return list(self._talk(user, channel)["messages"])

    def ephemerals(self, *, user: str = "", channel: str = "") -> list[Json]:
        return list(self._talk(user, channel)["ephemerals"])

    def home(self, user: str) -> Json | None:
        found: Json | None = self._get(f"views?{urlencode({'user': user})}")["home"]
        return found

    def modals(self, user: str) -> list[Json]:
        return list(self._get(f"views?{urlencode({'user': user})}")["modals"])

    def calls(self, method: str = "") -> list[Json]:
        return list(self._get("calls" + (f"?{urlencode({'method': method})}" if method else "")))

    def _talk(self, user: str, channel: str) -> Json:
        query = urlencode({"channel": channel} if channel else {"user": user})
        return dict(self._get(f"messages?{query}"))

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON of any shape
        return self._checked(*self.ask("GET", path))

    def _do(self, path: str, body: object) -> Json:
        return dict(self._checked(*self.ask("POST", path, body)))

    def _checked(self, status: int, answer: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        if status != 200:
            raise AssertionError(f"the local Slack refused ({status}): {answer}")
        return answer


class RunningWorkspace(People):
    """A workspace in this process; `workspace` is its state, for looking at; `server` can be closed before its time."""

    def __init__(self, server: LocalSlack) -> None:
        super().__init__(server.url)
        self.server = server
        self.workspace: Workspace = server.service.workspace
        self.bot_token = server.service.options.bot_token
        self.signing_secret = server.service.options.signing_secret
        self.team = server.service.options.team


@contextmanager
def running_workspace(**options: Any) -> Iterator[RunningWorkspace]:  # noqa: ANN401 - the fields of Options
    """A workspace for the length of a `with`; a client takes `base_url=slack.api_url` and `slack.bot_token`."""
    with LocalSlack(Options(**options)) as server:
        yield RunningWorkspace(server)
