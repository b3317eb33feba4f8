"""A person at the page, by Chromium: what they see, and what they press. For the browser test and for the pictures."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

# No screen, and nothing asked for outside this machine. Containers have nothing to build a sandbox from; only our page is opened.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
KNOWN_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GREEN_SECONDS = 100
WIDTH, HEIGHT = 1360, 860


class NoBrowser(Exception):
    """There is no Chromium here; the message says what to do."""


def chromium_here() -> str:
    """The path of a Chromium. Raises NoBrowser."""
    found = os.environ.get("CHROMIUM") or next((path for name in KNOWN_BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser(
            "no Chromium is on PATH. On Debian: apt-get install chromium; elsewhere name one: CHROMIUM=/path/to/chrome"
        )
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Raises NoBrowser."""
    path = chromium_here()
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=FLAGS) as chromium:
        yield chromium


class Visitor:
    """One person at one page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        expect(page.get_by_role("group", name="Act as")).to_be_visible(timeout=60_000)  # the first start builds the page

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("complementary", name="Backups you can break")

    def act_as(self, name: str) -> None:
        """Becomes this person, in their conversation with the app."""
        self.page.get_by_role("radio", name=re.compile(name)).check(force=True)
        self.page.get_by_role("navigation", name="Conversations").get_by_role("link", name="Backup Sentinel", exact=True).click()

    def open_home(self) -> None:
        self.page.get_by_role("link", name="Backup Sentinel Home").click()

    def backup(self, name: str) -> Locator:
        """One backup on the panel."""
        return self.panel.get_by_role("region", name=name)

    def do(self, name: str, action: str) -> None:
        """Breaks or heals a backup."""
        self.backup(name).get_by_role("button", name=action, exact=True).click()

    def message(self, words: str) -> Locator:
        """The newest message of the open conversation that holds these words; none that was whispered or repeats a reply."""
        return self.page.locator("main article:not(.whispered)").filter(has_text=words, has_not_text="replied to a thread").last

    def press(self, words: str, button: str) -> None:
        """Presses a button in that message."""
        self.message(words).get_by_role("button", name=button).click()

    def sees(self, words: str, also: str, *, within: float = GREEN_SECONDS) -> Locator:
        """Waits until the newest message about the one says the other too. Raises AssertionError."""
        message = self.message(words)
        expect(message).to_contain_text(also, timeout=within * 1000)
        return message
