"""The front door of check-ins on a port of this machine, with everything behind it in memory."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote, urlsplit

from tests.flows.desk import Desk, payload


class ServedDesk(Desk):
    """A desk at `url`. `answers`: status codes to answer instead, one a request, before the desk is asked again."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[int] = []
        self.requests: list[tuple[str, dict[str, str], bytes]] = []


@contextmanager
def served() -> Iterator[ServedDesk]:
    desk = ServedDesk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            desk.requests.append((self.path, headers, body))
            if desk.answers:
                self._answer(desk.answers.pop(0), b'{"error": "not now"}')
                return
            url = urlsplit(self.path)
            event = payload(path=unquote(url.path), query=url.query, method=self.command)
            event |= {"headers": headers, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
            response = desk.ask(event, datetime.now(UTC))
            self._answer(response["statusCode"], response["body"].encode())

        do_GET = do_POST  # noqa: N815 - the server's own name for it

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing on standard error."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    desk.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
