"""The workspace on a port: plain HTTP/1.1 with connections kept open, one thread for each."""

import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from infra.local.slack.exchange import Reply, Request
from infra.local.slack.service import Options, Service


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer
    server: "_Server"

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_GET  # noqa: N815 - http.server's name
    do_DELETE = do_GET  # noqa: N815 - http.server's name

    def _handle(self) -> None:
        place = urlsplit(self.path)
        token = self.headers.get("Authorization", "")
        reply = self.server.service.answer(
            Request(
                verb=self.command,
                path=place.path,
                query=place.query,
                kind=self.headers.get("Content-Type", ""),
                token=token.removeprefix("Bearer ").strip(),
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                origin=self.headers.get("Origin", ""),
                host=self.headers.get("Host", ""),
            )
        )
        if reply.dropped:
            self.close_connection = True
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.stream is None:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in reply.stream:
            self.wfile.write(piece.encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's signature
        """Keeps the terminal quiet: GET /_local/calls tells what was called."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        """A caller that went away is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_bind(self) -> None:
        # http.server asks DNS for its own name here, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]


class LocalSlack:
    """A workspace that listens. `url` is its address, `api_url` the base of the Web API for a client."""

    def __init__(self, options: Options, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.service = Service(options)
        self._http = _Server((host, port), self.service)
        self.url = f"http://{host}:{self._http.server_address[1]}"
        self.api_url = f"{self.url}/api/"
        self.service.screen.own_url = self.url
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), name="local-slack", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stops listening and writes what is to be kept; a second time does nothing."""
        if not self._thread.is_alive():
            return
        self._http.shutdown()
        self._http.server_close()
        self.service.close()
        self._thread.join()
