"""What waits for approval, as a list for one person. Pure."""

from collections.abc import Sequence
from urllib.parse import quote

from listeners import block_kit, texts
from listeners.proposal_cards import origin, plain_title
from workflows.kernel.ports import Message
from workflows.kernel.proposal import Proposal

SHOWN_MAX = 20
LINES_PER_BLOCK = 4

_STATE = {"reading": "reading its report", "approving": "being added"}


def waiting_list(proposals: Sequence[Proposal], *, domain: str) -> Message:
    """The oldest first, each with the way to its card. `domain`: of the workspace, as in <domain>.slack.com."""
    if not proposals:
        line = "Nothing waits for approval."
        return Message(text=line, blocks=(block_kit.section(line),))
    waits = "waits" if len(proposals) == 1 else "wait"
    headline = f":inbox_tray:  *{texts.counted(len(proposals), 'backup')}* {waits} for approval"
    lines = [_line(proposal, domain) for proposal in proposals[:SHOWN_MAX]]
    if len(proposals) > SHOWN_MAX:
        lines.append(f"_and {len(proposals) - SHOWN_MAX} more_")
    pages = ["\n".join(lines[at : at + LINES_PER_BLOCK]) for at in range(0, len(lines), LINES_PER_BLOCK)]
    blocks = [block_kit.section(text) for text in (headline, *pages)]
    return Message(text=texts.without_markup(headline), blocks=tuple(blocks))


def _line(proposal: Proposal, domain: str) -> str:
    name = f"*{texts.name(plain_title(proposal))}*"
    state = _STATE.get(proposal.state, "")
    said = texts.words(proposal.learned, 150) if proposal.learned else origin(proposal)
    card = f"<{_permalink(proposal, domain)}|its card>" if domain and proposal.ts else "its card is on the way"
    return f"• {' · '.join(part for part in (name, state, said, card) if part)}"


def _permalink(proposal: Proposal, domain: str) -> str:
    moment = proposal.ts.replace(".", "")
    return f"https://{quote(domain, safe='')}.slack.com/archives/{quote(proposal.channel, safe='')}/p{quote(moment, safe='')}"
