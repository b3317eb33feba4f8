"""`make demo`, as a person meets it: in Chromium, with real backups that are broken and healed.

What the browser did is kept as a trace: playwright show-trace build/demo-trace.zip.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.local.demo.visitor import HEIGHT, WIDTH, Visitor, browser
from infra.local.stack import ROOT
from tests.e2e.local_stack import LocalStack, running
from tests.e2e.waiting import until

pytestmark = pytest.mark.e2e

DEMO = "infra.local.demo"
TRACE = ROOT / "build" / "demo-trace.zip"
GREEN_SECONDS, TOLD_SECONDS = 60, 200


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with running(tmp_path_factory.mktemp("demo"), program=DEMO) as stack:
        yield stack


@pytest.fixture
def visitor(demo: LocalStack) -> Iterator[Visitor]:
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.tracing.start(screenshots=True, snapshots=True)
        context.set_default_timeout(20_000)
        try:
            yield Visitor(context.new_page(), demo.page)
        finally:
            context.tracing.stop(path=TRACE)


def test_backups_are_broken_answered_and_healed_each_in_one_message(demo: LocalStack, visitor: Visitor) -> None:
    expect(visitor.panel).to_contain_text("Stop the Orders database", timeout=GREEN_SECONDS * 1000)
    visitor.act_as("Sam Owner")
    expect(visitor.page.locator("main")).to_contain_text("has nothing to say to Sam Owner")

    demo.tried.add(("bk-checker-role", "s3:ListBucket", "arn:aws:s3:::acme-nas"))
    visitor.do("Shared folder", "Deny access")
    visitor.do("Orders database", "Stop")
    visitor.do("CRM export", "Report failure")
    visitor.sees("CRM export", "ran and failed", within=20)
    visitor.press("CRM export", "Snooze…")
    visitor.page.get_by_role("dialog").get_by_role("button", name="Snooze").click()
    visitor.sees("CRM export", "quiet until", within=20)

    alert = visitor.sees("Orders database", "has no fresh backup", within=TOLD_SECONDS)
    where = alert.get_attribute("data-ts")
    visitor.press("Orders database", "Mark fixed")
    visitor.sees("Orders database", "says fixed", within=20)
    stored = objects_of(demo, "orders/")

    visitor.do("CRM export", "Heal")
    visitor.sees("CRM export", "is backed up again", within=30)
    visitor.do("Orders database", "Heal")
    until(20, lambda: objects_of(demo, "orders/") > stored, "a new dump lands")
    visitor.press("Orders database", "Check now")
    green = visitor.sees("Orders database", "is backed up again", within=30)
    assert green.get_attribute("data-ts") == where
    expect(visitor.backup("Orders database")).to_contain_text("sentinel: green")

    visitor.act_as("Kim Keller")  # what may not be seen is neither green nor missing
    visitor.sees("Shared folder", "cannot be seen", within=TOLD_SECONDS)
    visitor.do("Shared folder", "Heal")
    visitor.sees("Shared folder", "is backed up again", within=90)


def test_restic_is_among_them_where_it_is_on_the_path_and_its_absence_is_said(visitor: Visitor) -> None:
    here = shutil.which("restic") is not None

    expect(visitor.backup("Ana's laptop")).to_have_count(1 if here else 0)
    expect(visitor.panel.get_by_text("restic is not on PATH")).to_have_count(0 if here else 1)


def test_a_second_start_goes_on_and_reset_begins_anew_and_nothing_is_left_running(tmp_path: Path) -> None:
    run = tmp_path / "demo"
    with running(run, program=DEMO) as stack, browser() as chromium:
        first = Visitor(chromium.new_page(), stack.page)
        expect(first.panel).to_contain_text("Stop the Orders database", timeout=GREEN_SECONDS * 1000)
        first.do("Ana's laptop" if shutil.which("restic") else "Orders database", "Never end")
        first.do("Shared folder", "Stop")
        expect(first.backup("Shared folder")).to_contain_text("stopped for")
        until(30, lambda: not shutil.which("restic") or any("--stdin" in words for words in running_in(run)), "restic hangs")
        dumps = objects_of(stack, "orders/")
    assert running_in(run) == []

    with running(run, program=DEMO) as stack, browser() as chromium:
        second = Visitor(chromium.new_page(), stack.page)
        expect(second.backup("Shared folder")).to_contain_text("stopped for")
        assert objects_of(stack, "orders/") >= dumps > 0
        expect(second.backup("Orders database")).to_contain_text("sentinel: green", timeout=GREEN_SECONDS * 1000)

    with running(run, program=DEMO, RESET="1") as stack, browser() as chromium:
        anew = Visitor(chromium.new_page(), stack.page)
        expect(anew.backup("Shared folder")).to_contain_text(re.compile("first run|runs every"))
    assert running_in(run) == []


def objects_of(stack: LocalStack, prefix: str) -> int:
    return stack.s3.list_objects_v2(Bucket="acme-backups", Prefix=prefix)["KeyCount"]


def running_in(run: Path) -> list[str]:
    """The command lines and environments of processes that know this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + b" " + (process / "environ").read_bytes()
        except OSError:  # it has just ended, or is none of ours
            continue
        if str(run).encode() in words:
            found.append(words.replace(b"\0", b" ").decode(errors="replace"))
    return found
