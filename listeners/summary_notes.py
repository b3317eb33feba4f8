"""What the summary says besides the jobs: about the list, its owners, and the watching itself. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from listeners import texts
from listeners.proposal_cards import plain_title
from workflows.backup import summary_paragraph
from workflows.backup.summary_facts import Facts
from workflows.kernel.quantities import age_text

NAMED_MAX = 8
CANARY_EVERY = timedelta(days=8)
"""A test comes each week; one that is older than this did not come."""

_DOCUMENTS = {"list_errors": "the job list", "rules_errors": "the rules", "voice_errors": "the voice document"}
_DONE = {
    "mark_fixed": "marked fixed",
    "snooze": "snoozed",
    "mute": "muted",
    "unmute": "unmuted",
    "row_added": "added to the list",
    "row_changed": "changed in the list",
}


def notes_of(facts: Facts, *, by_mail: bool) -> list[str]:
    """One line each, mrkdwn. `by_mail`: whoever has no account is written to, not the admin in their place."""
    found = (
        _blind(facts),
        _untold(facts),
        _canary_lost(facts),
        _held(facts),
        _left(facts),
        _unowned(facts),
        _strangers(facts, by_mail=by_mail),
        _troubles(facts),
        _proposals(facts),
        _recovered(facts),
        _deeds(facts),
        f"Could not be read just now: {', '.join(facts.missing)}." if facts.missing else "",
    )
    return [f"• {note}" for note in found if note]


def canary_line(facts: Facts) -> str:
    """How the newest weekly test went; empty before the first one has ended."""
    test = facts.canary
    if test is None:
        return ""
    if facts.at - test.at > CANARY_EVERY:
        return f"the weekly test has not come since {_date(test.at, facts)}"
    match test.result:
        case "arrived":
            return f"the weekly test message arrived on {_weekday(test.at, facts)}"
        case "missed":
            return f"the weekly test message of {_weekday(test.at, facts)} did not arrive"
        case "held_back":
            return f"the weekly test message of {_weekday(test.at, facts)} was held back until business hours"
        case None:
            last = test.last_arrived
            return f"the weekly test is under way; the last one arrived on {_date(last, facts)}" if last else ""


def _canary_lost(facts: Facts) -> str:
    test = facts.canary
    if test is None or (test.result != "missed" and facts.at - test.at <= CANARY_EVERY):
        return ""
    line = canary_line(facts)
    return f":warning: {line[0].upper()}{line[1:]}: alerts may not arrive either."


def _blind(facts: Facts) -> str:
    spans = []
    for span in facts.blind[-NAMED_MAX:]:
        check = "the daily check" if span.mode == "slow" else "the hourly check"
        until = f"until {_moment(span.until, facts)}" if span.until else "and is still missing"
        spans.append(f"{check} did not come from {_moment(span.since, facts)} {until}")
    return f":grey_question: Not observed: {'; '.join(spans)}." if spans else ""


def _untold(facts: Facts) -> str:
    named = _named([job.name for job in facts.untold])
    return f":warning: Not everybody could be told yet of {named}; it is tried again and again." if named else ""


def _held(facts: Facts) -> str:
    count, named = len(facts.held), _named(facts.held)
    return f":warning: {texts.counted(count, 'row')} vanished from the job list at once: {named}. That is held." if count else ""


def _left(facts: Facts) -> str:
    return f"No longer on the job list, and not watched: {_named(facts.left)}." if facts.left else ""


def _unowned(facts: Facts) -> str:
    named = _named([job.name for job in facts.unowned])
    return (
        f"Nobody is named as owner of {named}, so the admin is told. An owner in the row, or of its group, mends that."
        if named
        else ""
    )


def _strangers(facts: Facts, *, by_mail: bool) -> str:
    if not facts.strangers:
        return ""
    owners = "This owner has" if len(facts.strangers) == 1 else "These owners have"
    instead = "told by e-mail" if by_mail else "the admin is told instead"
    return f"{owners} no account here, {instead}: {_named(facts.strangers)}."


def _troubles(facts: Facts) -> str:
    known = [(what, facts.troubles[about]) for about, what in _DOCUMENTS.items() if about in facts.troubles]
    told = [f"in {what} since {_moment(since, facts)}" for what, since in known]
    return f":memo: There are mistakes {', and '.join(told)}. The admin has the details." if told else ""


def _proposals(facts: Facts) -> str:
    if not facts.proposals:
        return ""
    count, oldest = len(facts.proposals), facts.proposals[0].created
    waits = "waits" if count == 1 else "wait"
    named = _named([plain_title(proposal) for proposal in facts.proposals])
    return f":inbox_tray: {texts.counted(count, 'proposal')} {waits} for approval, since {_moment(oldest, facts)}: {named}."


def _recovered(facts: Facts) -> str:
    """Where the paragraph above cannot name them all."""
    if len(facts.recovered) <= summary_paragraph.NAMED_MAX:
        return ""
    told = [
        f"*{texts.name(one.job.name, 60)}*{f' after {age_text(one.lasted)}' if one.lasted is not None else ''}"
        for one in facts.recovered[:NAMED_MAX]
    ]
    return f"Fine again since yesterday: {_and_more(told, len(facts.recovered))}." if told else ""


def _deeds(facts: Facts) -> str:
    told = [f"{count} {_DONE[action]}" for action, count in sorted(facts.deeds.items()) if action in _DONE]
    return f"Done by people since yesterday: {', '.join(told)}." if told else ""


def _named(names: Sequence[str], shown: Callable[[str], str] = texts.name) -> str:
    return _and_more([f"*{shown(name[:200])}*" for name in names[:NAMED_MAX]], len(names))


def _and_more(shown: Sequence[str], count: int) -> str:
    more = f" and {count - len(shown)} more" if count > len(shown) else ""
    return f"{', '.join(shown)}{more}"


def _moment(moment: datetime | None, facts: Facts) -> str:
    return texts.moment_text(moment or facts.at, now=facts.at, zone=facts.zone)


def _weekday(moment: datetime, facts: Facts) -> str:
    return f"{moment.astimezone(ZoneInfo(facts.zone)):%A}"


def _date(moment: datetime, facts: Facts) -> str:
    local = moment.astimezone(ZoneInfo(facts.zone))
    return f"{local:%A}, {local.day} {local:%B}"
