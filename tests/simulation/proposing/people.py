"""People who decide about proposals: those who may, those who may not, and those who ask for rows themselves."""

import json
from typing import TYPE_CHECKING, Any

from bolt_app.adapters.memory.messenger import MemoryDirectory, MemoryMessenger
from tests.simulation.faults import Invocation
from workflows.backup.listed_rows import ListedRows
from workflows.backup.rules import Rules
from workflows.kernel import proposals
from workflows.kernel.deciding import Asker
from workflows.kernel.ports import Member
from workflows.kernel.rights import Authority

if TYPE_CHECKING:
    from tests.simulation.proposing.company import Company

ADMIN = Member(user_id="UADMIN", email="ana@example.com", name="Ana")
KIM = Member(user_id="UKIM", email="kim@example.com", name="Kim")
SAM = Member(user_id="USAM", email="sam@example.com", name="Sam")
GUS = Member(user_id="UGUS", email="gus@example.com", name="Gus", guest=True)
PEOPLE = (ADMIN, KIM, SAM, GUS)
APPROVERS = frozenset({ADMIN.user_id, KIM.user_id})
AUTHORITY = Authority(team_id="T1", admin=ADMIN.email, approvers=(KIM.email,))


def someone_decides(company: "Company", through: Invocation) -> None:
    rng = company.rng
    asker = Asker(user_id=rng.choice([ADMIN, KIM, KIM, SAM, GUS]).user_id, team_id="T1")
    ports: dict[str, Any] = {
        **company.seen(through, "proposals"),
        "bus": company.bus(through),
        "directory": MemoryDirectory(MemoryMessenger(PEOPLE, now=company.now)),
        "authority": AUTHORITY,
        "now": company.now,
    }
    rows = ListedRows(standings=company.standings, rules=Rules, timezone="UTC")
    cards = [
        json.loads(posted.message.text) for posted in company.messenger.messages if posted.message.text.startswith('{"cells')
    ]
    wanted = {"window": rng.choice(["30h", "2d"]), "owner_email": rng.choice([SAM.email, KIM.email])}
    act = rng.choice(["approve", "approve", "approve", "edit", "edit", "discard", "retry", "ask"])
    if act == "ask":
        number = rng.randrange(4)
        cells = {"job_id": f"asked-{number}", "name": f"Asked {number}", "target": "heartbeat", **wanted}
        reply = proposals.ask(f"slack-{number}", asker, cells, rows=rows, **ports)
    elif not cards:
        return
    else:
        pressed = rng.choice(cards[-rng.choice([1, 1, len(cards)]) :])["proposal"]
        if act == "edit":
            reply = proposals.edit(pressed, asker, wanted, rows=rows, **ports)
        elif act == "approve":
            reply = proposals.approve(pressed, asker, rows=rows, **ports)
        else:
            reply = getattr(proposals, act)(pressed, asker, **ports)
    company.log.append(f"{company.now} {asker.user_id} {act}: {reply.kind} {reply.text}")
