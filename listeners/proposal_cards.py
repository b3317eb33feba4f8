"""The card of a proposal, in all that can become of it. Pure; imports without Bolt.

The action ids stand beside the buttons that carry them. A button's value is the proposal's id; a *this job* button's is
"<proposal_id> <job_id>", a *Show key* button's "<job_id> <proposal_id>".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from listeners import block_kit, texts
from listeners.proposal_row import row_fields
from workflows.kernel.ports import Json, Message
from workflows.kernel.proposal import Proposal
from workflows.kernel.registered import ADDING_MAX

APPROVE = "proposal_approve"
EDIT = "proposal_edit"
DISCARD = "proposal_discard"
RETRY = "proposal_retry"
MATCH = "proposal_match"
NEW = "proposal_new"
SHOW_WAITING = "proposals_show"
SHOW_KEY = "key_show"

BUTTON_CANDIDATES_MAX = 3
OPTIONS_MAX = 100
NAMED_MAX = 10
DISCARDED_DAYS = 90

SAID_OF_DOUBT = "A report arrived that may belong to a job on the list. The answer is remembered for its next reports."


def proposal_card(proposal: Proposal, *, now: datetime, zone: str, names: Mapping[str, str] | None = None) -> Message:
    """What is now true of a proposal.

    Args:
        now: aware, UTC.
        zone: IANA name; times are written in it where Slack cannot show the reader's own.
        names: of jobs on the list, by id: of the candidates, and of the one that is to be changed, where they are known.
    """
    known = names or {}
    called = plain_title(proposal, known)
    match proposal.state:
        case "reading":
            headline, blocks = _reading(called)
        case "pending" if proposal.candidates:
            headline, blocks = _doubtful(proposal, called, known)
        case "pending":
            headline, blocks = _pending(proposal, called)
        case "approving":
            headline, blocks = _approving(proposal, called, now=now, zone=zone)
        case "approved":
            headline, blocks = _approved(proposal, called, now=now, zone=zone)
        case "discarded":
            headline, blocks = _discarded(proposal, called, now=now, zone=zone)
    return Message(text=texts.without_markup(headline), blocks=tuple(blocks))


def waiting_card(names: Sequence[str], count: int, *, now: datetime) -> Message:  # noqa: ARG001 - every drawing function is given the moment
    """One card instead of many: more backups asked to be watched within an hour than anyone wants cards for.

    Args:
        names: of those that have no card of their own, the oldest first. count: how many there are in all.
    """
    if not count:
        headline = ":inbox_tray:  Nothing else waits for approval: all of them have had their cards"
        return Message(text=headline, blocks=(block_kit.section(headline),))
    headline = f":inbox_tray:  *{texts.counted(count, 'more backup')}* {'waits' if count == 1 else 'wait'} for approval"
    shown = [f"• {texts.name(name)}" for name in names[:NAMED_MAX]]
    if count > len(shown):
        shown.append(f"_and {count - len(shown)} more_")
    said = "They came all at once, so they have no cards of their own yet; each gets one when its turn comes."
    blocks = [block_kit.section(f"{headline}\n{said}")]
    if names:
        blocks.append(block_kit.section("\n".join(shown)))
    blocks.append(block_kit.actions(block_kit.button(SHOW_WAITING, "Show them all", "all", primary=True)))
    return Message(text=texts.without_markup(headline), blocks=tuple(blocks))


def plain_title(proposal: Proposal, names: Mapping[str, str] | None = None) -> str:
    """The job's name as it was written. A change is known by the name that the job has now."""
    now = (names or {}).get(proposal.key, "") if proposal.op == "change" else ""
    named = (texts.tidy(name) for name in (now, proposal.cells.get("name", ""), proposal.key))
    return next((name for name in named if name), "") or "a backup without a name"


