"""The mail room: the intake with everything it needs, in memory, and mails to put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.model import MemoryModel
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.adapters.memory.raw_mails import MemoryRawMails, MemoryTally
from workflows.backup.intake import Ports, Taken, reread, take_mail
from workflows.backup.ports import CheckIn

NIGHT = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
HEADER = "job_id,name,target,window,timezone,report_from\n"
TAPE_ROW = 'tape,Accounting tape,report,26h,Europe/Berlin,"FIBU-01 · Buchhaltung"\n'

TAPE = """Guten Morgen Ana,
Buchhaltung auf FIBU-01 war am 19.11.2026 02:14 durch, und zwar ohne dass jemand etwas tun musste.
12,5 GB Sicherung liegen nun auf Band 7, alles erfolgreich.
Viele Grüße, dein Bandroboter
"""
"""A text of a format that no reader of ours knows."""

READ: dict[str, Any] = {
    "job": "Buchhaltung",
    "host": "FIBU-01",
    "status": "success",
    "status_words": "alles erfolgreich",
    "finished": "19.11.2026 02:14",
    "size": "12,5 GB",
}
"""What a model reads in it."""

TWO = """Hi Sam,
Alpha took until 02:10 and is completed, 3 GB of backup.
Beta came to 4 GB and ended at 02:20, it failed.
Cheers, the old server
"""
"""Another one, of two jobs."""

RESTIC = """\
using parent snapshot 1c3a98d4

Files:          12 new,     3 changed, 50210 unmodified
Dirs:            2 new,     9 changed,  4200 unmodified
Added to the repository: 33.870 MiB (12.100 MiB stored)

processed 50225 files, 120.402 GiB in 3:12
snapshot 9f0e4c1d saved
"""


def form(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"is_report": True, "runs": list(runs)}


@dataclass(slots=True)
class MailRoom:
    """One intake and its world."""

    now: datetime = NIGHT
    mails: MemoryRawMails = field(default_factory=MemoryRawMails)
    documents: MemoryDocuments = field(default_factory=lambda: MemoryDocuments({"jobs.csv": HEADER}))
    model: MemoryModel = field(default_factory=MemoryModel)
    check_ins: MemoryCheckIns = field(default_factory=MemoryCheckIns)
    proposals: MemoryProposals = field(default_factory=MemoryProposals)
    tally: MemoryTally = field(default_factory=MemoryTally)
    bus: MemoryBus = field(default_factory=MemoryBus)

    def ports(self) -> Ports:
        return Ports(
            mails=self.mails,
            documents=self.documents,
            model=self.model,
            check_ins=self.check_ins,
            proposals=self.proposals,
            tally=self.tally,
            bus=self.bus,
            allowed=("example.com",),
            jobs_key="jobs.csv",
            zone="Europe/Berlin",
            now=self.now,
        )

    def list_jobs(self, *rows: str) -> None:
        self.documents.put("jobs.csv", HEADER + "".join(rows))

    def get(self, text: str = TAPE, *, key: str = "m1", raw: bytes = b"", **mail: Any) -> Taken:
        """A mail is stored now, and read."""
        facts = {"sent": self.now - timedelta(seconds=5), "message_id": f"<{key}@example.com>", **mail}
        self.mails.put(key, raw or stored_mail(text, **facts), self.now)
        return take_mail(key, ports=self.ports())

    def reread(self, *keys: str) -> Sequence[Taken]:
        return reread(keys, ports=self.ports(), concurrently=lambda work, items: [work(item) for item in items])

    def runs(self, job_id: str = "tape") -> list[CheckIn]:
        return self.check_ins.since(job_id, None)

    def said(self, kind: str) -> list[dict[str, Any]]:
        return [event.detail for event in self.bus.published if event.kind == kind]

    def notices(self) -> list[str]:
        """What the admin is told: each thing once, as dispatch does."""
        return list(dict.fromkeys(f"{one['about']}: {one['why']}" for one in self.said("bk.notice")))


def stored_mail(
    text: str,
    *,
    subject: str = "Backup report",
    sender: str = "nas@example.com",
    sent: datetime,
    message_id: str = "<1@example.com>",
    proven: bool = True,
    attachments: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail with these contents, as SES stores it. `proven`: whether its domain was found to have sent it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "backups@in.example.com", subject
    message["Date"] = format_datetime(sent)
    if message_id:
        message["Message-ID"] = message_id
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in (attachments or {}).items():
        message.add_attachment(content, filename=name, subtype="json" if name.endswith(".json") else "plain")
    return received(message.as_bytes(), sender=sender, proven=proven)


def received(raw: bytes, *, sender: str, proven: bool = True, spam: bool = False) -> bytes:
    """The same with the headers that SES puts above it."""
    domain = sender.rpartition("@")[2].rstrip(">")
    verdict = "pass" if proven else "fail"
    above = (
        f"Return-Path: <bounces@{domain}>\n"
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.7]) by inbound-smtp.example.net with SMTP id m1;\n"
        f"X-SES-Spam-Verdict: {'FAIL' if spam else 'PASS'}\n"
        "X-SES-Virus-Verdict: PASS\n"
        f"Authentication-Results: amazonses.com; spf={verdict} smtp.mailfrom={domain};"
        f" dkim={verdict} header.i=@{domain}; dmarc={verdict} header.from={domain};\n"
        "X-SES-RECEIPT: AEFB\n"
    )
    return above.encode() + raw
