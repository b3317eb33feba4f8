"""The signed check-in: a backup script says how its run went, and proves that it may.

`POST /<job_id>` with

- `X-Backup-Timestamp`: seconds since 1970, at most five minutes off,
- `X-Backup-Signature`: `v1=` and the hex HMAC-SHA256 of `<timestamp>.<job_id>.<body>` with the job's key,
- a body of at most 100 kB as in `check_in_body`; an empty one means "ok".

In a shell: `openssl dgst -sha256 -hmac "$KEY"`. Each job has a key of its own, derived from one master, so that a key that leaks
speaks for one job only. Whoever holds a derived key was given it: a check-in of a job that is on no list is recorded all the
same, waits there until the job is added, and proposes nothing. What proposes a job is the enrolment key: see `enrolment`.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from workflows.backup.check_in_body import Said, read_body, read_size
from workflows.backup.heartbeat_keys import Holder, Keys, KnownKeys, ambiguous, derive_key, fits, read_keys, sign
from workflows.backup.heartbeat_record import RESERVED, Declined, Enrol, Taken, moment_text, record, whose
from workflows.backup.job_id import JOB_ID_RIGHT, is_job_id, is_reserved
from workflows.backup.ports import CheckIn, CheckIns
from workflows.kernel.ports import Bus

__all__ = ["Attempt", "Declined", "Keys", "Taken", "derive_key", "read_keys", "sign", "take_check_in"]

SKEW_MAX = timedelta(minutes=5)
BODY_BYTES_MAX = 100_000
SIGNATURE_RIGHT = "X-Backup-Signature is v1= and the hex HMAC-SHA256 of timestamp.job_id.body with the job's own key"
TIMESTAMP_RIGHT = "X-Backup-Timestamp is the time in seconds since 1970"

_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")
_SECONDS = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A check-in as it arrived; nothing in it is trusted yet.

    Attributes:
        timestamp, signature: the two headers, "" if missing.
        size: what the query says. It is not signed: it counts where the body names none, and the check-in is then a weak one.
    """

    job_id: str
    timestamp: str
    signature: str
    body: bytes = b""
    size: str = ""
    source_ip: str = ""


def take_check_in(
    attempt: Attempt, *, keys: KnownKeys, check_ins: CheckIns, bus: Bus, enrol: Enrol, now: datetime
) -> Taken | Declined:
    """Records a check-in that is signed, recent and readable, and has its job checked at once.

    Raises OutsideError when it could not be recorded; sending the same request again is then right, and never counts twice.
    """
    holder = whose(keys, lambda known: authenticate(attempt, known, now))
    if isinstance(holder, Declined):
        return holder
    if not is_job_id(attempt.job_id):
        return Declined(why="invalid", says=f"a job_id is {JOB_ID_RIGHT}")
    if is_reserved(attempt.job_id):
        return RESERVED
    try:
        said, weak = _with_size(read_body(attempt.body, now), attempt.size)
    except ValueError as error:
        return Declined(why="invalid", says=str(error))
    check_in = check_in_of(attempt, said, weak=weak)

    if holder == "job":
        taken: Taken | Declined = record(check_in, check_ins=check_ins, bus=bus, now=now)
    else:
        taken = enrol(check_in, True, now)  # to sign with the enrolment key is to ask
    return replace(taken, ignored=said.ignored) if said.ignored and isinstance(taken, Taken) else taken


def authenticate(attempt: Attempt, keys: Keys, now: datetime) -> Holder | Declined:
    """With whose key this was signed lately, or why it is not to be believed."""
    signature = _SIGNATURE.fullmatch(attempt.signature.strip())
    if signature is None:
        return Declined(why="unsigned", says=SIGNATURE_RIGHT)
    if not _SECONDS.fullmatch(attempt.timestamp):
        return Declined(why="unsigned", says=TIMESTAMP_RIGHT)
    seconds = int(attempt.timestamp)
    if abs(seconds - now.timestamp()) > SKEW_MAX.total_seconds():
        clock = f"{int(now.timestamp())}, {now:%Y-%m-%dT%H:%M:%SZ}"
        return Declined(why="skewed", says=f"X-Backup-Timestamp is more than five minutes off; here it is {clock}")
    if fits(signature[0], sign(keys.of(attempt.job_id), seconds, attempt.job_id, attempt.body)):
        return "job"
    shared = keys.enrols and not ambiguous(attempt.body)
    if shared and fits(signature[0], sign(keys.enrolment, seconds, attempt.job_id, attempt.body)):
        return "enrolment"
    return Declined(why="misfit", says=SIGNATURE_RIGHT)


def check_in_of(attempt: Attempt, said: Said, *, weak: bool = False) -> CheckIn:
    """The item to store. Its sort key is made of what was signed alone, so that the same request is the same item."""
    signed_at = datetime.fromtimestamp(int(attempt.timestamp), UTC)
    return CheckIn(
        job_id=attempt.job_id,
        sk=f"{moment_text(signed_at)}#{attempt.signature.strip()[3:19]}",
        at=signed_at,
        source="heartbeat",
        outcome=said.outcome,
        size=said.size,
        rid=said.rid,
        ran_at=said.ran_at,
        source_ip=attempt.source_ip,
        note=said.note,
        weak=weak,
    )


def _with_size(said: Said, size: str) -> tuple[Said, bool]:
    """What was said, with the size of the query where the body names none, and whether that was needed."""
    if said.size is not None or not size.strip():
        return said, False
    return replace(said, size=read_size(size)), True
