"""The company at eight in the morning: its summary as bk-summary binds it, on adapters in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.memory.messenger import Posted
from bolt_app.adapters.memory.model import MemoryModel
from bolt_app.adapters.memory.notebook import MemoryNotebook
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.services.summary import Telling
from listeners import faces
from listeners.summary_letter import summary_letter
from listeners.summary_message import noted, summary_messages
from tests.flows.company import ANA, SOURCES, Company
from workflows.backup.summary import Ports, todays_bulletin
from workflows.backup.summary_facts import Sight
from workflows.kernel.bulletin import tell
from workflows.kernel.errors import Refused

CHANNEL = "CSUMMARY"


@dataclass(slots=True)
class Morning:
    """A company, and what its summary needs besides. The model refuses unless somebody says what it answers."""

    company: Company
    channel: str = CHANNEL
    addresses: Sequence[str] = (ANA.email,)
    mailer: MemoryMailer | None = field(default_factory=MemoryMailer)
    model: MemoryModel = field(default_factory=lambda: MemoryModel([Refused("AccessDenied")] * 99))
    proposals: MemoryProposals = field(default_factory=MemoryProposals)
    notes: MemoryNotebook = field(default_factory=MemoryNotebook)
    invocations: int = 0

    def ports(self) -> Ports:
        company = self.company
        return Ports(
            standings=company.standings,
            journal=company.standings,
            proposals=self.proposals,
            documents=company.documents,
            messenger=company.messenger,
            model=self.model,
            sources=SOURCES,
            see=lambda standing, now: Sight(mood=faces.face(standing, now=now), trouble=faces.trouble(standing)),
            draw=lambda facts, paragraph: summary_messages(facts, paragraph, by_mail=self.mailer is not None),
        )

    def tell(self) -> bool:
        """One invocation of bk-summary."""
        self.invocations += 1
        telling = Telling(
            ledger=self.company.ledger,
            messenger=self.company.messenger,
            mailer=self.mailer,
            notes=self.notes,
            channel=self.channel,
            addresses=tuple(self.addresses),
            admin=ANA.email,
            letter=lambda messages: summary_letter(messages, zone=SOURCES.timezone, admin=ANA.email),
            noted=noted,
            holder=str(self.invocations),
        )
        return tell(todays_bulletin(self.ports(), self.company.now), telling, self.company.now)

    @property
    def posted(self) -> list[Posted]:
        """What stands in the channel."""
        return [posted for posted in self.company.messenger.messages if posted.channel == self.channel]

    @property
    def said(self) -> str:
        """All of it, as markup."""
        texts = [block["text"]["text"] for posted in self.posted for block in posted.message.blocks if "text" in block]
        small = [one["text"] for posted in self.posted for block in posted.message.blocks for one in block.get("elements", ())]
        return "\n".join([*texts, *small])