def origin(proposal: Proposal) -> str:
    """Where it came from, in one sentence."""
    match proposal.lane:
        case "mail":
            named = proposal.cells.get("report_from", "").split("·")
            told_by = [str(seen["tool"]) for seen in proposal.seen if seen.get("tool")] + (named[:1] if len(named) == 3 else [])
            tool = told_by[-1].strip() if told_by else ""
            told = f"A report from {texts.name(tool, 60)}" if tool else "A report"
            return f"{told} arrived; the job is not on the list."
        case "heartbeat":
            return f"It checked in as {texts.code(proposal.key, 100)}, which is not on the list."
        case _:
            return f"{texts.person(proposal.by)} asks for it." if proposal.by else "Somebody asks for it."


# --- what can become of it -------------------------------------------------------------------------


def _reading(called: str) -> tuple[str, list[Json]]:
    headline = f":inbox_tray:  {_bold(called)}: reading its report…"
    return headline, [block_kit.section(headline)]


def _pending(proposal: Proposal, called: str) -> tuple[str, list[Json]]:
    asks = "Change" if proposal.op == "change" else "Watch"
    headline = f":inbox_tray:  {asks} {_bold(called)}?"
    blocks = [block_kit.section("\n".join([headline, _why_not(proposal) or origin(proposal)])), *row_fields(proposal)]
    return headline, [*blocks, *_learned(proposal), block_kit.actions(*_decisions(proposal, called))]


def _doubtful(proposal: Proposal, called: str, names: Mapping[str, str]) -> tuple[str, list[Json]]:
    headline = f":grey_question:  {_bold(called)}: is this a job you know?"
    told = [("Reports as", proposal.cells.get("report_from", "")), ("What", proposal.cells.get("what", ""))]
    shown = [(label, said) for label, text in told if (said := texts.words(text, 200))]
    blocks = [block_kit.section(f"{headline}\n{SAID_OF_DOUBT}")]
    if shown:
        blocks.append(block_kit.fields(*shown))
    blocks += _learned(proposal)
    if len(proposal.candidates) <= BUTTON_CANDIDATES_MAX:
        blocks += [_candidate(proposal, job_id, names) for job_id in proposal.candidates]
        return headline, [*blocks, block_kit.actions(_new_job(proposal), _discard_button(proposal, called))]
    which = _candidates_menu(proposal, names)
    return headline, [*blocks, block_kit.actions(which, _new_job(proposal), _discard_button(proposal, called))]


def _approving(proposal: Proposal, called: str, *, now: datetime, zone: str) -> tuple[str, list[Json]]:
    verb = "Changing" if proposal.op == "change" else "Adding"
    since = proposal.asked_at or proposal.created
    late = now - since >= ADDING_MAX
    if not late and not proposal.why:
        headline = f":hourglass_flowing_sand:  *{verb}…* {_bold(called)}"
        said = f"{_by(proposal, 'Approved', now=now, zone=zone)}. Its row is on the way to the sheet."
        return headline, [block_kit.section(headline), block_kit.context(said)]
    headline = f":warning:  *{'Still ' + verb.lower() if late else verb}…* {_bold(called)}"
    why = _sentence(proposal.why) or "The sheet has not taken its row yet; it is tried again every few minutes."
    small = f"{_by(proposal, 'Approved', now=now, zone=zone)}. Nothing is lost: it stays here until the row is in the sheet."
    buttons = [
        block_kit.button(RETRY, "Try again", proposal.proposal_id, primary=True),
        block_kit.button(EDIT, "Edit…", proposal.proposal_id),
        _discard_button(proposal, called),
    ]
    return headline, [block_kit.section(f"{headline}\n{why}"), block_kit.context(small), block_kit.actions(*buttons)]


def _approved(proposal: Proposal, called: str, *, now: datetime, zone: str) -> tuple[str, list[Json]]:
    done = "is changed" if proposal.op == "change" else "is watched from now on"
    headline = f":white_check_mark:  {_bold(called)} {done}"
    lines = [headline, _sentence(proposal.why)]
    verb = "Changed" if proposal.op == "change" else "Added"
    blocks = [
        block_kit.section("\n".join(line for line in lines if line)),
        block_kit.context(_by(proposal, verb, now=now, zone=zone)),
    ]
    if proposal.op == "add" and "heartbeat" in proposal.cells.get("target", "").lower().split():
        value = f"{proposal.key} {proposal.proposal_id}"
        blocks.append(block_kit.actions(block_kit.button(SHOW_KEY, "Show key", value)))
    return headline, blocks


