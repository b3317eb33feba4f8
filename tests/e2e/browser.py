"""Debian's Chromium for tests, without a screen and without asking for anything outside this machine."""

from typing import Any

from playwright.sync_api import Browser, Page

from infra.local.demo.visitor import browser

WAIT_MS = 10_000

chromium = browser


class Opened:
    """One person's browser window; in the end nothing may have gone wrong in it, and nothing been asked for elsewhere."""

    def __init__(self, browser: Browser, url: str, **how: Any) -> None:
        self.url = url
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **how})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("console", lambda said: self.wrong.append(f"console: {said.text}") if said.type == "error" else None)
        self.page.on("request", lambda asked: None if asked.url.startswith(url) else self.wrong.append(f"asked for {asked.url}"))

    def go(self, place: str) -> Page:
        self.page.goto(f"{self.url}/#/{place}")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.wrong == []
