"""An app for tests of the local Slack: listens on a port, keeps what it got, answers what it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs


class Got(NamedTuple):
    """One request: its headers, its body as sent, and the parsed payload (or the fields of a form)."""

    headers: dict[str, str]
    body: str
    payload: dict[str, Any]


class ListeningApp:
    """`answer` is called with each payload and returns status and body."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.url = ""
        self.answer: Callable[[dict[str, Any]], tuple[int, str]] = lambda _payload: (200, "")

    @property
    def last(self) -> Got:
        return self.got[-1]


@contextmanager
def listening_app() -> Iterator[ListeningApp]:
    """An app that is up for the length of a `with`."""
    app = ListeningApp()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got = Got(dict(self.headers), body, _parsed(body, self.headers["Content-Type"]))
            app.got.append(got)
            status, text = app.answer(got.payload)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        app.url = f"http://127.0.0.1:{server.server_address[1]}/slack?from=test"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield app
        server.shutdown()
        thread.join()


def _parsed(body: str, kind: str) -> dict[str, Any]:
    if kind == "application/json":
        return dict(json.loads(body))
    form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else form
