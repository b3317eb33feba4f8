"""`python -m infra.local.demo.pictures [FOLDER]`: the pictures in docs/pictures, taken from the demo that runs here.

It breaks two backups of Sam's, answers as he would, heals them, and takes a picture at each step; that takes three minutes.
Begin with a fresh one: make demo RESET=1.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Error, Locator, Page

from infra.local.demo.visitor import NoBrowser, Visitor, browser
from infra.local.stack import ROOT

WIDTH, HEIGHT, SHARPNESS = 1280, 740, 1.5
SETTLED_MS = 900
TOLD_SECONDS = 200


def take(folder: Path, address: str) -> list[Path]:
    """Takes them all; returns the files. Raises NoBrowser, and AssertionError where the sentinel does not say what it should."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []

    def picture(name: str, of: Page | Locator) -> None:
        page = of if isinstance(of, Page) else of.page
        page.mouse.move(0, 0)
        page.locator(".panel-body").evaluate("body => body.scrollTo(0, 0)")
        page.wait_for_timeout(SETTLED_MS)
        taken.append(folder / f"{name}.png")
        of.screenshot(path=taken[-1])

    with browser() as chromium:
        page = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SHARPNESS).new_page()
        sam = Visitor(page, address)
        sam.backup("Orders database").get_by_text("sentinel: green").wait_for(timeout=60_000)
        sam.act_as("Sam Owner")
        sam.do("Orders database", "Stop")
        sam.do("CRM export", "Report failure")
        sam.sees("CRM export", "ran and failed")
        sam.press("CRM export", "Snooze…")
        page.get_by_role("dialog").get_by_role("button", name="Snooze").click()
        sam.sees("CRM export", "quiet until")
        sam.backup("Orders database").get_by_text("sentinel: alerts").wait_for(timeout=TOLD_SECONDS * 1000)
        sam.message("Orders database").get_by_role("img", name="red circle").wait_for()
        picture("alert", page)
        picture("panel", sam.panel)
        sam.open_home()
        page.locator("main").get_by_text("Needs attention").wait_for()
        picture("home", page)

        sam.act_as("Sam Owner")
        sam.press("Orders database", "Mark fixed")
        sam.sees("Orders database", "I looked at once")
        picture("answered", page)
        sam.do("Orders database", "Heal")
        sam.do("CRM export", "Heal")
        sam.sees("CRM export", "is backed up again")
        sam.press("Orders database", "Check now")
        sam.sees("Orders database", "is backed up again")
        sam.backup("Orders database").get_by_text("sentinel: green").wait_for()
        page.get_by_role("button", name="Dismiss").click()
        picture("green", page)
    return taken


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "pictures"
    told = Path(os.environ.get("RUN_DIR") or ROOT / ".run" / "demo") / "up.json"
    if not told.exists():
        print(f"{told} is not there: start the demo first, with make demo RESET=1", file=sys.stderr)
        return 2
    try:
        for file in take(folder, json.loads(told.read_text(encoding="utf-8"))["page"]):
            print(file)
    except (NoBrowser, Error, AssertionError) as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
