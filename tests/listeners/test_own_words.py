from listeners.cards import living_message, thread_line
from tests.flows.company import SAM, Company, broken_company
from workflows.backup.voice import parse_voice
from workflows.kernel.ports import Message

VOICE = """
[warn]
line: {job} is {age} old, <@U1> *look* (limit {limit}); {by} knows
[alert]
line: {job} is overdue: {age}
[reminder]
line: Once more: {job}, {missed} missed
[recovered]
line: {job} is back after {lasted}
"""


def drawn(company: Company, draw: object = living_message) -> Message:
    message: Message = draw(company.standing(), now=company.now, zone="UTC", own=parse_voice(VOICE).line)  # type: ignore[operator]
    return message


def test_a_first_line_may_be_in_the_companys_own_words() -> None:
    company = broken_company()
    company.pass_time(hours=13)
    company.look()

    message = drawn(company)
    assert message.text == ":red_circle: Orders database is overdue: 40 h"
    assert "Orders database is overdue: 40 h" in str(message.blocks[0])


def test_a_field_that_is_empty_now_leaves_the_built_in_words() -> None:
    assert "has no fresh backup" in drawn(broken_company()).text  # nobody has answered: {by} is empty


def test_what_stands_in_a_line_is_text_and_no_markup() -> None:
    company = broken_company()
    company.press("mark_fixed", SAM)
    company.settle()
    company.pass_time(hours=30)
    company.look()
    message = living_message(company.standing(), now=company.now, zone="UTC", own=lambda *_: "<@U1> *look*")

    first = message.blocks[0]["text"]["text"].splitlines()[0]
    assert "<@U1>" not in first
    assert "*look*" not in first


def test_a_recovery_and_a_reminder_have_lines_of_their_own() -> None:
    company = broken_company()
    company.pass_time(days=2)  # an alert, said at once
    company.look()
    while company.standing().loud_kind != "reminder":
        company.pass_time(hours=1)
        company.look()
    assert "Once more: Orders database" in drawn(company, thread_line).text
    company.land()
    company.look()
    assert "is back after" in drawn(company).text
