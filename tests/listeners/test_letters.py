"""Letters and pages for all that can be said, odd and hostile names among it."""

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from bolt_app.adapters.ses import mail_of
from listeners import link_page, outside_slack
from listeners.letters import LISTED_MAX, Letters, actions_of
from listeners.notices import notice_message
from tests.listeners.made import NOW, STANDINGS, answered, orders
from tests.listeners.test_strict_workspace import CONDITIONS
from workflows.backup.linked import Seen
from workflows.backup.press import SnoozeForm
from workflows.backup.standing import Standing
from workflows.backup.telling import StormMember
from workflows.kernel.links import Link
from workflows.kernel.ports import Letter

PAT, ANA = "pat@elsewhere.example", "ana@example.com"
LETTERS = Letters(url=lambda link: f"https://s.example.com/act/{link.action}", zone="UTC", admin=ANA)
VOID = {"meta", "br", "input"}
MAIL_TAGS = {
    *("html", "head", "meta", "title", "body", "div", "table", "tr", "td", "h1", "p", "b", "i", "a", "br", "code", "span"),
}
PAGE_TAGS = MAIL_TAGS | {
    *("style", "main", "footer", "form", "input", "button", "dl", "dt", "dd", "fieldset", "legend", "label", "textarea"),
}


class Tags(HTMLParser):
    """What a document is made of; `open` are those that were never closed."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def sound(document: str, allowed: set[str]) -> Tags:
    tags = Tags(document)
    assert tags.open == []
    assert {tag for tag, _ in tags.seen} <= allowed
    for _, attributes in tags.seen:
        assert not any(name.startswith("on") or name in {"src", "srcset", "background", "action"} for name in attributes)
        assert (attributes.get("href") or "https://").startswith("https://")
    return tags


def of(standing: Standing) -> Letter:
    return LETTERS.of_job(standing, PAT, NOW)


def check_letter(standing: Standing) -> None:
    letter = of(standing)
    raw = mail_of(letter, sender="sentinel@example.com", to=PAT, message_id="m1", thread="t1", now=NOW).as_bytes()

    sound(letter.html, MAIL_TAGS)
    assert raw.isascii()
    assert 0 < len(letter.subject) <= 150
    assert len(letter.subject.splitlines()) == 1
    assert "<!date" not in letter.text


def check_pages(standing: Standing) -> None:
    link = Link(subject=standing.job_id, break_id="b", action="snooze", person=PAT, expires=NOW)
    form = form_for(standing)

    for page in (
        link_page.asking_page(link, "token", standing, form, now=NOW, admin=ANA, wrong="<@U1> & <b>"),
        link_page.done_page(link, standing, now=NOW, admin=ANA),
        link_page.unable_page(Seen(answer="over", standing=standing), link, now=NOW, admin=ANA),
        link_page.unable_page(Seen(answer="fine", standing=standing), link, now=NOW, admin=ANA),
        link_page.unable_page(Seen(answer="refused", why="<i>no"), link, now=NOW, admin=ANA),
    ):
        tags = sound(page, PAGE_TAGS)
        assert not any("style" in attributes for _, attributes in tags.seen)


@pytest.mark.parametrize("standing", CONDITIONS.values(), ids=CONDITIONS)
def test_whatever_is_so_letter_and_page_are_sound(standing: Standing) -> None:
    check_letter(standing)
    check_pages(standing)


@pytest.mark.thorough
@settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "100")), deadline=None)
@given(STANDINGS)
def test_whatever_a_sheet_holds_letter_and_page_are_sound(standing: Standing) -> None:
    check_letter(standing)
    check_pages(standing)


def form_for(standing: Standing) -> SnoozeForm:
    return SnoozeForm(
        job_id=standing.job_id, break_id="b", name="n", critical=True, taken=1, allowed=3, next_run=NOW, zone="Asia/Singapore"
    )


def test_the_three_links_are_in_both_bodies_the_likely_one_first() -> None:
    letter = of(orders())

    assert [url.rsplit("/", 1)[1] for url in re.findall(r"https://s\.example\.com/act/\w+", letter.text)] == [
        "fixed",
        "snooze",
        "mute",
    ]
    assert [attributes["href"] for tag, attributes in Tags(letter.html).seen if tag == "a"][:3] == [
        f"https://s.example.com/act/{action}" for action in ("fixed", "snooze", "mute")
    ]


@pytest.mark.parametrize(
    ("standing", "actions"),
    [
        (orders(), ("fixed", "snooze", "mute")),
        (orders(state="pending_fixed", answer=answered("fixed")), ("snooze", "mute")),
        (orders(muted=True), ()),
        (orders(state="all_green", findings=()), ()),
        (orders(state="off_list"), ()),
    ],
)
def test_a_letter_offers_what_makes_sense(standing: Standing, actions: tuple[str, ...]) -> None:
    assert actions_of(standing, NOW) == actions


def test_somebody_known_by_slack_id_alone_is_called_by_their_address() -> None:
    standing = orders(recipients=(PAT,), owner_user="U123", state="pending_fixed", answer=answered("fixed"))

    assert f"{PAT} says fixed" in of(standing).text
    assert "someone in Slack says fixed" in of(replace(standing, owner_user="")).text


@pytest.mark.thorough
def test_a_storm_of_hundreds_is_short_enough_not_to_be_cut() -> None:
    """A common mail program cuts letters at 102 kB."""
    members = [StormMember(job_id=f"j{n}", standing=orders(job_id=f"j{n}"), over=False) for n in range(500)]
    long_url = Letters(url=lambda _: "https://s.example.com/act/" + "x" * 250, zone="UTC", admin=ANA)
    letter = long_url.of_storm(members, [], PAT, NOW)

    assert len(letter.html.encode()) < 102_000
    assert f"and {500 - LISTED_MAX} more" in letter.text
    sound(letter.html, MAIL_TAGS)


def test_a_notice_can_be_a_letter() -> None:
    notice = {"about": "list_errors", "items": [{"row": 7, "name": "Orders", "column": "window", "problem": "no window"}]}
    letter = LETTERS.of_message(notice_message(notice))

    assert letter.subject == "📝 1 mistake in the job list; every other row is watched"
    assert "row 7, Orders, window: no window" in letter.text


@pytest.mark.parametrize(
    ("markup", "text", "html"),
    [
        ("*a* _b_ `c`", "a b c", "<b>a</b> <i>b</i> <code>c</code>"),
        ("orders_db_2 and 2*3*4", "orders_db_2 and 2*3*4", "orders_db_2 and 2*3*4"),
        ("<https://a.b/?x=1&amp;y|the &lt;file&gt;>", "the <file> (https://a.b/?x=1&y)", None),
        ("<javascript:alert(1)|x>", "<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        ("<@U123> and <@U9>", "pat and someone in Slack", "pat and someone in Slack"),
        ("<!date^1^{time}|02:11>, :red_circle: :odd:", "02:11, 🔴 :odd:", "02:11, 🔴 :odd:"),
        ("&lt;b&gt; &amp;amp; \"'", "<b> &amp; \"'", "&lt;b&gt; &amp;amp; &quot;&#x27;"),
    ],
)
def test_our_markup_reads_the_same_outside_of_slack(markup: str, text: str, html: str | None) -> None:
    names = {"U123": "pat"}

    assert outside_slack.in_plain_text(markup, names) == text
    assert outside_slack.in_html(markup, names) == (html or '<a href="https://a.b/?x=1&amp;y">the &lt;file&gt;</a>')


def test_a_mail_is_two_bodies_in_one_thread_and_answers_nobody() -> None:
    raw = mail_of(of(orders()), sender="sentinel@example.com", to=PAT, message_id="m1", thread="t1", now=NOW).as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)

    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert mail["Message-ID"] == "<m1@example.com>"
    assert mail["References"] == mail["In-Reply-To"] == "<thread-t1@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "🔴 Orders database has no fresh backup"
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998
