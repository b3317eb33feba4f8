"""The page of the local Slack, in a browser: what an app says is seen, and what people do reaches the app, signed."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from infra.local.page.build import built
from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.server import LocalSlack
from infra.local.slack.service import Options
from infra.local.slack.testing import RunningWorkspace, running_workspace
from tests.e2e import payloads
from tests.e2e.browser import WAIT_MS, Opened, chromium
from tests.infra.listening_app import ListeningApp, listening_app
from tests.listeners.test_strict_workspace import CONDITIONS

pytestmark = pytest.mark.e2e
expect.set_options(timeout=WAIT_MS)

Json = dict[str, Any]
MANIFEST = {
    "display_information": {"name": "Sentinel", "description": "Watches"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
        "slash_commands": [
            {"command": "/backup", "description": "What stands how", "usage_hint": "[job]"},
            {"command": "/bell", "description": "Rings"},
        ],
        "shortcuts": [
            {"name": "Add a job", "type": "global", "callback_id": "add", "description": "Opens a form"},
            {"name": "Make it a job", "type": "message", "callback_id": "from_message", "description": "Takes the report"},
        ],
    },
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, text: str, **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "orders-db 1", **more}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


SURE = {"title": plain("Mute Orders?"), "text": plain("It says nothing."), "confirm": plain("Mute it"), "deny": plain("Keep")}
CARD: list[Json] = [
    {"type": "section", "text": mrkdwn(":red_circle:  *Orders* has no fresh backup")},
    {
        "type": "actions",
        "elements": [
            button("mark_fixed", "Mark fixed"),
            button("snooze", "Snooze…"),
            button("mute", "Mute", confirm=SURE),
        ],
    },
]


def field(name: str, label: str, element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": name, "label": plain(label), "element": {"action_id": name, **element}, **more}


LENGTHS = [option("1 day", "1d"), option("3 days", "3d")]
MODAL = {
    "type": "modal",
    "callback_id": "snooze",
    "title": plain("Snooze"),
    "submit": plain("Snooze"),
    "close": plain("Keep telling me"),
    "blocks": [
        field("choice", "Quiet for", {"type": "radio_buttons", "options": LENGTHS, "initial_option": LENGTHS[0]}),
        field("until", "Or until a date", {"type": "datepicker"}, optional=True, hint=plain("It wakes at 09:00.")),
        field("why", "Why", {"type": "plain_text_input", "max_length": 50}),
    ],
}
STATE = {
    "type": "static_select",
    "action_id": "state",
    "placeholder": plain("Any state"),
    "options": [option("Failing", "red"), option("Fine", "green")],
}
WHAT_NOW = {"type": "overflow", "action_id": "job", "options": [option("Why?", "why"), option("Mute", "mute")]}
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Backups")},
        {
            "type": "actions",
            "block_id": "filter",
            "elements": [STATE],
        },
        {
            "type": "section",
            "block_id": "orders",
            "text": mrkdwn(":large_green_circle:  *Orders*"),
            "accessory": WHAT_NOW,
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def built_page() -> Path:
    return built()


@pytest.fixture
def app() -> Iterator[ListeningApp]:
    with listening_app() as app:
        yield app


@pytest.fixture
def slack(app: ListeningApp, built_page: Path, tmp_path: Path) -> Iterator[RunningWorkspace]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    start = partial(running_workspace, scopes=SCOPES_USED, posts_per_second=0, tiers=False)
    with start(slack_url=app.url, manifest=manifest, page=lambda: built_page) as slack:
        yield slack


@pytest.fixture
def client(slack: RunningWorkspace) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def window(browser: Browser, slack: RunningWorkspace) -> Iterator[Opened]:
    with opened(browser, slack) as window:
        yield window


@contextmanager
def opened(browser: Browser, slack: RunningWorkspace, **how: Any) -> Iterator[Opened]:
    window = Opened(browser, slack.url, **how)
    yield window
    window.close()


def row(page: Page, words: str | re.Pattern[str]) -> Locator:
    return page.locator("main article").filter(has_text=words)


def act_as(page: Page, name: str) -> None:
    page.get_by_role("radio", name=re.compile(name)).check()


def actions_of(app: ListeningApp) -> list[Json]:
    return [got.payload["actions"][0] for got in app.got if got.payload.get("type") == "block_actions"]


def submissions_of(app: ListeningApp) -> list[Json]:
    return [got.payload["view"]["state"]["values"] for got in app.got if got.payload.get("type") == "view_submission"]


def snoozing(app: ListeningApp, client: WebClient, answers: list[Json]) -> None:
    """The app opens the form when Snooze… is pressed, and answers submissions one after the other."""

    def answer(payload: Json) -> tuple[int, str]:
        if payload.get("type") == "block_actions" and payload["actions"][0]["action_id"] == "snooze":
            client.views_open(trigger_id=payload["trigger_id"], view=MODAL)
        if payload.get("type") == "view_submission":
            return 200, json.dumps(answers.pop(0)) if answers else ""
        return 200, ""

    app.answer = answer


def test_what_is_said_appears_and_changes_without_a_reload(window: Opened, client: WebClient) -> None:
    page = window.go("U0SAM/D0SAM")
    expect(page.get_by_text("No news is good news")).to_be_visible()
    page.evaluate("window.neverReloaded = true")

    posted = client.chat_postMessage(channel="U0SAM", text="Orders has no fresh backup", blocks=CARD)
    expect(row(page, "Orders has no fresh backup")).to_be_visible()
    expect(page.locator("[data-announcer]")).to_have_text("Orders has no fresh backup")
    expect(page.get_by_role("img", name="red circle")).to_be_visible()
    green = [{"type": "section", "text": mrkdwn(":large_green_circle:  *Orders* is backed up again")}]
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Orders is backed up again", blocks=green)
    expect(row(page, "is backed up again")).to_contain_text("(edited)")
    expect(page.locator("[data-announcer]")).to_have_text("Changed: Orders is backed up again")
    expect(page.get_by_role("button", name="Mark fixed")).to_have_count(0)
    assert page.evaluate("window.neverReloaded") is True


def test_a_press_is_sent_signed_and_a_refusal_is_told_beside_the_button(
    window: Opened, slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel="U0SAM", text="Orders", blocks=CARD)["ts"]
    page = window.go("U0SAM/D0SAM")

    with page.expect_response("**/_local/press"):
        page.get_by_role("button", name="Mark fixed").click()
    got = next(got for got in app.got if got.payload["type"] == "block_actions")
    assert SignatureVerifier(slack.signing_secret).is_valid_request(got.body, got.headers)
    assert (got.payload["type"], got.payload["user"]["id"], got.payload["container"]["message_ts"]) == (
        "block_actions",
        "U0SAM",
        ts,
    )
    assert (got.payload["actions"][0]["action_id"], got.payload["actions"][0]["value"]) == ("mark_fixed", "orders-db 1")

    app.answer = lambda _payload: (500, "")
    page.get_by_role("button", name="Mark fixed").click()
    expect(row(page, "Orders").get_by_role("alert")).to_have_text(
        "Sentinel answered with an error (500). Nothing may have happened."
    )


def test_what_is_hard_to_undo_asks_once(window: Opened, app: ListeningApp, client: WebClient) -> None:
    client.chat_postMessage(channel="U0SAM", text="Orders", blocks=CARD)
    page = window.go("U0SAM/D0SAM")

    for way in ("Keep", "Escape"):
        page.get_by_role("button", name="Mute").click()
        asking = page.get_by_role("alertdialog", name="Mute Orders?")
        expect(asking).to_contain_text("It says nothing.")
        page.keyboard.press(way) if way == "Escape" else asking.get_by_role("button", name=way).click()
        expect(asking).to_have_count(0)
    assert actions_of(app) == []
    page.get_by_role("button", name="Mute").click()
    with page.expect_response("**/_local/press"):
        page.get_by_role("button", name="Mute it").click()
    assert [action["action_id"] for action in actions_of(app)] == ["mute"]


def test_a_form_says_what_is_wrong_at_its_field_and_closes_when_it_is_taken(
    window: Opened, app: ListeningApp, client: WebClient
) -> None:
    snoozing(app, client, [{"response_action": "errors", "errors": {"until": "That day is over."}}])
    client.chat_postMessage(channel="U0SAM", text="Orders", blocks=CARD)
    page = window.go("U0SAM/D0SAM")

    page.get_by_role("button", name="Snooze…").click()
    form = page.get_by_role("dialog", name="Snooze")
    expect(form.get_by_role("radio", name="1 day")).to_be_focused()
    expect(form.get_by_label("Or until a date")).to_have_accessible_description("It wakes at 09:00.")
    form.get_by_role("button", name="Snooze").click()
    expect(form.get_by_label("Why")).to_have_accessible_description("This field is needed.")
    expect(form.get_by_label("Why")).to_be_focused()
    assert submissions_of(app) == []

    form.get_by_label("Why").fill("a new disk comes")
    form.get_by_role("radio", name="3 days").check()
    form.get_by_label("Or until a date").fill("2026-01-01")
    form.get_by_role("button", name="Snooze").click()
    until = form.get_by_label("Or until a date")
    expect(until).to_have_accessible_description("It wakes at 09:00. That day is over.")
    expect(until).to_have_attribute("aria-invalid", "true")
    until.fill("")
    form.get_by_role("button", name="Snooze").click()
    expect(form).to_have_count(0)
    sent = submissions_of(app)[-1]
    assert sent["choice"]["choice"]["selected_option"]["value"] == "3d"
    assert sent["until"]["until"] == {"type": "datepicker", "selected_date": None}
    assert sent["why"]["why"]["value"] == "a new disk comes"


def test_each_person_sees_what_is_theirs(window: Opened, client: WebClient) -> None:
    client.chat_postMessage(channel="U0SAM", text="only for Sam")
    client.chat_postMessage(channel="C0BACKUPS", text="for all")
    client.chat_postEphemeral(channel="C0BACKUPS", user="U0KIM", text="psst, Kim")
    page = window.go("U0ANA/D0ANA")

    expect(page.get_by_role("radio", name=re.compile("Sam Owner.*1 unread"))).to_be_visible()
    act_as(page, "Sam Owner")
    expect(row(page, "only for Sam")).to_be_visible()
    page.get_by_role("link", name="backups").click()
    expect(row(page, "for all")).to_be_visible()
    expect(row(page, "psst")).to_have_count(0)
    act_as(page, "Kim Keller")
    expect(row(page, "psst, Kim")).to_contain_text("Only visible to you")
    page.get_by_role("button", name="Dismiss").click()
    expect(row(page, "psst")).to_have_count(0)
    act_as(page, "Gus Guest")
    expect(row(page, "for all")).to_be_visible()
    expect(page.get_by_role("link", name="general")).to_have_count(0)


def test_a_thread_opens_beside_and_takes_answers(window: Opened, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0BACKUPS", text="a question")["ts"]
    client.chat_postMessage(channel="C0BACKUPS", text="a first answer", thread_ts=ts)
    page = window.go("U0ANA/C0BACKUPS")

    expect(row(page, "a first answer")).to_have_count(0)
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("a first answer")).to_be_visible()
    thread.get_by_label("Reply in thread").fill("and a second")
    page.keyboard.press("Enter")
    expect(thread.locator("article")).to_have_count(3)
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    page.keyboard.press("Escape")
    expect(thread).to_have_count(0)


def test_an_answer_shown_in_the_channel_too_leads_to_its_thread(window: Opened, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0BACKUPS", text="a question")["ts"]
    client.chat_postMessage(channel="C0BACKUPS", text="worse now", thread_ts=ts, reply_broadcast=True)
    page = window.go("U0ANA/C0BACKUPS")

    row(page, "worse now").get_by_role("button", name="replied to a thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("a question")).to_be_visible()
    expect(thread.get_by_text("worse now")).to_be_visible()


def test_the_home_tab_is_drawn_when_opened_and_its_controls_work(window: Opened, app: ListeningApp, client: WebClient) -> None:
    def answer(payload: Json) -> tuple[int, str]:
        if payload.get("event", {}).get("tab") == "home":
            client.views_publish(user_id=payload["event"]["user"], view=HOME)
        return 200, ""

    app.answer = answer
    page = window.go("U0SAM/D0SAM")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("heading", name="Backups")).to_be_visible()

    with page.expect_response("**/_local/press"):
        page.get_by_label("Any state").select_option("Failing")
    expect(page.get_by_label("Any state")).to_have_value("red")
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Why?")).to_be_focused()
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/_local/press"):
        page.keyboard.press("Enter")
    first, second = actions_of(app)
    assert (first["selected_option"]["value"], first["block_id"]) == ("red", "filter")
    assert (second["selected_option"]["value"], second["action_id"]) == ("mute", "job")
    assert app.last.payload["view"]["state"]["values"]["filter"]["state"]["selected_option"]["value"] == "red"


def test_commands_are_offered_as_they_are_typed(window: Opened, app: ListeningApp) -> None:
    app.answer = lambda payload: (200, json.dumps({"text": "All is well"})) if "command" in payload else (200, "")
    page = window.go("U0KIM/C0BACKUPS")

    writing = page.get_by_label("Message #backups")
    writing.press_sequentially("/b")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name=re.compile("What stands how"))).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(writing).to_have_value("/backup ")
    expect(writing).to_have_accessible_description("/backup [job] — What stands how")
    writing.press_sequentially("orders")
    page.keyboard.press("Enter")
    expect(row(page, "All is well")).to_contain_text("Only visible to you")
    assert (app.last.payload["command"], app.last.payload["text"], app.last.payload["user_id"]) == ("/backup", "orders", "U0KIM")

    writing.fill("/bekup")
    page.keyboard.press("Enter")
    expect(page.locator(".composer").get_by_role("alert")).to_have_text("/bekup is not a command of Sentinel.")


def test_shortcuts_stand_where_the_manifest_puts_them(window: Opened, app: ListeningApp, client: WebClient) -> None:
    client.chat_postMessage(channel="C0BACKUPS", text="a report")
    page = window.go("U0SAM/C0BACKUPS")

    page.get_by_role("button", name="Shortcuts", exact=True).click()
    with page.expect_response("**/_local/shortcut"):
        page.get_by_role("menuitem", name="Add a job").click()
    assert (app.last.payload["type"], app.last.payload["callback_id"]) == ("shortcut", "add")
    row(page, "a report").hover()
    page.get_by_role("button", name="Message shortcuts").click()
    with page.expect_response("**/_local/shortcut"):
        page.get_by_role("menuitem", name="Make it a job").click()
    assert (app.last.payload["type"], app.last.payload["message"]["text"]) == ("message_action", "a report")


def test_all_of_it_works_without_a_mouse(window: Opened, app: ListeningApp, client: WebClient) -> None:
    snoozing(app, client, [])
    client.chat_postMessage(channel="U0SAM", text="Orders", blocks=CARD)
    page = window.go("U0ANA/D0ANA")
    expect(page.get_by_text("No news is good news")).to_be_visible()

    def tab_to(there: Locator) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if there.count() and there.first.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not reach {there}")

    tab_to(page.get_by_role("radio", name="Ana Admin"))
    page.keyboard.press("ArrowDown")
    expect(row(page, "Orders")).to_be_visible()
    tab_to(page.get_by_role("button", name="Snooze…"))
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Snooze")
    expect(form.get_by_role("radio", name="1 day")).to_be_focused()
    page.keyboard.press("ArrowDown")
    tab_to(form.get_by_label("Why"))
    page.keyboard.type("a disk")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    assert submissions_of(app)[0]["choice"]["choice"]["selected_option"]["value"] == "3d"
    expect(page.get_by_role("button", name="Snooze…")).to_be_focused()

    page.keyboard.press("Enter")
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_what_is_still_shown_of_one_cannot_be_pressed_while_becoming_another(window: Opened, client: WebClient) -> None:
    client.chat_postMessage(channel="U0SAM", text="only for Sam")
    page, held = window.go("U0ANA/D0ANA"), list[Route]()
    expect(page.get_by_role("link", name="Sentinel", exact=True)).to_be_visible()
    page.route(re.compile(r"/_local/screen\?.*U0SAM"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    act_as(page, "Sam Owner")
    expect(page.locator("nav[aria-label=Conversations]")).to_have_attribute("inert", "")
    expect(page.locator("main")).to_have_attribute("inert", "")
    for request in held:
        request.continue_()
    page.unroute_all()

    page.get_by_role("link", name="Sentinel", exact=True).click()
    expect(row(page, "only for Sam")).to_be_visible()


def test_it_fits_a_phone(browser: Browser, slack: RunningWorkspace, app: ListeningApp, client: WebClient) -> None:
    snoozing(app, client, [])
    long = mrkdwn("*Lands in*\n`s3://acme-backups/customers/production/eu-central-1/nightly/`")
    fields = {"type": "section", "fields": [long, mrkdwn("*Owner*\n<@U0SAM>")]}
    client.chat_postMessage(channel="U0SAM", text="Orders", blocks=[*CARD, fields])
    with opened(browser, slack, viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True) as window:
        page = window.go("U0ANA/D0ANA")
        page.get_by_role("button", name="Conversations").tap()
        act_as(page, "Sam Owner")
        page.get_by_role("link", name="Sentinel", exact=True).tap()
        expect(row(page, "Orders")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        row(page, "Orders").get_by_role("button", name="Snooze…").tap()
        form = page.get_by_role("dialog", name="Snooze")
        expect(form.get_by_role("button", name="Keep telling me")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        form.get_by_role("button", name="Keep telling me").tap()
        row(page, "Orders").get_by_role("button", name="Reply in thread").tap()
        expect(page.get_by_role("complementary", name="Thread")).to_be_in_viewport(ratio=1)


def test_it_is_dark_where_the_machine_is_and_where_one_wants_it(
    browser: Browser, slack: RunningWorkspace, client: WebClient
) -> None:
    client.chat_postMessage(channel="U0SAM", text="Orders", blocks=CARD)

    def lightness(page: Page, what: str, colour: str) -> float:
        shown = page.locator(what).first.evaluate(f"one => getComputedStyle(one).{colour}")
        return sum(float(part) for part in re.findall(r"[\d.]+", shown)[:3]) / 3

    with opened(browser, slack, color_scheme="dark") as window:
        page = window.go("U0SAM/D0SAM")
        expect(row(page, "Orders")).to_be_visible()
        assert lightness(page, "main", "backgroundColor") < 60
        assert lightness(page, "article strong", "color") > 190
        page.get_by_role("button", name="Colours: as this machine").click()
        assert lightness(page, "main", "backgroundColor") > 240
        assert lightness(page, "article strong", "color") < 80
        page.reload()
        expect(page.get_by_role("button", name="Colours: light")).to_be_visible()
        assert lightness(page, "main", "backgroundColor") > 240


def test_words_of_others_are_never_markup(window: Opened, slack: RunningWorkspace, client: WebClient) -> None:
    hostile = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'> 02:11–04:11"
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
    slack.write("kim", hostile, channel="backups")
    for text in (plain(f"{hostile} *not bold*"), mrkdwn(escaped)):
        client.chat_postMessage(channel="C0BACKUPS", text="x", blocks=[{"type": "section", "text": text}])
    client.chat_postMessage(channel="C0BACKUPS", text="x", blocks=[{"type": "header", "text": plain(f"{hostile} *not bold*")}])
    client.chat_postMessage(channel="C0BACKUPS", text="<javascript:alert(1)|press me>")
    page = window.go("U0ANA/C0BACKUPS")

    expect(row(page, re.compile("<\u2060?script>window.hit = 1<\u2060?/script>.*02:11–04:11"))).to_have_count(4)
    expect(row(page, "*not bold*")).to_have_count(2)
    expect(row(page, "press me")).to_have_count(1)
    assert page.evaluate("window.hit") is None
    assert page.locator("article a").count() == 0


def shown_blocks(place: Locator) -> list[Json]:
    """What stands for each block: its height on the screen, its text and how many controls it has."""
    found: list[Json] = place.evaluate(
        """place => [...place.querySelectorAll(":scope > *")].flatMap(part =>
               part.matches(".slack_blocks_to_jsx") ? [...part.querySelectorAll(".slack_blocks_to_jsx--block_wrapper")] : [part]
           ).map(part => ({
               height: part.getBoundingClientRect().height,
               text: part.innerText.trim(),
               line: part.querySelector(".slack_blocks_to_jsx__divider") !== null,
               controls: part.querySelectorAll("button, input, select, textarea, a").length,
           }))"""
    )
    return found


def assert_all_shown(place: Locator, blocks: list[Json]) -> None:
    shown = shown_blocks(place)
    assert len(shown) == len(blocks), (shown, blocks)
    for seen, block in zip(shown, blocks, strict=True):
        assert seen["height"] > 0, block
        assert seen["text"] or seen["line"], block
        if block["type"] == "actions":
            assert seen["controls"] == len(block["elements"])
        if block["type"] == "input":
            assert seen["controls"] >= 1


def assert_drawn_well(page: Page) -> None:
    assert page.locator(".undrawable").count() == 0
    for text in page.locator(".blocks").all_inner_texts():
        assert not re.search(r":[a-z_]{3,}:|<!date|<@|&lt;|&amp;", text), text


def test_everything_that_we_say_is_seen(window: Opened, client: WebClient) -> None:
    told = payloads.messages([*CONDITIONS.values(), *payloads.by_chance(20)])
    people = ("SAM", "KIM", "GUS")  # a conversation shows its newest 150 messages
    for number, message in enumerate(told):
        client.chat_postMessage(channel=f"U0{people[number // 100]}", text=message.text, blocks=list(message.blocks))

    for place in range(0, len(told), 100):
        person, here = people[place // 100], told[place : place + 100]
        page = window.go(f"U0{person}/D0{person}")
        page.reload()  # nothing of the conversation before
        expect(page.locator("main article")).to_have_count(len(here))
        for drawn, message in zip(page.locator("main article .blocks").all(), here, strict=True):
            assert_all_shown(drawn, list(message.blocks))
        assert page.locator(".undrawable").count() == 0


def test_every_board_and_form_of_ours_is_seen(window: Opened, app: ListeningApp, client: WebClient) -> None:
    page = window.go("U0SAM/home")
    for view in payloads.homes(payloads.by_chance(10)):
        client.views_publish(user_id="U0SAM", view=view)
        expect(page.locator(".home .blocks > *").first).to_be_visible()
        _wait_until_drawn(page, _version(page))
        assert_all_shown(page.locator(".home .blocks"), view["blocks"])
    for view in payloads.modals():
        with page.expect_response("**/_local/shortcut"):
            page.evaluate("fetch('/_local/shortcut', {method: 'POST', body: JSON.stringify({user: 'sam', callback_id: 'add'})})")
        client.views_open(trigger_id=app.last.payload["trigger_id"], view=view)
        _wait_until_drawn(page, _version(page))
        assert_all_shown(page.locator("dialog .blocks"), view["blocks"])
        assert_drawn_well(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def _wait_until_drawn(page: Page, version: int) -> None:
    """Until the page shows this change. It forbids eval, which is how the browser driver's own waiting works."""
    for _ in range(100):
        if int(page.locator(".frame").get_attribute("data-version") or 0) >= version:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the page does not come to change {version}")


def _version(page: Page) -> int:
    """How many changes there were until now."""
    version: int = page.evaluate("fetch('/_local/screen?user=sam').then(answer => answer.json()).then(screen => screen.version)")
    return version


def test_it_waits_for_a_server_that_is_gone_and_goes_on_where_it_was(browser: Browser, built_page: Path, tmp_path: Path) -> None:
    options = Options(state=tmp_path / "slack.json", scopes=SCOPES_USED, page=lambda: built_page)
    first = LocalSlack(options)
    port = int(first.url.rsplit(":", 1)[1])
    with first:
        WebClient(options.bot_token, base_url=first.api_url).chat_postMessage(channel="U0SAM", text="before")
        window = Opened(browser, first.url)
        page = window.go("U0SAM/D0SAM")
        expect(row(page, "before")).to_be_visible()
    expect(page.get_by_text("This page waits for it")).to_be_visible()
    with LocalSlack(options, port=port) as second:
        WebClient(options.bot_token, base_url=second.api_url).chat_postMessage(channel="U0SAM", text="after")
        expect(row(page, "after")).to_be_visible()
        expect(row(page, "before")).to_be_visible()
        expect(page.get_by_text("This page waits for it")).to_have_count(0)
        window.context.close()
