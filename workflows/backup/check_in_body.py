"""What the body of a check-in says: JSON, a form, or nothing at all, which means "it went well"; in the path form, any text."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from workflows.kernel.ports import Json
from workflows.kernel.quantities import UnreadableError, parse_size

STATUS_RIGHT = "ok, warning, failed, running or log"
FINISHED_RIGHT = "a time with its zone, such as 2026-03-05T02:14:00Z"
RID_RIGHT = "at most 100 letters, digits and . _ : -"
BODY_RIGHT = 'JSON such as {"status": "ok", "size": "1.2 GB"}, a form such as status=ok&size=1.2GB, or nothing'
NOTE_LENGTH_MAX = 1000
LOG_BYTES_MAX = 10_000
"""So much of a log is kept, its end: an item of the table, and a page of them, stay small."""

FIELDS_MAX = 50
FUTURE_MAX = timedelta(minutes=5)
AGE_MAX = timedelta(days=30)
FIELDS = ("status", "size", "finished_at", "rid", "note")

_OUTCOMES = {
    "ok": "ok success succeeded",
    "warning": "warning warn",
    "failed": "failed fail failure error",
    "start": "start started running",
    "log": "log",
}
_OUTCOME_OF = {word: outcome for outcome, words in _OUTCOMES.items() for word in words.split()}
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127)) | {13: "\n"}  # a bar of progress is one line a step
_RID = re.compile(r"[A-Za-z0-9._:-]{0,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a check-in says of its run.

    Attributes:
        outcome: "start", "ok", "warning", "failed" or "log". size: bytes.
        ran_at: `finished_at`, in UTC: a check-in that waited to be sent says when its run really ended.
        ignored: names of fields that mean nothing here, so that a slip can be shown to whoever wrote it.
    """

    outcome: str = "ok"
    size: int | None = None
    ran_at: datetime | None = None
    rid: str = ""
    note: str = ""
    ignored: tuple[str, ...] = ()


def read_body(body: bytes, now: datetime) -> Said:
    """Reads what was said at `now`. Raises ValueError that says what would be right, in one sentence for one mistake."""
    said = _fields(body)
    rid = _text(said, "rid").strip()
    if not _RID.fullmatch(rid):
        raise UnreadableError(rid, f"rid is {RID_RIGHT}")
    return Said(
        outcome=_outcome(_text(said, "status")),
        size=_size(said.get("size")),
        ran_at=_finished(_text(said, "finished_at"), now),
        rid=rid,
        note=_storable(_text(said, "note")),
        ignored=tuple(_storable(name)[:40] for name in said if name not in FIELDS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What was sent along with a check-in of the path form. `unread`: why its size says nothing; "" when all is well."""

    size: int | None = None
    text: str = ""
    unread: str = ""


def read_log(body: bytes, size: str = "") -> Log:
    """Reads what came with a check-in whose address says how it went. `size` is that of the address, "" for none.

    Tools send whatever they printed: nothing in it is wrong. Raises nothing.
    """
    said = _said_by(body)
    text = log_text(body)
    if isinstance(said.get("note"), str):
        text = log_text(said["note"].encode("utf-8", "replace"))
    elif said and "size" in said and not body.lstrip().startswith(b"{"):
        text = ""  # a form that says its size, and nothing besides
    try:
        return Log(size=_size(size.strip() or said.get("size")), text=text)
    except UnreadableError as error:
        return Log(text=text, unread=str(error))


def read_size(text: str) -> int | None:
    """Bytes, from what a query says. Raises UnreadableError."""
    return _size(text.strip())


def _said_by(body: bytes) -> Json:
    """The fields of JSON that names a size, or of a form that holds nothing but our own fields; else none: it is a log."""
    try:
        said = _fields(body)
    except ValueError:
        return {}
    if body.lstrip().startswith(b"{"):
        return said if "size" in said else {}
    return said if said.keys() <= set(FIELDS) else {}


def log_text(body: bytes) -> str:
    """The end of a log, at most LOG_BYTES_MAX of UTF-8: there it says why it failed. Cut before a line where there is one."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    end = body if encoding == "utf-16" else body[-LOG_BYTES_MAX:]
    text = end.decode(encoding, "replace").replace("\r\n", "\n").translate(_UNPRINTABLE).strip()
    kept = text.encode("utf-8", "replace")[-LOG_BYTES_MAX:].decode("utf-8", "ignore")
    if len(end) < len(body) or len(kept) < len(text):
        line, broke, rest = kept.partition("\n")
        kept = rest if broke and rest and len(line) < LOG_BYTES_MAX // 10 else kept
    return kept


def _fields(body: bytes) -> Json:
    """The fields by name. What begins with a brace is JSON, whatever its content type: that is what curl sends with -d."""
    try:
        text = body.decode("utf-8").strip()
        if text.startswith("{"):
            fields: Json = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=FIELDS_MAX))
    except (ValueError, RecursionError):
        raise ValueError(f"the body cannot be read; it is {BODY_RIGHT}") from None
    if len(fields) > FIELDS_MAX:
        raise ValueError(f"the body has {len(fields)} fields; it is {BODY_RIGHT}")
    return fields


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableError(json.dumps(value), f"{name} is a text in quotes")
    return value


def _outcome(status: str) -> str:
    outcome = _OUTCOME_OF.get(status.strip().lower() or "ok")
    if outcome is None:
        raise UnreadableError(status, f"status is {STATUS_RIGHT}")
    return outcome


def _size(value: object) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnreadableError(json.dumps(value), 'size is whole bytes or a text such as "1.2 GB"')
    try:
        return parse_size(str(value))
    except UnreadableError as error:
        raise UnreadableError(error.typed, f"size is {error.right}") from None
    except ValueError:  # a number of more than 4,300 digits has no text
        raise UnreadableError("a very long number", "size is at most 1 EB") from None


def _finished(text: str, now: datetime) -> datetime | None:
    if not text.strip():
        return None
    try:
        told = datetime.fromisoformat(text.strip())
        finished = told.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableError(text, f"finished_at is {FINISHED_RIGHT}") from None
    if told.tzinfo is None:
        raise UnreadableError(text, f"finished_at is {FINISHED_RIGHT}")
    if finished > now + FUTURE_MAX:
        raise UnreadableError(text, f"finished_at lies in the past; here it is {now:%Y-%m-%dT%H:%M:%SZ}")
    if finished < now - AGE_MAX:
        raise UnreadableError(text, f"finished_at is at most {AGE_MAX.days} days old")
    return min(finished, now)  # their clock may run a little ahead, but nothing ends later than it is told


def _storable(text: str) -> str:
    """Cut to length, without halves of characters, which JSON can carry and no table can hold."""
    return text[:NOTE_LENGTH_MAX].encode("utf-8", "replace").decode("utf-8")
