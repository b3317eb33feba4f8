"""The keys of check-ins: all derived from one secret, so that none is stored for a job, and one that leaks speaks for it alone.

A job has two keys that cannot be told from each other's: one signs, and never travels; the other stands in the address of the
path form, where logs and proxies see it, and is worth less. Whoever reads an address cannot sign.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from workflows.kernel.ports import Json

EVERY_JOB = "*"
KEY_LENGTH_MIN = 16
ROTATIONS_KEPT = 3
"""So many events that rotated a job's key are remembered: one that arrives again rotates nothing."""

Holder = Literal["job", "enrolment"]
"""Whose key it was: the job's own, or the one that every new job may begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the keys of all jobs are derived from: the value of the secret `bk/heartbeat/keys`.

    Attributes:
        enrolment: with which a job that is on no list yet proposes itself; shorter than KEY_LENGTH_MIN, nobody may.
        generation: of every job that is not named in `generations`; one more makes the old keys worthless.
        path_off: jobs whose path form is switched off; EVERY_JOB among them means all.
    """

    master: str = field(repr=False)
    enrolment: str = field(default="", repr=False)
    generation: int = 1
    generations: Mapping[str, int] = field(default_factory=dict)
    path_off: frozenset[str] = frozenset()

    def of(self, job_id: str) -> str:
        """The key with which this job signs."""
        return derive_key(self.master, self._generation_of(job_id), job_id)

    def path_of(self, job_id: str) -> str:
        """The key that stands in this job's address."""
        return _hmac(self.master, f"path:{self._generation_of(job_id)}:{job_id}".encode())[:32]

    @property
    def enrolment_path(self) -> str:
        """The key that stands in the address of a job that is on no list yet; "" where nobody may enrol."""
        return _hmac(self.enrolment, b"path")[:32] if self.enrols else ""

    @property
    def enrols(self) -> bool:
        return len(self.enrolment) >= KEY_LENGTH_MIN

    def path_allowed(self, job_id: str) -> bool:
        return not self.path_off & {job_id, EVERY_JOB}

    def _generation_of(self, job_id: str) -> int:
        return self.generations.get(job_id, self.generation)


class KnownKeys(Protocol):
    """The keys, remembered. Both raise OutsideError when they cannot be read."""

    def known(self) -> Keys: ...

    def read_again(self) -> Keys:
        """The keys as they are now, read at most once a minute: keys can be wrong by the thousand."""
        ...


def derive_key(master: str, generation: int, job_id: str) -> str:
    """The signing key of one job: 64 hex digits, used as they are written."""
    return _hmac(master, f"{generation}:{job_id}".encode())


def sign(key: str, timestamp: int, job_id: str, body: bytes | str = b"") -> str:
    """The value of `X-Backup-Signature`."""
    raw = body.encode() if isinstance(body, str) else body
    return "v1=" + _hmac(key, f"{timestamp}.{job_id}.".encode() + raw)


def ambiguous(body: bytes) -> bool:
    """Whether a signature of this body by a shared key might be that of another job's.

    The job_id stands between two dots and may hold dots itself. That is no gap where every job has a key of its own; under the
    enrolment key `a.b` with the body `status=ok` reads like `a` with the body `b.status=ok`.
    """
    return re.match(rb"[^\s={]*\.", body) is not None


def fits(given: str, expected: str) -> bool:
    """Whether this is the key, or the signature, that was expected; nothing is expected where it is empty."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _hmac(key: str, message: bytes) -> str:
    return hmac.digest(key.encode(), message, hashlib.sha256).hex()


# --- the secret ----------------------------------------------------------------------------------


def read_keys(secret: str) -> Keys:
    """Reads `{"master": "…", "enrolment": "…", "generation": 1, "generations": {"orders-db": 2}, "path_off": ["crm-db"]}`.

    All but the master may be left out; `"path_off": "*"` means every job.

    Raises ValueError that says what would be right, without quoting the secret.
    """
    try:
        told = json.loads(secret)
        off = told.get("path_off", [])
        keys = Keys(
            master=told["master"],
            enrolment=told.get("enrolment", ""),
            generation=int(told.get("generation", 1)),
            generations={str(job_id): int(number) for job_id, number in told.get("generations", {}).items()},
            path_off=frozenset([off] if isinstance(off, str) else map(str, off)),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise ValueError(
            'the heartbeat keys cannot be read; they are {"master": "…", "enrolment": "…", "generation": 1}'
        ) from None
    texts = isinstance(keys.master, str) and isinstance(keys.enrolment, str)
    if not texts or len(keys.master) < KEY_LENGTH_MIN:
        raise ValueError(f"the heartbeat keys have no master key of at least {KEY_LENGTH_MIN} characters")
    return keys


def rotated(secret: str, job_id: str, *, event_id: str) -> str:
    """The secret with this job's keys one generation on: what was derived before is worth nothing.

    The same secret when this event did it before, however many others came since. Raises ValueError as `read_keys` does.
    """
    keys, told = read_keys(secret), json.loads(secret)
    done = _rotations(told, job_id)
    if event_id in done:
        return secret
    told["generations"] = {**keys.generations, job_id: keys.generations.get(job_id, keys.generation) + 1}
    told["rotated"] = {**_texts_by_job(told), job_id: [*done, event_id][-ROTATIONS_KEPT:]}
    return json.dumps(told)


def path_switched(secret: str, job_id: str, *, off: bool) -> str:
    """The secret with this job's path form switched off or on; the same where it already is. Raises ValueError."""
    keys, told = read_keys(secret), json.loads(secret)
    if (job_id in keys.path_off) == off or EVERY_JOB in keys.path_off:
        return secret
    told["path_off"] = sorted(keys.path_off | {job_id} if off else keys.path_off - {job_id})
    return json.dumps(told)


def _rotations(told: Json, job_id: str) -> list[str]:
    return _texts_by_job(told).get(job_id, [])


def _texts_by_job(told: Json) -> dict[str, list[str]]:
    """job_id -> events that rotated its key. What a hand wrote there and is not that counts as nothing."""
    kept = told.get("rotated")
    return (
        {job_id: list(map(str, ids)) for job_id, ids in kept.items() if isinstance(ids, list)} if isinstance(kept, dict) else {}
    )
