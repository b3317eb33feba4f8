"""What the two APIs and the token endpoint answer, whatever carries the question."""

import json
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from infra.local.google import drive, sheets
from infra.local.google.account import Tokens, service_account
from infra.local.google.errors import ApiError, body_of
from infra.local.google.faults import Fault, Faults
from infra.local.google.files import Folder

AUTH = "https://www.googleapis.com/auth/"
NEEDED = {"drive": {f"{AUTH}drive.readonly", f"{AUTH}drive"}, "sheets": {f"{AUTH}spreadsheets"}}
KEY_FILE = "service-account.json"
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
NOTHING: tuple[str, list[str]] = ("", [])


@dataclass(frozen=True, slots=True)
class Question:
    verb: str
    path: str
    query: str
    authorization: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    kind: str
    body: bytes
    retry_after: str = ""


class Service:
    """Drive and Sheets over a folder. `key` is the JSON key of the account that may use them.

    `faults` is what shall go wrong, `calls` what was called so far.
    """

    def __init__(self, folder: Path, *, url: str) -> None:
        self.folder = Folder(folder)
        self.faults = Faults()
        self.calls: list[str] = []
        self.key = service_account(folder / KEY_FILE, token_uri=f"{url}token")
        self.tokens = Tokens(self.key)
        self._one_at_a_time = threading.Lock()

    def answer(self, asked: Question) -> Answer | None:
        """None: the connection is closed without a word."""
        if asked.path.startswith("/_local/"):
            return self._local(asked)
        call, arguments = _call_of(asked.verb, asked.path)
        self.calls.append(call)
        fault = self.faults.pick(call)
        if fault is not None and fault.kind == "timeout":
            time.sleep(fault.seconds)
            return None
        if fault is not None and fault.kind == "status":
            error = ApiError(fault.status, f"The stand-in was told to answer {fault.status}", fault.reason)
            return replace(_refused(error, call), retry_after=fault.retry_after)
        try:
            with self._one_at_a_time:
                answer = self._carry_out(call, arguments, asked)
        except ApiError as error:
            return _refused(error, call)
        return _spoilt(answer, fault)

    def _local(self, asked: Question) -> Answer:
        """For whoever runs this: whether it runs, and what shall go wrong (POST /_local/faults, a JSON list of faults)."""
        if asked.path == "/_local/faults" and asked.verb == "POST":
            try:
                for wish in json.loads(asked.body):
                    self.faults.add(**wish)
            except (TypeError, ValueError) as wrong:
                return Answer(400, "text/plain", str(wrong).encode())
        return Answer(200, "text/plain", b"ready")

    def _carry_out(self, call: str, arguments: list[str], asked: Question) -> Answer:
        if call == "token":
            status, granted = self.tokens.grant(parse_qs(asked.body.decode("utf-8", "replace")))
            return _json(granted, status)
        self._admit(call, asked.authorization)
        folder, query = self.folder, {name: values[0] for name, values in parse_qs(asked.query).items()}
        match call:
            case "files.get":
                return _json(drive.get(folder, arguments[0], query.get("fields", "")))
            case "files.export":
                return Answer(200, *drive.export(folder, arguments[0], query.get("mimeType", "")))
            case "spreadsheets.get":
                return _json(sheets.get(folder, arguments[0], query.get("fields", "")))
            case "values.get":
                return _json(sheets.values(folder, arguments[0], arguments[1], query))
            case "spreadsheets.batchUpdate":
                return _json(sheets.batch_update(folder, arguments[0], _read(asked.body)))
        raise ApiError(404, "this stand-in knows no such call", "notFound")

    def _admit(self, call: str, authorization: str) -> None:
        scopes = self.tokens.scopes(authorization)
        if scopes is None:
            raise ApiError(401, "Request had invalid authentication credentials.", "authError")
        if not scopes & NEEDED["drive" if call.startswith("files") else "sheets"]:
            raise ApiError(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


def _call_of(verb: str, path: str) -> tuple[str, list[str]]:
    """The name of the call and what its path names; "" for one that is not known."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    found = NOTHING
    match verb, parts:
        case "POST", ["token"]:
            found = "token", []
        case "GET", ["drive", "v3", "files", file_id]:
            found = "files.get", [file_id]
        case "GET", ["drive", "v3", "files", file_id, "export"]:
            found = "files.export", [file_id]
        case "GET", ["v4", "spreadsheets", sheet_id]:
            found = "spreadsheets.get", [sheet_id]
        case "GET", ["v4", "spreadsheets", sheet_id, "values", span]:
            found = "values.get", [sheet_id, span]
        case "POST", ["v4", "spreadsheets", last] if last.endswith(":batchUpdate"):
            found = "spreadsheets.batchUpdate", [last.removesuffix(":batchUpdate")]
    return found


def _spoilt(answer: Answer, fault: Fault | None) -> Answer | None:
    kind = fault.kind if fault is not None else ""
    if kind == "lost":
        return None
    bodies = {
        "empty": b"",
        "truncated": answer.body[: len(answer.body) // 2],
        "html": HTML,
        "no_text": b"\xff\xfe\x00\x81" * 8,
        "no_json": b"<busy>",
    }
    return replace(answer, body=bodies.get(kind, answer.body))


def _refused(error: ApiError, call: str) -> Answer:
    told = {"error": error.reason or "internal_failure"} if call == "token" else body_of(error, drive=call.startswith("files"))
    return _json(told, error.status)


def _json(facts: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, "application/json; charset=UTF-8", json.dumps(facts).encode())


def _read(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        raise ApiError(400, "Invalid JSON payload received.") from None
