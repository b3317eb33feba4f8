"""The files of the page, and the text page that is there without it."""

import html
from collections.abc import Callable
from pathlib import Path

from infra.local.slack.exchange import Reply

PageNow = Callable[[], Path | str]
"""Where the built page lies; or, while it does not, a sentence that says why. An empty sentence: there is none."""

KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml"}  # fmt: skip
# Nothing from elsewhere: no script, style, font or picture but our own, and nobody shows us in a frame.
GUARDED = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
WAITING = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Local Slack</title>
<h1>One moment</h1><p role="status">{why}</p><p>What was said, as text: <a href="/text">/text</a></p></html>"""

NOTHING = Reply(body="Nothing is here.", status=404, kind="text/plain; charset=utf-8")


def no_page() -> Path | str:
    return ""


class Site:
    """Serves what is in the folder, and nothing beside it."""

    def __init__(self, page: PageNow, as_text: Callable[[], str]) -> None:
        self._page = page
        self._as_text = as_text
        self._read: dict[str, Reply] = {}

    def answer(self, path: str) -> Reply:
        if path == "/text":
            return self._text()
        folder = self._page()
        if isinstance(folder, Path):
            self._read = self._read or _files(folder)
            return self._read.get(path, NOTHING)
        if path != "/":
            return NOTHING
        return Reply(body=WAITING.format(why=html.escape(folder)), kind=KINDS[".html"]) if folder else self._text()

    def _text(self) -> Reply:
        return Reply(body=self._as_text(), kind=KINDS[".html"])


def _files(folder: Path) -> dict[str, Reply]:
    """Read once: a later build, or somebody who tidies up, changes nothing for those who look at this one."""
    files = {f"/{file.name}": file for file in folder.iterdir() if file.suffix in KINDS}
    files["/"] = files["/index.html"]
    return {path: Reply(body=file.read_bytes(), kind=KINDS[file.suffix], headers=GUARDED) for path, file in files.items()}
