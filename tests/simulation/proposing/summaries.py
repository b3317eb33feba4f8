"""The summary of each morning: what waits, in a message with a page behind it, and by mail."""

import json
from typing import TYPE_CHECKING

from bolt_app.services.summary import Telling
from tests.simulation.faults import Invocation
from tests.simulation.proposing.people import ADMIN
from workflows.kernel.bulletin import Bulletin, tell
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Letter, Message
from workflows.kernel.posting import Later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.proposing.company import Company

CHANNEL = "CSUMMARY"


def tell_one(company: "Company", through: Invocation) -> None:
    """As bk-summary does; what has to wait is tried again like what failed."""
    edition = f"{company.now:%Y-%m-%d}"
    telling = Telling(
        **company.seen(through, "ledger", "messenger", "mailer", "notes"),
        channel=CHANNEL,
        addresses=(ADMIN.email,),
        admin=ADMIN.email,
        letter=_letter,
        noted=lambda message, _: message,
        holder=company.holder(),
    )

    def write() -> list[Message]:
        written = {"edition": edition, "written": company.rng.randrange(1 << 30), "open": len(company.proposals.open())}
        return [Message(text=json.dumps({**written, "page": page})) for page in range(2)]

    try:
        tell(Bulletin(name="summary", edition=edition, write=write), telling, company.now)
    except Later as wait:
        raise Unanswered("later", str(wait)) from wait


def _letter(messages: "Sequence[Message]") -> Letter:
    return Letter(subject=messages[0].text, text=messages[0].text, html=messages[0].text)
