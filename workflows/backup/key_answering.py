"""A job's heartbeat key, for the one who asked: shown, exchanged for a new one, or no longer taken from an address.

Whether they may have it was decided where they asked (`key_asking`). Here it is only carried out, once for each request however
often it arrives, and told to nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from workflows.backup.heartbeat_keys import Keys, path_switched, read_keys, rotated
from workflows.backup.job_id import is_job_id
from workflows.kernel.errors import Conflict, Refused
from workflows.kernel.ports import Audit, AuditEntry, Json, Message

Action = Literal["show", "rotate", "path_off", "path_on"]
ACTIONS: dict[str, Action] = {"show": "show", "rotate": "rotate", "path_off": "path_off", "path_on": "path_on"}
TRIES_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """What `bk.key` asks for. `id`: the same however often it arrives. `at`: when it was asked."""

    job_id: str
    action: Action
    response_url: str
    by: str
    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAnswer:
    """What the asker is to be told.

    Attributes:
        keys: None where they cannot be read; `trouble` says why.
        changed: whether the request changed anything, now or when it arrived before.
    """

    request: KeyRequest
    keys: Keys | None = None
    changed: bool = False
    trouble: str = ""


class Stored(NamedTuple):
    """The secret's text, and the version that it is."""

    text: str
    version: str


class Vault(Protocol):
    """The secret that all keys are derived from, as it is now."""

    def read(self) -> Stored:
        """Raises Refused where there is none, or it may not be read."""
        ...

    def replace(self, text: str, *, version: str) -> None:
        """Writes it if `version` is still the one in force. Raises Conflict. To do it again after a lost answer is harmless."""
        ...


class Whispers(Protocol):
    def to(self, response_url: str) -> Callable[[Message], None]:
        """Tells something to whoever asked, and to nobody else. Raises Refused at once for an address that is not Slack's."""
        ...


def read_request(detail: Json, at: datetime) -> KeyRequest:
    """Raises ValueError that says which field is wrong."""
    job_id, action = detail.get("job_id"), ACTIONS.get(str(detail.get("action")))
    texts = {name: detail.get(name) for name in ("response_url", "by", "id")}
    if not isinstance(job_id, str) or not is_job_id(job_id):
        raise ValueError("job_id is none")
    if action is None:
        raise ValueError(f"action is one of {', '.join(ACTIONS)}")
    for name, value in texts.items():
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} is missing")
    return KeyRequest(job_id=job_id, action=action, at=at, **{name: str(value) for name, value in texts.items()})


def answer_key(
    request: KeyRequest,
    *,
    vault: Vault,
    audit: Audit,
    whispers: Whispers,
    say: Callable[[KeyAnswer], Message],
    changed: Callable[[], object],
) -> None:
    """Does what was asked, writes who asked for it, and tells the asker.

    The secret first, then the audit, the asker last: dying in between repeats, and a repeat changes nothing twice. `changed` is
    called once the secret is another. Raises OutsideError; the same request again is then right.
    """
    whisper = whispers.to(request.response_url)
    try:
        answer = _carried_out(request, vault)
    except (Refused, ValueError) as error:  # no secret, or one without keys
        whisper(say(KeyAnswer(request=request, trouble=" ".join(str(error).split())[:200])))
        return
    if answer.changed:
        changed()
    audit.write(
        AuditEntry(subject=request.job_id, at=request.at, action=f"key_{request.action}", by=request.by, why="asked in Slack")
    )
    whisper(say(answer))


def _carried_out(request: KeyRequest, vault: Vault) -> KeyAnswer:
    """Raises ValueError where the secret holds no keys, Conflict when others keep writing it."""
    for _ in range(TRIES_MAX):
        stored = vault.read()
        text = _asked_of(stored.text, request)
        try:
            if text != stored.text:
                vault.replace(text, version=stored.version)
        except Conflict:
            continue
        return KeyAnswer(request=request, keys=read_keys(text), changed=request.action != "show")
    raise Conflict("others keep writing the heartbeat keys")


def _asked_of(secret: str, request: KeyRequest) -> str:
    match request.action:
        case "show":
            return secret
        case "rotate":
            return rotated(secret, request.job_id, event_id=request.id)
        case "path_off" | "path_on":
            return path_switched(secret, request.job_id, off=request.action == "path_off")
