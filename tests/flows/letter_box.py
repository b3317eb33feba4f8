"""The mailbox of somebody without an account: their letters, and what the links in these lead to."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.link_front import Pages, respond
from bolt_app.services.link_pages import NoDirectory
from tests.flows.company import ANA, LINK_KEYS, LINK_URL, TEAM, Company
from workflows.backup import linked
from workflows.kernel.links import read_link
from workflows.kernel.ports import Json, Letter
from workflows.kernel.rights import Authority

PAT = "pat@elsewhere.example"
PATS = f"orders-db,Orders database,{PAT},s3://acme/orders/,,26h,,no"


@dataclass(slots=True)
class LetterBox:
    company: Company
    owner: str = PAT

    @property
    def mailer(self) -> MemoryMailer:
        if self.company.mailer is None:
            raise AssertionError("no mail is sent here")
        return self.company.mailer

    @property
    def letters(self) -> list[Letter]:
        return self.mailer.sent_to(self.owner)

    def token(self, label: str, letter: Letter | None = None) -> str:
        """Of the link that stands below this label in the plain text."""
        text = (letter or self.letters[-1]).text
        found = re.search(rf"^{re.escape(label)}\n{re.escape(LINK_URL)}(\S+)$", text, re.MULTILINE)
        if found is None:
            raise AssertionError(f"no link {label!r} in:\n{text}")
        return found[1]

    def ask(self, method: str, token: str, form: Json | None = None, **headers: str) -> Json:
        """One request to the page; header names with underscores."""
        company = self.company
        authority = Authority(team_id=TEAM, admin=ANA.email)
        ports: dict[str, Any] = {"standings": company.standings, "directory": NoDirectory(), "authority": authority}
        pages = Pages(
            read=lambda text: read_link(text, LINK_KEYS),
            look=lambda link, now: linked.look(link, now=now, **ports),
            act=lambda link, chosen, now: linked.act(link, chosen, bus=company.bus, now=now, **ports),
            now=lambda: company.now,
            admin=ANA.email,
        )
        return respond(request(method, token, form, **headers), pages)

    def press(self, token: str, **fields: str) -> Json:
        return self.ask("POST", token, {"token": token, **fields})


def request(method: str, token: str, form: Json | None = None, **headers: str) -> Json:
    """As a Function URL hands it over."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
    return {
        "version": "2.0",
        "rawPath": f"/act/{token}",
        "rawQueryString": "",
        "headers": {"host": "sentinel.example.com", **kind, **named},
        "requestContext": {"http": {"method": method, "sourceIp": "192.0.2.1"}, "requestId": "r1"},
        "body": urlencode(form) if form is not None else "",
        "isBase64Encoded": False,
    }


def told_by_mail(row: str = PATS, **changes: Any) -> LetterBox:
    """Pat, who is in no Slack, owns the orders database, which has had no backup for 27 hours."""
    company = Company(mailer=MemoryMailer(), **changes)
    company.list_jobs(row)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    return LetterBox(company)
