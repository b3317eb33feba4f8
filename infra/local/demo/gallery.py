"""Pictures of what no demo shows while one waits: what escalates, a storm, a summary, and boards of nobody and of five hundred.

The messages and boards are those of the product, posted to a workspace of our own that refuses what Slack would refuse.
"""

import json
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser, Locator, Page

from infra.local.demo import company
from infra.local.page.build import built
from infra.local.slack.testing import RunningWorkspace, running_workspace
from listeners import faces
from listeners.cards import living_message
from listeners.home import home_view
from listeners.storm_cards import storm_card, storm_details
from listeners.summary_message import summary_messages
from workflows.backup.board import Board
from workflows.backup.standing import Standing
from workflows.backup.summary_facts import Facts, Sight, facts_of
from workflows.backup.summary_paragraph import plain_paragraph
from workflows.backup.telling import StormMember
from workflows.kernel.ports import Json, Member, Message
from workflows.kernel.rights import Viewer

WIDTH, HEIGHT, TALL = 1000, 900, 1700
NARROW, STORM_HEIGHT, TOP = 1180, 600, 20
ZONE = "UTC"
SAM = Viewer(member=Member(user_id="U0SAM", email=company.SAM, name="Sam Owner"), above=False)
CHANNEL = "C0BACKUPS"
SHEET = "https://docs.google.com/spreadsheets/d/1x/edit"

Picture = Callable[[str, Page | Locator], None]


def take(chromium: Browser, picture: Picture) -> None:
    """Takes them all."""
    page_of = built()
    with (
        _someone_listens() as url,
        running_workspace(page=lambda: page_of, slack_url=url, posts_per_second=0, tiers=False) as slack,
    ):
        page = chromium.new_context(viewport={"width": WIDTH, "height": TALL}).new_page()
        now = datetime.now(UTC).replace(microsecond=0)
        _messages(slack, page, picture, now)
        _homes(slack, page, picture, now)


def _messages(slack: RunningWorkspace, page: Page, picture: Picture, now: datetime) -> None:
    _shown(slack, page, "U0ANA", living_message(company.escalation(now), now=now, zone=ZONE))
    picture("escalation", page.locator("main article").last)

    facts = _facts(company.mixed(now), now)
    told, *_ = summary_messages(facts, plain_paragraph(facts), by_mail=False)
    _shown(slack, page, CHANNEL, told)
    picture("summary", page.locator("main article").last)

    members = [StormMember(job_id=one.job_id, standing=one, over=False) for one in company.storm(now)]
    card = _shown(slack, page, "U0SAM", storm_card(members, recipient=company.SAM, now=now, zone=ZONE))
    _post(slack, "D0SAM", storm_details(members, now=now, zone=ZONE), thread=card)
    page.set_viewport_size({"width": NARROW, "height": STORM_HEIGHT})
    page.locator("main article").last.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.locator("article").nth(1).wait_for()
    thread.locator(".messages").evaluate("list => list.scrollTo(0, 0)")
    picture("storm", page)


def _homes(slack: RunningWorkspace, page: Page, picture: Picture, now: datetime) -> None:
    boards: tuple[tuple[str, Sequence[Standing], int], ...] = (
        ("home-healthy", company.small(now), 740),
        ("home-empty", (), 500),
        ("home-500", company.large(now), HEIGHT),
    )
    for name, jobs, height in boards:
        board = Board(jobs=tuple(jobs), viewer=SAM, checked_at=now)
        view = home_view(board, now=now, zone=ZONE, sheet_url=SHEET)
        _call(slack, "views.publish", {"user_id": "U0SAM", "view": view})
        page.set_viewport_size({"width": WIDTH, "height": height + TOP})
        page.goto(f"{slack.url}/#/U0SAM/home")
        page.reload()
        page.locator(".home .blocks > *").first.wait_for()
        picture(name, page.locator("main"))


def _facts(jobs: Sequence[Standing], now: datetime) -> Facts:
    def see(one: Standing, at: datetime) -> Sight:
        return Sight(mood=faces.face(one, now=at), trouble=faces.trouble(one))

    fleet = {"fast_at": now.isoformat()}
    return facts_of(jobs, entries=(), fleet=fleet, proposals=(), unowned=(), strangers=(), see=see, now=now, zone=ZONE)


def _shown(slack: RunningWorkspace, page: Page, channel: str, message: Message) -> str:
    """Posts it, and opens the conversation where it stands; returns its ts."""
    posted = _post(slack, channel, message)
    place = f"U0SAM/{channel}" if channel == CHANNEL else f"{channel}/D{channel.removeprefix('U')}"
    page.goto(f"{slack.url}/#/{place}")
    page.locator(f"main article[data-ts='{posted}']").wait_for()
    return posted


def _post(slack: RunningWorkspace, channel: str, message: Message, thread: str = "") -> str:
    sent: Json = {"channel": channel, "text": message.text, "blocks": list(message.blocks)}
    if thread:
        sent["thread_ts"] = thread
    return str(_call(slack, "chat.postMessage", sent)["ts"])


def _call(slack: RunningWorkspace, method: str, sent: Json) -> Json:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json; charset=utf-8"}
    asked = urllib.request.Request(f"{slack.api_url}{method}", json.dumps(sent).encode(), headers)  # noqa: S310 - our own
    with urllib.request.urlopen(asked, timeout=20) as answered:  # noqa: S310 - our own
        said: Json = json.load(answered)
    if not said.get("ok"):
        raise AssertionError(f"{method} was refused: {said}")
    return said


@contextmanager
def _someone_listens() -> Iterator[str]:
    """The address of an app that takes whatever it is told, such as that its Home is open."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
