"""Intake: a mail arrived. Its reports of known jobs become runs, those of unknown ones proposals; the rest a person is shown.

The sender is allowed and proven -> a known format, read by our own readers -> structured attachments, read the same way -> else
the model. Dying anywhere repeats: a mail's check-ins are made of its own id, so that it counts once however often and under
whatever key it arrives; a proposal knows what it has seen; and what cannot be read stays in the bucket.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.backup.mail_reports import Reading, read_mail_reports
from workflows.backup.matching import Known, Match, known_jobs, match
from workflows.backup.ports import CheckIns
from workflows.backup.proposing import propose_report
from workflows.backup.report_run import Arrival, check_in_of, is_run, sighting_of
from workflows.backup.reports.report import Report
from workflows.kernel.errors import OutsideError, RateLimited, Unanswered
from workflows.kernel.mail import Mail, read_mail
from workflows.kernel.model import Model
from workflows.kernel.ports import Bus, Concurrently, Documents, Event, Json
from workflows.kernel.proposal import Proposals
from workflows.kernel.raw_mail import MAIL_BYTES_MAX, RawMail, RawMails, Tally

PATIENCE = timedelta(seconds=50)
"""A mail that the model would not answer for so long is told to the admin: the first try may fail for a moment."""

FORGED_MAX = 10
"""So many mails a day that only claim to come from an allowed sender are told one by one."""

REREAD_MAX = 100

SETUP_NOTE = "AMAZON_SES_SETUP_NOTIFICATION"
"""SES writes this into the bucket when it is told to store mail there; it is no mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What an intake needs.

    Attributes:
        allowed: senders and domains whose mail counts. jobs_key: of the job list. zone: the company's, IANA.
    """

    mails: RawMails
    documents: Documents
    model: Model
    check_ins: CheckIns
    proposals: Proposals
    tally: Tally
    bus: Bus
    allowed: Sequence[str]
    jobs_key: str
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a mail. `why`: why it was not read, or was put aside."""

    key: str
    runs: int = 0
    proposals: int = 0
    by_model: bool = False
    why: str = ""


def take_mail(key: str, *, ports: Ports) -> Taken:
    """Reads one mail that arrived. Raises OutsideError: then repeating is right, and harms nothing."""
    if key.endswith(SETUP_NOTE):
        return Taken(key=key, why="it is no mail")
    return _take(key, ports, proposing=True)


def reread(keys: Iterable[str], *, ports: Ports, concurrently: Concurrently[str, Taken | OutsideError]) -> tuple[Taken, ...]:
    """Reads mails again after a row was registered: what they report of it becomes runs. Nothing is proposed anew.

    Side by side, since the model takes its time. One mail that cannot be read does not keep the others from it; then its
    OutsideError is raised in the end.
    """

    def again(key: str) -> Taken | OutsideError:
        try:
            return _take(key, ports, proposing=False)
        except OutsideError as error:
            return error

    done = concurrently(again, list(dict.fromkeys(keys))[:REREAD_MAX])
    for one in done:
        if isinstance(one, OutsideError):
            raise one
    return tuple(one for one in done if isinstance(one, Taken))


def _take(key: str, ports: Ports, *, proposing: bool) -> Taken:
    stored = ports.mails.read(key)
    if stored is None:
        return Taken(key=key, why="it is not in the bucket")
    if stored.too_large:
        return _show(key, None, f"it is larger than {MAIL_BYTES_MAX // 2**20} MiB", ports)
    mail = read_mail(stored.raw, allowed=ports.allowed)
    if mail.untrusted:
        return _put_aside(key, mail, ports)
    reading = _read(stored, mail, ports)
    if reading.unread:
        return _show(key, mail, reading.unread, ports)
    if not reading.reports:
        return Taken(key=key, by_model=reading.by_model, why=mail.automatic or "it reports no backup")
    return _apply(reading, _arrival(stored, mail), ports, proposing=proposing)


def _read(stored: RawMail, mail: Mail, ports: Ports) -> Reading:
    try:
        return read_mail_reports(mail, model=ports.model)
    except (RateLimited, Unanswered) as error:
        if ports.now - stored.received > PATIENCE:
            _show(stored.key, mail, f"the model does not answer ({error.reason}); it is asked again a few times", ports)
        raise


def _arrival(stored: RawMail, mail: Mail) -> Arrival:
    """A forwarded report was sent when its tool sent it."""
    sent = next((part.sent for part in mail.parts if part.sent and not part.comment), mail.sent)
    return Arrival(mail_id=mail.id, key=stored.key, received=stored.received, sent=sent)


# --- runs and proposals --------------------------------------------------------------------------


