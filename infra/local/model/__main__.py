"""`python -m infra.local.model --port P`: answers what the local AWS hands on of Bedrock's Converse, until it is told to stop.

The local AWS speaks the chat completions of OpenAI to it. Beside that:
    GET  /_local/ready    200 once it listens
    GET  /_local/asked    the texts it was asked about, oldest first
    POST /_local/fault    {"kind": …, "times": 1}: how the next answers go wrong
"""

import argparse
import json
import signal
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.model.extractor import Json, fill_in
from infra.local.model.narrator import deny, narrate

NAME = "stand-in-text-extractor"
ASKED_KEPT = 200
BODY_BYTES_MAX = 1_000_000
FAULTS = {
    "lies": "calls every run a success, and says so with the words of the mail; calls every backup fine",
    "invents": "tells of a job that the mail does not name",
    "refuses": "fills in nothing",
    "broken": "answers what is no JSON",
    "wrong": "answers a form of another shape",
    "silent": "takes longer than anybody waits",
}
SILENT_SECONDS = 40


class StandIn:
    """What it was asked, and how it shall go wrong next."""

    def __init__(self) -> None:
        self.asked: deque[str] = deque(maxlen=ASKED_KEPT)
        self._faults: deque[str] = deque()
        self._lock = threading.Lock()

    def go_wrong(self, kind: object, times: object) -> None:
        """Raises ValueError that says which ways there are."""
        if kind not in FAULTS or not isinstance(times, int) or not 0 < times <= 100:
            raise ValueError(f"kind is one of {', '.join(FAULTS)}, and times a number up to 100")
        with self._lock:
            self._faults.extend([str(kind)] * times)

    def answer(self, asked: Json) -> Json:
        """The assistant's message to a chat completion with one tool."""
        text = str(next(one["content"] for one in asked["messages"] if one["role"] == "user"))
        with self._lock:
            self.asked.append(text)
            fault = self._faults.popleft() if self._faults else ""
        if fault == "refuses":
            return {"role": "assistant", "content": "I cannot help with that."}
        if fault == "silent":
            time.sleep(SILENT_SECONDS)
        name = str(asked["tools"][0]["function"]["name"])
        filled = json.dumps(_filled_in(name, text, fault), ensure_ascii=False) if fault != "broken" else '{"is_report": tr'
        function = {"name": name, "arguments": filled}
        return {"role": "assistant", "content": "", "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}


def _filled_in(form: str, text: str, fault: str) -> Json:
    if form == "write_summary":
        return deny(text) if fault == "lies" else narrate(text) if fault != "wrong" else {"paragraph": 7}
    return _spoilt(fill_in(text), fault)


def _spoilt(form: Json, fault: str) -> Json:
    match fault:
        case "lies":
            return {"is_report": True, "runs": [{**run, "status": "success"} for run in form["runs"]]}
        case "invents":
            return {
                "is_report": True,
                "runs": [{"job": "Payroll", "status": "success", "status_words": "completed successfully"}],
            }
        case "wrong":
            return {"is_report": "perhaps", "runs": {"job": 7}}
        case _:
            return form


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        if self.path == "/_local/asked":
            self._say(200, {"asked": list(self.stand_in.asked)})
        else:
            self._say(200 if self.path == "/_local/ready" else 404, {})

    def do_POST(self) -> None:
        try:
            asked = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX)))
            if self.path == "/_local/fault":
                self.stand_in.go_wrong(asked.get("kind"), asked.get("times", 1))
                self._say(200, {})
            elif self.path == "/v1/chat/completions":
                choice = {"index": 0, "finish_reason": "stop", "message": self.stand_in.answer(asked)}
                self._say(200, {"model": NAME, "choices": [choice]})
            else:
                self._say(404, {})
        except (ValueError, KeyError, TypeError, StopIteration) as wrong:
            self._say(400, {"error": str(wrong)})

    def _say(self, status: int, body: Json) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's signature
        """Keeps the log for what goes wrong."""


def serve(port: int, stand_in: StandIn) -> ThreadingHTTPServer:
    """Listens on 127.0.0.1; the caller closes it. Port 0 takes a free one."""

    class Handler(_Handler):
        pass

    Handler.stand_in = stand_in
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="model", daemon=True).start()
    return server


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.model", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    server = serve(parser.parse_args().port, StandIn())
    stop.wait()
    server.shutdown()
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
