"""A request and a reply as values, so that everything behind the port is tried without one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`origin` and `host`: the headers a browser sends; empty when somebody else asks."""

    verb: str
    path: str
    query: str = ""
    kind: str = ""
    token: str = ""
    body: bytes = b""
    origin: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`dropped`: the connection is closed without an answer. `stream`: sent piece by piece instead of `body`, until it ends."""

    body: str | bytes = ""
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    stream: Iterator[str] | None = None


def told(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(body=json.dumps(body, ensure_ascii=False), status=status, headers=headers or {})