def _apply(reading: Reading, arrival: Arrival, ports: Ports, *, proposing: bool) -> Taken:
    """Runs first, then the check that sees them, then what people are asked."""
    matched = _matched(reading.reports, ports)
    runs = _record(matched, arrival, ports)
    others = [found for found in matched if found.match.kind != "sure" and is_run(found.report)]
    asked, late = _propose(others, arrival, ports) if proposing else (0, [])
    if late:  # these were approved meanwhile: their rows were not on the list yet when it was read
        runs += _record(_matched(late, ports), arrival, ports)
    return Taken(key=arrival.key, runs=runs, proposals=asked, by_model=reading.by_model)


@dataclass(frozen=True, slots=True)
class _Found:
    report: Report
    match: Match


def _matched(reports: Sequence[Report], ports: Ports) -> list[_Found]:
    jobs = _jobs(ports)
    return [_Found(report, match(report, jobs)) for report in reports]


def _jobs(ports: Ports) -> tuple[Known, ...]:
    """The jobs on the list. While it cannot be read they are unknown, not gone: nothing is proposed, it is tried again."""
    document = ports.documents.read(ports.jobs_key)
    known = known_jobs(document.text, timezone=ports.zone) if document else None
    if known is None:
        raise Unanswered("no_job_list", f"there is no list at {ports.jobs_key} that can be read")
    return known


def _record(matched: Iterable[_Found], arrival: Arrival, ports: Ports) -> int:
    """Records the runs of known jobs and has these checked; says how many runs are new.

    The check is asked for also where all was recorded before: that may have been a try that died just here.
    """
    new = 0
    touched: list[str] = []
    numbers: Counter[str] = Counter()
    for found in matched:
        if found.match.kind != "sure" or found.report.maintenance:
            continue
        job = found.match.jobs[0]
        touched.append(job.job_id)
        if found.report.missed:
            continue
        numbers[job.job_id] += 1
        check_in = check_in_of(found.report, arrival, job_id=job.job_id, zone=job.zone, number=numbers[job.job_id])
        new += ports.check_ins.record(check_in, now=ports.now)
    if touched:
        detail = {"v": 1, "job_ids": list(dict.fromkeys(touched)), "why": "report", "by": "intake"}
        ports.bus.publish([Event(kind="bk.check", detail=detail)])
    return new


def _propose(others: Sequence[_Found], arrival: Arrival, ports: Ports) -> tuple[int, list[Report]]:
    """How many were proposed, and the reports of those whose proposal was approved before."""
    if not others:
        return 0, []
    known = {job.job_id for job in _jobs(ports)}
    approved: list[Report] = []
    for number, found in enumerate(others, start=1):
        outcome = propose_report(
            found.report,
            sighting_of(found.report, arrival, zone=ports.zone, number=number),
            zone=ports.zone,
            candidates=[job.job_id for job in found.match.jobs],
            known=known,
            proposals=ports.proposals,
            bus=ports.bus,
            now=ports.now,
        )
        if outcome == "approved":
            approved.append(found.report)
    return len(others) - len(approved), approved


# --- what is not read ----------------------------------------------------------------------------


def _put_aside(key: str, mail: Mail, ports: Ports) -> Taken:
    """A stranger's mail is counted, and told of once a day; one that claims an allowed sender is told by itself."""
    if _claims_to_be_allowed(mail.sender, ports.allowed):
        if ports.tally.add("forged-mail", "", now=ports.now).number <= FORGED_MAX:
            return _show(key, mail, mail.untrusted, ports)
        return Taken(key=key, why=mail.untrusted)
    said = json.dumps({"sender": mail.sender[:200], "why": mail.untrusted[:300]}, ensure_ascii=False)
    number, first = ports.tally.add("strangers-mail", said, now=ports.now)
    if number & (number - 1) == 0:  # at 1, 2, 4, 8 …: the same notice each time, which is told once; the first may be lost
        detail = {"v": 1, "about": "mail_strangers", "day": f"{ports.now:%Y-%m-%d}", **json.loads(first)}
        ports.bus.publish([Event(kind="bk.notice", detail=detail)])
    return Taken(key=key, why=mail.untrusted)


def _claims_to_be_allowed(sender: str, allowed: Iterable[str]) -> bool:
    return any(sender == entry if "@" in entry else sender.endswith((f"@{entry}", f".{entry}")) for entry in allowed)


def _show(key: str, mail: Mail | None, why: str, ports: Ports) -> Taken:
    """The mail stays where it is, and the admin is told where. A repeat says the very same, so that it is told once."""
    detail: Json = {
        "v": 1,
        "about": "mail_unread",
        "key": key,
        "sender": mail.sender[:200] if mail else "",
        "subject": mail.subject[:200] if mail else "",
        "why": why[:300],
        "link": ports.mails.link(key),
    }
    ports.bus.publish([Event(kind="bk.notice", detail=detail)])
    return Taken(key=key, why=why)
