"""The signed check-in: a backup script says how its run went, and proves that it may.

`POST /<job_id>` with

- `X-Backup-Timestamp`: seconds since 1970, at most five minutes off,
- `X-Backup-Signature`: `v1=` and the hex HMAC-SHA256 of `<timestamp>.<job_id>.<body>` with the job's key,
- a body of at most 100 kB as in `check_in_body`; an empty one means "ok".

In a shell: `openssl dgst -sha256 -hmac "$KEY"`. Each job has a key of its own, derived from one master, so that no secret is
rewritten when a job is added, and a key that leaks speaks for one job only. Whoever holds a derived key was given it: a
check-in of a job that is on no list is recorded all the same, waits there until the job is added, and proposes nothing.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from workflows.backup.check_in_body import Said, read_body
from workflows.backup.ports import CheckIn, CheckIns
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Bus, Event

SKEW_MAX = timedelta(minutes=5)
BODY_BYTES_MAX = 100_000
SIGNATURE_RIGHT = "X-Backup-Signature is v1= and the hex HMAC-SHA256 of timestamp.job_id.body with the job's own key"
TIMESTAMP_RIGHT = "X-Backup-Timestamp is the time in seconds since 1970"
ENDED = frozenset({"ok", "warning", "failed"})

_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")
_SECONDS = re.compile(r"[0-9]{1,11}")


# --- keys and signatures -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the keys of all jobs are derived from: the value of the secret `bk/heartbeat/keys`.

    Attributes:
        generation: of every job that is not named in `generations`; one more makes the old key worthless.
    """

    master: str = field(repr=False)
    enrolment: str = field(default="", repr=False)
    generation: int = 1
    generations: Mapping[str, int] = field(default_factory=dict)

    def of(self, job_id: str) -> str:
        """The key of this job."""
        return derive_key(self.master, self.generations.get(job_id, self.generation), job_id)


def read_keys(secret: str) -> Keys:
    """Reads `{"master": "…", "enrolment": "…", "generation": 1, "generations": {"orders-db": 2}}`.

    Raises ValueError that says what would be right, without quoting the secret.
    """
    try:
        told = json.loads(secret)
        keys = Keys(
            master=told["master"],
            enrolment=told.get("enrolment", ""),
            generation=int(told.get("generation", 1)),
            generations={str(job_id): int(number) for job_id, number in told.get("generations", {}).items()},
        )
    except (ValueError, TypeError, LookupError, AttributeError):
        raise ValueError(
            'the heartbeat keys cannot be read; they are {"master": "…", "enrolment": "…", "generation": 1}'
        ) from None
    if not isinstance(keys.master, str) or len(keys.master) < 16:
        raise ValueError("the heartbeat keys have no master key of at least 16 characters")
    return keys


def derive_key(master: str, generation: int, job_id: str) -> str:
    """The key of one job: 64 hex digits, used as they are written."""
    return _hmac(master, f"{generation}:{job_id}".encode())


def sign(key: str, timestamp: int, job_id: str, body: bytes | str = b"") -> str:
    """The value of `X-Backup-Signature`.

    The job_id stands between two dots and may hold dots itself: that is no gap, since every job has its own key.
    """
    raw = body.encode() if isinstance(body, str) else body
    return "v1=" + _hmac(key, f"{timestamp}.{job_id}.".encode() + raw)


def _hmac(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


# --- one check-in --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A check-in as it arrived; nothing in it is trusted yet. `timestamp` and `signature` are the two headers, "" if missing."""

    job_id: str
    timestamp: str
    signature: str
    body: bytes = b""
    source_ip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Nothing was recorded, because of one thing. `misfit`: well formed, but not signed with a key that is known here."""

    why: Literal["unsigned", "misfit", "skewed", "invalid"]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """It is recorded; `before` when it was already. `unsaid`: why the check at once could not be asked for."""

    check_in: CheckIn
    before: bool = False
    ignored: tuple[str, ...] = ()
    unsaid: str = ""


class SigningKeys(Protocol):
    """The keys, remembered. Both raise OutsideError when they cannot be read."""

    def known(self) -> Keys: ...

    def read_again(self) -> Keys:
        """The keys as they are now, read at most once a minute: signatures can fail by the thousand."""
        ...


def take_check_in(attempt: Attempt, *, keys: SigningKeys, check_ins: CheckIns, bus: Bus, now: datetime) -> Taken | Declined:
    """Records a check-in that is signed, recent and readable, and has its job checked at once.

    Raises OutsideError when it could not be recorded; sending the same request again is then right, and never counts twice.
    """
    declined = authenticate(attempt, keys.known(), now)
    if declined is not None and declined.why == "misfit":
        declined = authenticate(attempt, keys.read_again(), now)
    if declined is not None:
        return declined
    try:
        said = read_body(attempt.body, now)
    except ValueError as error:
        return Declined(why="invalid", says=str(error))
    check_in = check_in_of(attempt, said)

    if not check_ins.record(check_in, now=now):
        return Taken(check_in=check_in, before=True, ignored=said.ignored)
    return Taken(check_in=check_in, ignored=said.ignored, unsaid=_ask_for_check(check_in, bus))


def authenticate(attempt: Attempt, keys: Keys, now: datetime) -> Declined | None:
    """Why this is not to be believed; None when it is signed with the job's key and recent."""
    signature = _SIGNATURE.fullmatch(attempt.signature.strip())
    if signature is None:
        return Declined(why="unsigned", says=SIGNATURE_RIGHT)
    if not _SECONDS.fullmatch(attempt.timestamp):
        return Declined(why="unsigned", says=TIMESTAMP_RIGHT)
    seconds = int(attempt.timestamp)
    if abs(seconds - now.timestamp()) > SKEW_MAX.total_seconds():
        clock = f"{int(now.timestamp())}, {now:%Y-%m-%dT%H:%M:%SZ}"
        return Declined(why="skewed", says=f"X-Backup-Timestamp is more than five minutes off; here it is {clock}")
    expected = sign(keys.of(attempt.job_id), seconds, attempt.job_id, attempt.body)
    if not hmac.compare_digest(expected, signature[0]):
        return Declined(why="misfit", says=SIGNATURE_RIGHT)
    return None


def check_in_of(attempt: Attempt, said: Said) -> CheckIn:
    """The item to store. Its sort key is made of what was signed alone, so that the same request is the same item."""
    signed_at = datetime.fromtimestamp(int(attempt.timestamp), UTC)
    moment = signed_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return CheckIn(
        job_id=attempt.job_id,
        sk=f"{moment}#{attempt.signature.strip()[3:19]}",
        at=signed_at,
        source="heartbeat",
        outcome=said.outcome,
        size=said.size,
        rid=said.rid,
        ran_at=said.ran_at,
        source_ip=attempt.source_ip,
        note=said.note,
    )


def _ask_for_check(check_in: CheckIn, bus: Bus) -> str:
    """Has the job checked now: its owner sees green, or hears of a failure, within seconds. Answers why it could not ask.

    Dying before this, or here, loses only the haste: the job's `due` and the hourly run read what is recorded. That is why a
    repeat, which may follow a lost answer, asks for nothing.
    """
    if check_in.outcome not in ENDED:
        return ""
    detail = {"v": 1, "job_ids": [check_in.job_id], "why": "heartbeat", "by": "heartbeat"}
    try:
        bus.publish([Event(kind="bk.check", detail=detail)])
    except OutsideError as error:
        return str(error)
    return ""
