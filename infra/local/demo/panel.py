"""The panel on a port of its own: GET /panel tells, POST /panel {"item", "action"} does. Only the page's server calls it."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.slack.stored import Json

BODY_BYTES_MAX = 10_000


class WrongOrder(Exception):
    """What was asked for is not there to be done; the message says what is."""


class Panel:
    """Serves `look` and `do` until it is closed."""

    def __init__(self, *, port: int, look: Callable[[], Json], do: Callable[[str, str], None]) -> None:
        class Handler(_Handler):
            pass

        Handler.look, Handler.do = staticmethod(look), staticmethod(do)
        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/panel"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="panel", daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    look: Callable[[], Json]
    do: Callable[[str, str], None]

    def do_GET(self) -> None:
        if self.path == "/panel":
            self._answer(200, type(self).look())
        else:
            self._answer(404, {"error": "only /panel is here"})

    def do_POST(self) -> None:
        if self.path != "/panel":
            self._answer(404, {"error": "only /panel is here"})
            return
        if "json" not in self.headers.get("Content-Type", ""):  # a form of some web page cannot say this
            self._answer(415, {"error": "Content-Type is application/json"})
            return
        try:
            asked = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX)))
            type(self).do(str(asked["item"]), str(asked["action"]))
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"error": 'the body is {"item": "…", "action": "…"}'})
        except WrongOrder as wrong:
            self._answer(400, {"error": str(wrong)})
        else:
            self._answer(200, type(self).look())

    def _answer(self, status: int, body: Json) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's signature
        """Keeps the log for what goes wrong."""
