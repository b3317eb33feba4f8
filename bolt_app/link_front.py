"""The page behind the links in letters, at `/act/<token>`: GET shows, POST acts.

Programs that look through mail follow links, so nothing but a POST with the token in its form changes anything.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, urlsplit

from bolt_app.function_url import Request, answer_html, request_of
from listeners import link_page
from workflows.backup.linked import Seen
from workflows.backup.press import Reply, SnoozeChoice
from workflows.kernel.errors import OutsideError
from workflows.kernel.links import Link
from workflows.kernel.ports import Json

PATH = "/act/"
FORM_BYTES_MAX = 10_000
FIELDS_MAX = 10
AGAIN_AFTER_SECONDS = "5"
Choice = Literal["next_run", "1d", "3d", "7d", "date"]

HEADERS = {
    "content_security_policy": (
        f"default-src 'none'; style-src '{link_page.STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "referrer_policy": "no-referrer",
    "x_content_type_options": "nosniff",
    "x_frame_options": "DENY",
    "x_robots_tag": "noindex, nofollow",
    "cross_origin_opener_policy": "same-origin",
    "cross_origin_resource_policy": "same-origin",
    "strict_transport_security": "max-age=31536000",
}
_STATUS = {"expired": 410, "gone": 410, "refused": 403, "over": 409}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What the pages need; each may raise `OutsideError`.

    Attributes:
        read: the link that a token was signed for; None for one that nobody signed. now: the moment, taken once a request.
        admin: whom to ask; e-mail.
    """

    read: Callable[[str], Link | None]
    look: Callable[[Link, datetime], Seen]
    act: Callable[[Link, SnoozeChoice, datetime], Reply | None]
    now: Callable[[], datetime]
    admin: str


def respond(event: Json, pages: Pages) -> Json:
    """Answers one request. HEAD is answered without a look at anything."""
    request = request_of(event, body_bytes_max=FORM_BYTES_MAX)
    if request.method == "HEAD":
        return answer_html(200, "", **HEADERS)
    if request.method not in {"GET", "POST"}:
        return _page(405, link_page.unknown_page(), allow="GET, HEAD, POST")
    try:
        return _answer(request, request.path.removeprefix(PATH), pages)
    except OutsideError as error:
        _log.exception("A link could not be followed (%s)", error.reason)  # its address lets act, and is not logged
        lines = ["Nothing can be said or changed just now. Please try again in a minute; the link stays good."]
        return _page(503, link_page.trouble_page("That did not work", lines), retry_after=AGAIN_AFTER_SECONDS)


def _answer(request: Request, token: str, pages: Pages) -> Json:
    link, now = pages.read(token), pages.now()
    if link is None:
        return _page(404, link_page.unknown_page())
    if request.method == "POST":
        return _acted(request, token, link, pages, now)
    return _shown(token, link, pages, now)


def _shown(token: str, link: Link, pages: Pages, now: datetime, *, wrong: str = "") -> Json:
    seen = pages.look(link, now)
    if seen.answer == "ask" and seen.standing is not None and seen.form is not None:
        page = link_page.asking_page(link, token, seen.standing, seen.form, now=now, admin=pages.admin, wrong=wrong)
        return _page(422 if wrong else 200, page)
    if seen.answer == "in_place" and seen.standing is not None:
        return _page(200, link_page.done_page(link, seen.standing, now=now, admin=pages.admin, says=wrong))
    return _page(_STATUS.get(seen.answer, 200), link_page.unable_page(seen, link, now=now, admin=pages.admin))


def _acted(request: Request, token: str, link: Link, pages: Pages, now: datetime) -> Json:
    form = _form(request)
    if not _from_this_page(request) or form.get(link_page.TOKEN) != token:
        lines = ["Only the button on its own page may do that. Open the link from the mail, and press it there."]
        return _page(403, link_page.trouble_page("Nothing was changed", lines))
    reply = pages.act(link, _choice(form), now)
    if reply is None or reply.kind in {"refused", "gone", "stale"}:
        return _shown(token, link, pages, now)
    if reply.kind in {"invalid", "try_again"}:
        return _shown(token, link, pages, now, wrong=reply.text)
    seen = pages.look(link, now)
    if seen.standing is None:
        return _shown(token, link, pages, now)
    escalated = seen.standing.state == "escalate" and seen.answer == "ask"
    says = reply.text or ("It has escalated: one more was not granted." if escalated else "")
    return _page(200, link_page.done_page(link, seen.standing, now=now, admin=pages.admin, says=says))


def _form(request: Request) -> dict[str, str]:
    """The fields that were sent; none where this is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded" or request.body is None:
        return {}
    try:
        return dict(parse_qsl(request.body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError:
        return {}


def _choice(form: dict[str, str]) -> SnoozeChoice:
    """A date counts instead of the days, as in Slack."""
    date = form.get(link_page.DATE, "").strip()
    wanted = "date" if date else form.get(link_page.CHOICE, "1d")
    choice = cast("Choice", wanted) if wanted in get_args(Choice) else "1d"
    return SnoozeChoice(choice=choice, date=date, reason=form.get(link_page.REASON, "").strip())


def _from_this_page(request: Request) -> bool:
    """Some other site cannot have its visitors press: browsers say where a form was sent from."""
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "")
    if origin in {"", "null"}:  # a page without a referrer says "null" of itself; the token in the form decides
        return True
    return urlsplit(origin).netloc == request.headers.get("host", "")


def _page(status: int, document: str, **headers: str) -> Json:
    return answer_html(status, document, **HEADERS, **headers)
