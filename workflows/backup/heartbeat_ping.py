"""The check-in by address, for tools that speak Healthchecks: `/<key>/<job_id>`, and `/start`, `/fail`, `/log` or an exit code.

Its key is seen by every log on the way, nothing is signed, and the same request sent twice counts twice: what comes in so is
marked weak, and can be switched off for a job. What is sent along is kept as a log; nothing in it has the check-in refused, for
tools send whatever they printed.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.backup.check_in_body import read_log
from workflows.backup.heartbeat_keys import Holder, Keys, KnownKeys, fits
from workflows.backup.heartbeat_record import RESERVED, Declined, Enrol, Taken, moment_text, record, whose
from workflows.backup.job_id import is_job_id, is_reserved
from workflows.backup.ports import CheckIn, CheckIns
from workflows.kernel.ports import Bus

_EXIT_CODE = re.compile(r"-?[0-9]{1,10}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_OUTCOMES = {"": "ok", "start": "start", "fail": "failed", "log": "log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A check-in by address as it arrived; nothing in it is trusted yet.

    Attributes:
        says: what follows the job_id: "" for success, "start", "fail", "log", or an exit code.
        rid: the run id of the query, None where there is none. size: of the query, "" where there is none.
        create: whether a job that nobody knows may be proposed.
        body: what was sent along; its end, where it was long.
        request_id: one to each request.
    """

    key: str
    job_id: str
    says: str = ""
    rid: str | None = None
    size: str = ""
    create: bool = False
    body: bytes = b""
    source_ip: str = ""
    request_id: str = ""


def take_ping(ping: Ping, *, keys: KnownKeys, check_ins: CheckIns, bus: Bus, enrol: Enrol, now: datetime) -> Taken | Declined:
    """Records a check-in that came by an address with the right key, and has its job checked at once.

    Raises OutsideError when it could not be recorded.
    """
    holder = whose(keys, lambda known: admit(ping, known))
    if isinstance(holder, Declined):
        return holder
    if is_reserved(ping.job_id):
        return RESERVED
    outcome = _outcome_of(ping.says)
    if outcome is None:
        return Declined(why="invalid", says="invalid url format: after the job_id stands start, fail, log or an exit code")
    if ping.rid is not None and not _UUID.fullmatch(ping.rid):
        return Declined(why="invalid", says="invalid uuid format: rid is a UUID")
    log = read_log(ping.body, ping.size)
    check_in = CheckIn(
        job_id=ping.job_id,
        sk=f"{moment_text(now)}#{ping.request_id}",
        at=now,
        source="heartbeat",
        outcome=outcome,
        size=log.size,
        rid=(ping.rid or "").lower(),
        source_ip=ping.source_ip,
        note=log.text or _exit_note(ping.says),
        weak=True,
    )

    if holder == "job":
        taken: Taken | Declined = record(check_in, check_ins=check_ins, bus=bus, now=now)
    else:
        taken = enrol(check_in, ping.create, now)
    return replace(taken, unread=log.unread) if log.unread and isinstance(taken, Taken) else taken


def admit(ping: Ping, keys: Keys) -> Holder | Declined:
    """Whose key stands in the address, or why it does not count."""
    holder: Holder | None = None
    if is_job_id(ping.job_id):
        if fits(ping.key, keys.path_of(ping.job_id)):
            holder = "job"
        elif fits(ping.key, keys.enrolment_path):
            holder = "enrolment"
    if holder is None:
        return Declined(why="misfit", says="not found")
    if not keys.path_allowed(ping.job_id):
        return Declined(why="off", says="check-ins by address are switched off for this job; sign them, or ask your admin")
    return holder


def _outcome_of(says: str) -> str | None:
    """As CheckIn has it. Windows knows exit codes of ten digits, and negative ones: only 0 is a success."""
    if _EXIT_CODE.fullmatch(says):
        return "ok" if int(says) == 0 else "failed"
    return _OUTCOMES.get(says)


def _exit_note(says: str) -> str:
    return f"exit code {int(says)}" if _EXIT_CODE.fullmatch(says) and int(says) else ""