def _discarded(proposal: Proposal, called: str, *, now: datetime, zone: str) -> tuple[str, list[Json]]:
    done = "stays as it is" if proposal.op == "change" else "is not watched"
    headline = f":wastebasket:  {_bold(called)} {done}"
    lines = [headline, _sentence(proposal.why)]
    small = _by(proposal, "Discarded", now=now, zone=zone)
    if proposal.op == "add":
        small += f" · not proposed again for {DISCARDED_DAYS} days"
    return headline, [block_kit.section("\n".join(line for line in lines if line)), block_kit.context(small)]


# --- its parts -------------------------------------------------------------------------------------


def _learned(proposal: Proposal) -> list[Json]:
    learned = texts.words(proposal.learned)
    return [block_kit.context(learned)] if learned else []


def _why_not(proposal: Proposal) -> str:
    """A proposal that could not be carried out says so before anything else."""
    return f":warning:  Not done yet: {_sentence(proposal.why)}" if proposal.why else ""


def _decisions(proposal: Proposal, called: str) -> list[Json]:
    """The most likely one first: what lacks a schedule and a window is edited before it can be approved."""
    whole = proposal.op == "change" or any(proposal.cells.get(column) for column in ("schedule", "window"))
    approve = block_kit.button(APPROVE, "Approve", proposal.proposal_id, primary=whole)
    edit = block_kit.button(EDIT, "Edit…", proposal.proposal_id, primary=not whole)
    return [*((approve, edit) if whole else (edit, approve)), _discard_button(proposal, called)]


def _discard_button(proposal: Proposal, called: str) -> Json:
    name = texts.cut_middle(called, 70)
    if proposal.op == "change":
        said = "The row stays as it is."
    else:
        said = f"It will not be proposed again for {DISCARDED_DAYS} days. /backup add still adds it."
    confirm = block_kit.confirmation(f"Discard {name}?", said, yes="Discard", no="Back", danger=True)
    return block_kit.button(DISCARD, "Discard", proposal.proposal_id, danger=True, confirm=confirm)


def _new_job(proposal: Proposal) -> Json:
    return block_kit.button(NEW, "A new job", proposal.proposal_id)


def _candidate(proposal: Proposal, job_id: str, names: Mapping[str, str]) -> Json:
    named = f"*{texts.name(names[job_id])}*  {texts.code(job_id, 100)}" if names.get(job_id) else texts.code(job_id, 100)
    accessory = block_kit.button(MATCH, "This job", f"{proposal.proposal_id} {job_id}")
    return block_kit.section(named) | {"accessory": accessory}


def _candidates_menu(proposal: Proposal, names: Mapping[str, str]) -> Json:
    options = [
        block_kit.option(names.get(job_id) or job_id, f"{proposal.proposal_id} {job_id}")
        for job_id in proposal.candidates[:OPTIONS_MAX]
    ]
    return block_kit.select(MATCH, "This job…", options)


def _by(proposal: Proposal, verb: str, *, now: datetime, zone: str) -> str:
    moment = proposal.asked_at if proposal.state == "approving" else proposal.decided_at
    when = f", {texts.moment_text(moment, now=now, zone=zone)}" if moment else ""
    return f"{verb} by {texts.person(proposal.decided_by)}{when}" if proposal.decided_by else f"{verb}{when}"


def _sentence(text: str) -> str:
    """Somebody's words as a sentence of its own."""
    said = texts.words(text, 400)
    begun = said[:1].upper() + said[1:] if said.partition(" ")[0].isalpha() else said
    return begun if not begun or begun.endswith((".", "!", "?", "…")) else f"{begun}."


def _bold(called: str) -> str:
    return f"*{texts.name(called)}*"
