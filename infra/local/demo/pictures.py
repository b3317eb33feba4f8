"""`python -m infra.local.demo.pictures [FOLDER]`: the pictures in docs/pictures.

The first come from the demo that runs here: it breaks two backups of Sam's, answers as he would, mails reports of a backup that
nobody listed, heals all, and takes a picture at each step; that takes two minutes. Begin with a fresh one: make demo RESET=1.
The others are of what no demo shows while one waits: see `infra.local.demo.gallery`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect

from infra.local.demo import gallery
from infra.local.demo.visitor import NoBrowser, Visitor, browser
from infra.local.stack import ROOT

WIDTH, HEIGHT = 1160, 600
WIDE, TALL, HOME_HEIGHT = 1280, 1500, 800
SETTLED_MS = 900
TOLD_SECONDS = 200
ANSWERED_MS = 60_000
NIGHTS = 6
FIRST_MAIL_SECONDS, MAIL_APART_SECONDS = 10, 2

Picture = Callable[[str, Page | Locator], None]


def take(folder: Path, address: str, mail: Path) -> list[Path]:
    """Takes them all; returns the files.

    Args:
        mail: where the demo's mail is put.

    Raises NoBrowser, and AssertionError where the sentinel does not say what it should.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []

    def picture(name: str, of: Page | Locator) -> None:
        page = of if isinstance(of, Page) else of.page
        page.mouse.move(0, 0)
        page.locator(".panel-body").evaluate_all("bodies => bodies.forEach(body => body.scrollTo(0, 0))")
        page.wait_for_timeout(SETTLED_MS)
        taken.append(folder / f"{name}.png")
        of.screenshot(path=taken[-1])

    with browser() as chromium:
        page = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        sam = Visitor(page, address)
        sam.backup("Orders database").get_by_text("sentinel: green").wait_for(timeout=60_000)
        sam.act_as("Sam Owner")
        sam.do("Orders database", "Stop")
        _mail_reports(mail)
        _proposal(sam, picture)
        _alert(sam, picture)
        _snooze_another(sam)
        _home(sam, picture)
        _commands(sam, picture)
        _answer_and_heal(sam, picture)
        gallery.take(chromium, picture)
    return taken


def _snooze_another(sam: Visitor) -> None:
    sam.do("CRM export", "Report failure")
    sam.sees("CRM export", "ran and failed")
    sam.press("CRM export", "Snooze…")
    sam.page.get_by_role("dialog").get_by_role("button", name="Snooze").click()
    sam.sees("CRM export", "quiet until")


def _proposal(sam: Visitor, picture: Picture) -> None:
    """Six nights of mail from a server that nobody listed become a question in the channel."""
    page = sam.page
    sam.act_as("Ana Admin")
    page.get_by_role("link", name="backups").first.click()
    card = page.locator("article.message", has_text=f"Learned from {NIGHTS} reports").last
    card.wait_for(timeout=ANSWERED_MS)
    picture("proposal", card)
    card.get_by_role("button", name="Edit…").click()
    form = page.get_by_role("dialog", name="Watch a backup")
    form.get_by_label("Late after").fill("26hours?")
    form.get_by_role("button", name="Approve").click()
    wrong = form.locator(".error").first
    expect(wrong).to_contain_text("26h, 2d or 1w", timeout=ANSWERED_MS)
    page.set_viewport_size({"width": WIDTH, "height": TALL})
    picture("form", form)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    form.get_by_role("button", name="Cancel").click()


def _alert(sam: Visitor, picture: Picture) -> None:
    sam.act_as("Sam Owner")
    sam.backup("Orders database").get_by_text("sentinel: alerts").wait_for(timeout=TOLD_SECONDS * 1000)
    sam.message("Orders database").get_by_role("img", name="red circle").wait_for()
    picture("alert", sam.page)
    picture("panel", sam.panel)


def _home(sam: Visitor, picture: Picture) -> None:
    sam.open_home()
    sam.page.locator("main").get_by_text("Needs attention").first.wait_for()
    sam.page.set_viewport_size({"width": WIDE, "height": HOME_HEIGHT})
    picture("home", sam.page.locator("main"))
    sam.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _commands(sam: Visitor, picture: Picture) -> None:
    page = sam.page
    page.set_viewport_size({"width": WIDE, "height": TALL})
    page.get_by_role("link", name="backups").first.click()
    for command, says in (("status", "Orders database"), ("explain", "What would make it green"), ("history", "Runs")):
        page.get_by_label("Message #backups").fill(f"/backup {command} orders-db")
        page.get_by_role("button", name="Send").click()
        answer = page.locator("article.whispered", has_text=says).last
        answer.wait_for(timeout=ANSWERED_MS)
        picture(command, answer)
        answer.get_by_role("button", name="Dismiss").click()
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _answer_and_heal(sam: Visitor, picture: Picture) -> None:
    sam.act_as("Sam Owner")
    sam.press("Orders database", "Mark fixed")
    picture("answered", sam.sees("Orders database", "I looked at once"))
    sam.do("Orders database", "Heal")
    sam.do("CRM export", "Heal")
    sam.sees("CRM export", "is backed up again")
    sam.press("Orders database", "Check now")
    green = sam.sees("Orders database", "is backed up again")
    sam.backup("Orders database").get_by_text("sentinel: green").wait_for()
    picture("recovered", green)


def _mail_reports(folder: Path) -> None:
    """The first at once, the others when the first was taken: a program mails once a night."""
    for ago in range(NIGHTS, 0, -1):
        began = datetime.now(UTC).replace(hour=22, minute=ago % 3, second=0, microsecond=0) - timedelta(days=ago)
        ended = began + timedelta(minutes=52 + 3 * ago)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = REPORTER, "backups@in.example.com", REPORT_SUBJECT
        message["Date"], message["Message-ID"] = format_datetime(ended), f"<night-{ended:%Y%m%d}@director.example.com>"
        message.set_content(REPORT.format(began=began, ended=ended, minutes=52 + 3 * ago, size=846.5 - 4 * ago))
        file = folder / f"night-{ended:%Y%m%d}.eml"
        file.with_suffix(".part").write_bytes(message.as_bytes())
        file.with_suffix(".part").rename(file)
        time.sleep(MAIL_APART_SECONDS if ago < NIGHTS else FIRST_MAIL_SECONDS)


REPORTER = "director@example.com"
REPORT_SUBJECT = '[NAKIVO] Job "Nightly VMs" was successful'
REPORT = """\
NAKIVO Backup & Replication

Job: Nightly VMs
Status: Successful
Started: {began:%d %b %Y} at {began:%H:%M} (UTC +00:00)
Finished: {ended:%d %b %Y} at {ended:%H:%M} (UTC +00:00)
Duration: {minutes} minutes
Data processed: {size} GB
"""


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "pictures"
    told = Path(os.environ.get("UP_JSON") or Path(os.environ.get("RUN_DIR") or ROOT / ".run" / "demo") / "up.json")
    if not told.exists():
        print(f"{told} is not there: start the demo first, with make demo RESET=1", file=sys.stderr)
        return 2
    demo = json.loads(told.read_text(encoding="utf-8"))
    try:
        for file in take(folder, demo["page"], Path(demo["mail"])):
            print(file)
    except (NoBrowser, Error, AssertionError) as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
