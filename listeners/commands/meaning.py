"""Which jobs somebody means who types: one job, a group, a state, or the jobs of one person. Forgiving, but never guessing."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from listeners import texts
from listeners.board_choice import Choice, Wanted, group_of, groups, mark, owner_of, owners
from workflows.backup.board import Board
from workflows.backup.naming import find_job
from workflows.backup.standing import Standing
from workflows.kernel.documents import folded
from workflows.kernel.ports import Member
from workflows.kernel.reply import Reply

PersonOf = Callable[[str], Member | None]

_STATES: dict[Wanted, str] = {
    "attention": "wrong attention trouble troubled problems bad broken",
    "alert": "alert alerts failing failed red escalated",
    "warn": "warn warning warnings yellow",
    "unseen": "unseen unobserved grey gray",
    "pending": "pending fixed",
    "snoozed": "snoozed",
    "muted": "muted silenced",
    "waiting": "waiting new",
    "fine": "fine green ok okay good",
    "off_list": "removed off-list",
    "": "all everything",
}
_SEVERAL_WORDS: dict[str, Wanted] = {
    "not observed": "unseen",
    "needs attention": "attention",
    "said to be fixed": "pending",
    "off the list": "off_list",
}
STATE_OF: dict[str, Wanted] = {word: state for state, words in _STATES.items() for word in words.split()} | _SEVERAL_WORDS
SAID: dict[Wanted, str] = {
    "": "all",
    "attention": "those that need attention",
    "alert": "failing",
    "warn": "warning",
    "unseen": "not observed",
    "pending": "said to be fixed",
    "snoozed": "snoozed",
    "muted": "muted",
    "waiting": "waiting for a first run",
    "fine": "fine",
    "off_list": "no longer on the list",
}

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<(?:mailto:)?([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Jobs in numbers: how they are called (mrkdwn), and the choice that picks them."""

    said: str
    choice: Choice


def typed_words(text: str) -> str:
    """A command's line as it was typed: mentions stay, links and mail addresses are only their words."""
    plain = _LINK.sub(lambda link: link[0] if link[1].startswith("@") else link[2] or link[1], text)
    return " ".join(html.unescape(plain).split())


def meant(typed: str, board: Board, person_of: PersonOf) -> Standing | Several | Reply:
    """One job by its id or name before anything else; then a state, a person, a group; then any job that is like it."""
    wanted = folded(typed)
    jobs = [job for job in board.jobs if job.state != "off_list"]
    exact = [job for job in jobs if wanted and wanted in {folded(job.job_id), folded(job.row.get("name", ""))}]
    if len(exact) == 1:
        return exact[0]
    if wanted in STATE_OF:
        return Several(said=SAID[STATE_OF[wanted]], choice=Choice(state=STATE_OF[wanted]))
    if wanted in {"me", "mine", "my"}:
        return Several(said="yours", choice=Choice(owner="mine"))
    if typed.startswith(("@", "<@")) or "@" in typed:
        return _of_person(typed, jobs, person_of)
    named = [name for name, _ in groups(jobs) if folded(name) == wanted]
    if named:
        return Several(said=f"of the group {texts.name(named[0])}", choice=Choice(group=mark(named[0])))
    found = find_job(typed, jobs)
    return _or_a_group(found, wanted, jobs) if isinstance(found, Reply) else found


def _or_a_group(found: Reply, wanted: str, jobs: Sequence[Standing]) -> Reply:
    """Nothing is called so: a group or a state may be nearly."""
    if found.choices or not wanted:
        return found
    known = {folded(group_of(job)): group_of(job) for job in jobs if group_of(job)} | {word: word for word in STATE_OF}
    near = get_close_matches(wanted[:80], known, n=1, cutoff=0.6)
    if not near:
        return found
    name = known[near[0]]
    return Reply(kind="gone", text=f"{found.text} Did you mean {texts.tidy(name)}?", choices=((name, name),))


def _of_person(typed: str, jobs: Sequence[Standing], person_of: PersonOf) -> Several | Reply:
    """By a mention, an address, or how an owner's address begins."""
    mention = _MENTION.search(typed)
    if mention is not None:
        member = person_of(mention[1])
        addresses = {owner_of(job) for job in jobs if job.owner_user == mention[1]} | ({member.email} if member else set())
    else:
        name = folded(typed).strip().lstrip("@")
        addresses = {
            address for address, _ in owners(jobs) if name and (address == name or address.split("@")[0].startswith(name))
        }
    owned = sorted({owner_of(job) for job in jobs} & addresses)
    if not owned:
        who = texts.person(mention[1]) if mention else texts.words(typed, 60)
        return Reply(kind="gone", text=f"{who} owns no backup that is on the list.")
    if len(owned) > 1:
        return Reply(
            kind="invalid",
            text="Several people are called so. Say which, by their address.",
            choices=tuple((address, address) for address in owned[:5]),
        )
    who = texts.person(mention[1]) if mention else texts.name(owned[0])
    return Several(said=f"of {who}", choice=Choice(owner=mark(owned[0])))
