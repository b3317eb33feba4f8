"""A letter to somebody without an account, read on a phone without JavaScript: scanners change nothing, a click acts."""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import WAIT_MS, chromium
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, item_of, state_of, until
from workflows.backup.heartbeat import derive_key, sign

pytestmark = pytest.mark.e2e

PAT = "pat@elsewhere.example"
ROW = f"job_id,name,owner_email,target,window\npats-nas,Pat's NAS,{PAT},heartbeat,2h\n"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "java_script_enabled": False,
    "locale": "en-GB",
}


@pytest.fixture(scope="module")
def phone() -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(**PHONE)
        page = context.new_page()
        page.set_default_timeout(2 * WAIT_MS)  # the function behind the page may be started for it
        yield page
        context.close()


def check_in(stack: LocalStack, body: str) -> None:
    vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
    master = json.loads(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])["master"]
    now = int(time.time())
    signature = sign(derive_key(master, 1, "pats-nas"), now, "pats-nas", body.encode())
    headers = {"content-type": "application/json", "x-backup-timestamp": str(now), "x-backup-signature": signature}
    request = urllib.request.Request(f"{stack.heartbeat_url}pats-nas", body.encode(), headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
        assert answer.status == 200


def subjects(stack: LocalStack) -> list[str]:
    """Of Pat's letters, the oldest first."""
    with urllib.request.urlopen(f"{stack.aws}/_ministack/ses/messages?account={stack.account}", timeout=10) as answer:  # noqa: S310 - ours
        sent = json.load(answer)["messages"].get(stack.account, [])
    return [letter["Subject"] for letter in sent if letter["To"] == [PAT]]


def scanned(address: str, method: str) -> int:
    """What a program does that looks through mail."""
    request = urllib.request.Request(address, method=method, headers={"user-agent": "Mozilla/5.0 (SafeLinks)"})  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
        answer.read()
        status: int = answer.status
        return status


def fits(page: Page) -> bool:
    """Nothing has to be moved sideways to be read."""
    box = page.locator("body").bounding_box()
    return box is not None and box["width"] <= PHONE["viewport"]["width"]


def test_a_letter_is_followed_by_a_scanner_and_then_by_its_reader(stack: LocalStack, phone: Page) -> None:
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=ROW.encode())
    until(20, lambda: state_of(stack, "pats-nas") == "waiting", "the job waits for its first run")
    check_in(stack, '{"status": "failed", "note": "disk full"}')
    until(20, lambda: subjects(stack) == ["🔴 Pat's NAS ran and failed"], "a letter is sent")

    phone.goto(stack.letters)
    phone.get_by_role("link", name="Pat's NAS ran and failed").first.click()
    assert phone.get_by_text("disk full").last.is_visible()  # the first is what a list of mails shows
    assert fits(phone)
    keep(phone, stack, "letter")
    links = {name: phone.get_by_role("link", name=name).get_attribute("href") or "" for name in ("Mark fixed", "Snooze…", "Mute")}

    before = item_of(stack, "pats-nas")
    for address in links.values():
        assert [scanned(address, method) for method in ("GET", "HEAD", "GET")] == [200, 200, 200]
    assert item_of(stack, "pats-nas") == before

    phone.get_by_role("link", name="Snooze…").click()
    assert phone.get_by_role("button", name="Snooze").is_visible()
    assert fits(phone)
    keep(phone, stack, "snooze")
    phone.get_by_label("3 days").check()
    phone.get_by_label("Why").fill("A new disk comes on Thursday")
    phone.get_by_role("button", name="Snooze").click()
    assert phone.get_by_role("status").inner_text() == "It is snoozed."
    keep(phone, stack, "snoozed")

    assert item_of(stack, "pats-nas")["snooze_until"]
    assert actions(stack, "pats-nas")[-1] == "snooze"
    assert by(stack) == PAT

    phone.goto(links["Snooze…"])  # once more: it says what is so
    assert phone.get_by_role("status").inner_text() == "It is snoozed."
    assert phone.get_by_role("button").count() == 0
    phone.goto(links["Mark fixed"])
    keep(phone, stack, "fixed")
    phone.get_by_role("button", name="Mark fixed").click()
    until(5, lambda: state_of(stack, "pats-nas") == "pending_fixed", "it is marked fixed")

    check_in(stack, '{"status": "ok", "size": "2 GB"}')
    until(20, lambda: subjects(stack)[1:] == ["🟢 Pat's NAS is backed up again"], "one letter tells of the end")
    phone.goto(links["Mark fixed"])
    assert "is fine" in phone.get_by_role("main").inner_text()
    keep(phone, stack, "fine")


def test_a_forged_link_says_so(stack: LocalStack, phone: Page) -> None:
    phone.goto(f"{stack.slack_url}act/no-such-link")

    assert phone.get_by_role("heading").inner_text() == "This link does not work"
    assert fits(phone)


def by(stack: LocalStack) -> str:
    """Who did what was done last."""
    lines = stack.dynamodb.query(
        TableName="bk-audit", KeyConditionExpression="job_id = :job", ExpressionAttributeValues={":job": {"S": "pats-nas"}}
    )["Items"]
    return lines[-1]["by_user"]["S"]


def keep(page: Page, stack: LocalStack, name: str) -> None:
    """A picture for a person to look at, in the folder of this run."""
    page.screenshot(path=stack.run / "pictures" / f"{name}.png", full_page=True)
