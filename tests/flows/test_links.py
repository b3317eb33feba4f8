"""What the links of a letter lead to: a look changes nothing, a click acts by the rules of the buttons, every end is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bolt_app.link_front import HEADERS
from tests.flows.company import ANA, MONDAY, SAM
from tests.flows.letter_box import PAT, PATS, LetterBox, told_by_mail
from workflows.kernel.links import Link, signed
from workflows.kernel.ports import AuditEntry, Json


def page(answer: Json) -> str:
    body: str = answer["body"]
    return body


def audit(box: LetterBox) -> AuditEntry:
    return box.company.standings.history("orders-db", 1)[0]


# --- looking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Mark fixed", "Snooze…", "Mute"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS", "DELETE"])
def test_nothing_but_a_post_changes_anything(method: str, label: str) -> None:
    box = told_by_mail()
    before, entries = box.company.standing(), box.company.standings.history("orders-db", 99)
    for _ in range(3):
        box.ask(method, box.token(label), user_agent="Mozilla/5.0 (compatible; SafeLinks)")

    assert box.company.standing() == before
    assert box.company.standings.history("orders-db", 99) == entries
    assert box.company.bus.take() == []


def test_head_is_answered_without_a_page() -> None:
    box = told_by_mail()
    answer = box.ask("HEAD", box.token("Mute"))

    assert (answer["statusCode"], answer["body"]) == (200, "")


def test_the_page_says_what_is_so_and_what_the_button_will_do() -> None:
    box = told_by_mail()
    answer = box.ask("GET", box.token("Mark fixed"))

    assert answer["statusCode"] == 200
    for fact in ("Orders database", "has no fresh backup", "27 h old", "I look at once", "<button>Mark fixed</button>", PAT):
        assert fact in page(answer), fact


def test_a_page_allows_no_script_no_frame_no_referrer_and_no_copy() -> None:
    box = told_by_mail()
    headers = box.ask("GET", box.token("Mute"))["headers"]

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert {name.replace("_", "-") for name in HEADERS} <= headers.keys()


# --- acting --------------------------------------------------------------------------------------


def test_a_click_marks_fixed_is_audited_with_the_address_and_is_looked_at_at_once() -> None:
    box = told_by_mail()
    answer = box.press(box.token("Mark fixed"))

    assert answer["statusCode"] == 200
    assert "It is marked fixed" in page(answer)
    assert box.company.standing().state == "pending_fixed"
    assert (audit(box).action, audit(box).by) == ("mark_fixed", PAT)
    assert [event.kind for event in box.company.bus.take()] == ["bk.answered", "bk.check"]


def test_snooze_asks_for_days() -> None:
    box = told_by_mail()
    token = box.token("Snooze…")
    shown = page(box.ask("GET", token))
    assert 'name="choice" value="3d"' in shown
    assert 'type="date"' in shown

    box.press(token, choice="3d", reason="new disk comes on Thursday")
    standing = box.company.standing()
    assert standing.snooze_until == box.company.now + timedelta(days=3)
    assert standing.answer is not None
    assert (standing.answer.by, standing.answer.reason) == (PAT, "new disk comes on Thursday")


def test_a_date_counts_instead_of_the_days_and_a_wrong_one_is_said_in_the_form() -> None:
    box = told_by_mail()
    token = box.token("Snooze…")
    wrong = box.press(token, choice="3d", date="2020-01-01")
    assert wrong["statusCode"] == 422
    assert "Choose a day after today." in page(wrong)
    assert "<button>Snooze</button>" in page(wrong)
    assert box.company.standing().snooze_until is None

    assert box.press(token, choice="3d", date="2026-11-20")["statusCode"] == 200
    until = box.company.standing().snooze_until
    assert until is not None
    assert f"{until:%F %H:%M}" == "2026-11-20 09:00"


def test_a_critical_job_wants_a_reason() -> None:
    box = told_by_mail(PATS.replace(",no", ",yes"))
    token = box.token("Snooze…")

    assert " required" in page(box.ask("GET", token))
    refused = box.press(token, choice="1d", reason=" ")
    assert refused["statusCode"] == 422
    assert "say why it may wait" in page(refused)


def test_mute_says_who_can_undo_it() -> None:
    box = told_by_mail()
    answer = box.press(box.token("Mute"))

    assert box.company.standing().muted
    assert ANA.email in page(answer)


def test_one_snooze_too_many_is_said_first_and_then_escalates() -> None:
    box = told_by_mail()
    token = box.token("Snooze…")
    for _ in range(3):
        assert box.press(token, choice="1d")["statusCode"] == 200
        box.company.pass_time(hours=25)
        box.company.look()

    shown = page(box.ask("GET", token))
    assert "it escalates at once" in shown
    assert "<button>Escalate</button>" in shown
    assert "It has escalated" in page(box.press(token, choice="1d"))
    assert box.company.standing().state == "escalate"


# --- links that no longer act --------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Mark fixed", "Snooze…", "Mute"])
def test_a_used_link_says_so_and_changes_nothing_more(label: str) -> None:
    box = told_by_mail()
    token = box.token(label)
    box.press(token)
    before = box.company.standing()
    box.company.pass_time(hours=1)

    for answer in (box.ask("GET", token), box.press(token)):
        assert answer["statusCode"] == 200
        assert any(words in page(answer) for words in ("It is marked fixed", "It is snoozed", "It is muted"))
        assert "<button>" not in page(answer)
    assert box.company.standing() == before


def test_a_link_is_good_for_seven_days() -> None:
    box = told_by_mail()
    token = box.token("Mute")
    box.company.pass_time(days=6, hours=23)
    assert "<button>" in page(box.ask("GET", token))

    box.company.pass_time(hours=2)
    for answer in (box.ask("GET", token), box.press(token)):
        assert answer["statusCode"] == 410
        assert "This link has expired" in page(answer)
    assert not box.company.standing().muted


def test_a_link_of_an_earlier_break_sends_to_the_newer_mail() -> None:
    box = told_by_mail()
    token = box.token("Mute")
    box.company.land()
    box.company.look()
    assert "Nothing to do: this is fine." in page(box.ask("GET", token))

    box.company.pass_time(hours=27)
    box.company.look()
    answer = box.press(token)
    assert answer["statusCode"] == 409
    assert "use the buttons there" in page(answer)
    assert not box.company.standing().muted


def test_a_link_of_a_job_that_left_the_list_says_so() -> None:
    box = told_by_mail(PATS)
    token = box.token("Mute")
    box.company.list_jobs("other,Other,sam@example.com,s3://acme/other/,,26h,,no")
    box.company.look()

    assert "not watched any more" in page(box.ask("GET", token))


def test_who_owns_it_no_more_is_refused_and_only_the_try_is_audited() -> None:
    box = told_by_mail()
    token = box.token("Mark fixed")
    box.company.standings.save(replace(box.company.standing(), recipients=(SAM.email,)), None)

    assert box.ask("GET", token)["statusCode"] == 403
    assert not any(entry.action == "refused" for entry in box.company.standings.history("orders-db", 99))
    answer = box.press(token)
    assert answer["statusCode"] == 403
    assert SAM.email in page(answer)
    assert (audit(box).action, audit(box).by) == ("refused", PAT)


@pytest.mark.parametrize("forge", ["cut", "changed", "another key", "nothing", "long", "not a token"])
def test_a_link_that_nobody_signed_tells_nothing(forge: str) -> None:
    box = told_by_mail()
    real = box.token("Mark fixed")
    link = Link(
        subject="orders-db", break_id=box.company.standing().break_id, action="fixed", person=PAT, expires=MONDAY + timedelta(99)
    )
    token = {
        "cut": real[:-1],
        "changed": ("A" if real[0] != "A" else "B") + real[1:],
        "another key": signed(link, ["another key that is long enough too"]),
        "nothing": "",
        "long": "a" * 5000,
        "not a token": "../../etc/passwd",
    }[forge]

    for answer in (box.ask("GET", token), box.press(token)):
        assert answer["statusCode"] == 404
        assert "Orders" not in page(answer)
    assert box.company.bus.take() == []


def test_a_link_is_bound_to_its_action() -> None:
    box = told_by_mail()
    box.ask("POST", box.token("Mark fixed"), {"token": box.token("Mute")})

    assert not box.company.standing().muted
    assert box.company.standing().state == "warn"


# --- other sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "https://sentinel.example.com"},
        {"origin": "https://evil.example"},
        {"content_type": "text/plain"},
    ],
)
def test_another_site_cannot_press(headers: dict[str, str]) -> None:
    box = told_by_mail()
    token = box.token("Mute")
    answer = box.ask("POST", token, {"token": token}, **headers)

    assert answer["statusCode"] == 403
    assert not box.company.standing().muted


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec_fetch_site": "same-origin", "origin": "null"}, {"origin": "https://sentinel.example.com"}, {"origin": "null"}],
)
def test_the_page_itself_can(headers: dict[str, str]) -> None:
    box = told_by_mail()
    token = box.token("Mute")
    box.ask("POST", token, {"token": token}, **headers)

    assert box.company.standing().muted


def test_a_post_without_the_token_in_its_form_does_nothing() -> None:
    box = told_by_mail()
    for form in ({}, {"token": "x"}, {"token": ""}):
        assert box.ask("POST", box.token("Mute"), form)["statusCode"] == 403
    assert not box.company.standing().muted


def test_hostile_names_stay_words() -> None:
    box = told_by_mail(PATS.replace("Orders database", "<script>alert(1)</script> <!channel> *x* & co"))
    [letter] = box.letters
    shown = page(box.ask("GET", box.token("Snooze…")))

    for document in (letter.html, shown):
        assert "<script" not in document
        assert "&lt;script&gt;" in document
    assert "<script>alert(1)</script>" in letter.text
    assert "\n" not in letter.subject
