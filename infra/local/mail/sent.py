"""The letters that the local AWS was given to send, as a page: the mailboxes of everybody without an account in Slack."""

import html
import json
import threading
import urllib.request
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GUARDED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""Letters carry their style in each line, as mail programs want it; nothing else is let in."""

_LIST = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><meta name="color-scheme" content="light dark"><title>Letters</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}li{{margin:0 0 .9rem}}</style>
<h1>Letters</h1><p>What was sent by e-mail, the newest first. It goes nowhere but here.</p>{letters}</html>"""

Letters = list[dict[str, Any]]


def sent(aws: str, account: str) -> Letters:
    """The oldest first; MiniStack forgets them when it stops."""
    with urllib.request.urlopen(f"{aws}/_ministack/ses/messages?account={account}", timeout=10) as answer:  # noqa: S310 - ours
        found: dict[str, Letters] = json.load(answer)["messages"]
    return found.get(account, [])


def listed(letters: Letters) -> str:
    lines = [
        f'<li><a href="/{number}">{html.escape(letter["Subject"])}</a><br>to {html.escape(", ".join(letter["To"]))}'
        f' · <a href="/{number}/text">as plain text</a></li>'
        for number, letter in enumerate(letters)
    ]
    return _LIST.format(letters=f"<ol reversed>{''.join(reversed(lines))}</ol>" if lines else "<p>None yet.</p>")


class Mailboxes:
    """Serves `/` (the list), `/<number>` (one letter as it looks) and `/<number>/text` until it is closed."""

    def __init__(self, *, port: int, aws: str, account: str) -> None:
        class Handler(_Handler):
            pass

        Handler.aws, Handler.account = aws, account
        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="letters", daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    aws: str
    account: str

    def do_GET(self) -> None:
        number, _, form = self.path.strip("/").partition("/")
        try:
            letters = sent(self.aws, self.account)
        except (OSError, ValueError, KeyError) as error:
            self._answer(HTTPStatus.BAD_GATEWAY, f"the local AWS does not tell: {error}", "text/plain")
            return
        if not number:
            self._answer(HTTPStatus.OK, listed(letters), "text/html")
        elif not number.isdecimal() or int(number) >= len(letters) or form not in {"", "text"}:
            self._answer(HTTPStatus.NOT_FOUND, "No such letter.", "text/plain")
        elif form == "text":
            self._answer(HTTPStatus.OK, letters[int(number)]["BodyText"], "text/plain")
        else:
            self._answer(HTTPStatus.OK, letters[int(number)]["BodyHtml"] or "", "text/html")

    def _answer(self, status: HTTPStatus, body: str, kind: str) -> None:
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Content-Security-Policy", GUARDED)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's signature
        """Keeps the log for what goes wrong."""
