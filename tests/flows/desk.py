"""The front door of check-ins, with everything behind it in memory, and requests as AWS hands them over."""

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.adapters.memory.standings import MemoryStandings
from bolt_app.heartbeat_front import respond
from workflows.backup import enrolment
from workflows.backup.heartbeat import Declined, Keys, Taken, derive_key, sign
from workflows.backup.heartbeat_keys import KnownKeys
from workflows.backup.ports import CheckIn
from workflows.kernel.ports import Json

NOW = datetime(2026, 3, 5, tzinfo=UTC)
MASTER = "a-master-key-of-some-length"
ENROLMENT = "an-enrolment-key-of-some-length"
JOB = "orders-db"
KEYS = Keys(master=MASTER, enrolment=ENROLMENT)


class RememberedKeys:
    """Keys as one environment of the Lambda remembers them; `current` is what the secret holds by now."""

    def __init__(self, known: Keys, current: Keys | None = None) -> None:
        self._known = known
        self._current = current or known
        self.reads = 0

    def known(self) -> Keys:
        return self._known

    def read_again(self) -> Keys:
        self.reads += 1
        self._known = self._current
        return self._known


class Desk:
    """The front door with everything behind it in memory."""

    def __init__(self, keys: KnownKeys | None = None) -> None:
        self.keys = keys or RememberedKeys(KEYS)
        self.check_ins = MemoryCheckIns()
        self.bus = MemoryBus()
        self.standings = MemoryStandings()
        self.proposals = MemoryProposals()

    def ask(self, payload: Json, now: datetime = NOW) -> Json:
        return respond(payload, keys=self.keys, check_ins=self.check_ins, bus=self.bus, enrol=self._enrol, now=now)

    def answer(self, payload: Json, now: datetime = NOW) -> tuple[int, Json]:
        """The answer to the signed form."""
        response = self.ask(payload, now)
        return response["statusCode"], json.loads(response["body"])

    def told(self, payload: Json, now: datetime = NOW) -> tuple[int, str]:
        """The answer to the path form."""
        response = self.ask(payload, now)
        assert response["headers"]["content-type"] == "text/plain; charset=utf-8"
        return response["statusCode"], response["body"]

    def recorded(self, job_id: str = JOB) -> list[CheckIn]:
        return self.check_ins.since(job_id, None)

    def _enrol(self, check_in: CheckIn, create: bool, now: datetime) -> Taken | Declined:
        return enrolment.enrol(
            check_in,
            create,
            zone="UTC",
            check_ins=self.check_ins,
            standings=self.standings,
            proposals=self.proposals,
            bus=self.bus,
            now=now,
        )


def ping(
    rest: str = "",
    *,
    key: str = "",
    job_id: str = JOB,
    body: bytes = b"",
    query: str = "",
    method: str = "POST",
    encoded: bool = True,
    **headers: str,
) -> Json:
    """A check-in by address; with the job's own path key where none is given."""
    path = f"/{key or KEYS.path_of(job_id)}/{job_id}{rest}"
    return payload(body, path=path, query=query, method=method, encoded=encoded, **headers)


def payload(
    body: bytes = b"", *, path: str = f"/{JOB}", query: str = "", method: str = "POST", encoded: bool = False, **headers: str
) -> Json:
    """A Function URL request as AWS hands it over (payload format 2.0)."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "content-length": str(len(body)),
            "x-amzn-tls-version": "TLSv1.3",
            "x-forwarded-proto": "https",
            "x-forwarded-port": "443",
            "x-forwarded-for": "203.0.113.7",
            "accept": "*/*",
            "user-agent": "curl/8.5.0",
            "host": "abc123.lambda-url.ap-southeast-1.on.aws",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abc123",
            "domainName": "abc123.lambda-url.ap-southeast-1.on.aws",
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.5.0",
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": "05/Mar/2026:00:00:00 +0000",
            "timeEpoch": 1772668800000,
        },
        "isBase64Encoded": encoded,
    }
    if body:
        event["body"] = base64.b64encode(body).decode() if encoded else body.decode()
    return event


def signed(
    body: bytes | str = b"",
    *,
    job_id: str = JOB,
    at: datetime = NOW,
    key: str = "",
    encoded: bool = True,
    path: str = "",
) -> Json:
    raw = body.encode() if isinstance(body, str) else body
    seconds = int(at.timestamp())
    return payload(
        raw,
        path=path or f"/{job_id}",
        encoded=encoded,
        x_backup_timestamp=str(seconds),
        x_backup_signature=sign(key or derive_key(MASTER, 1, job_id), seconds, job_id, raw),
    )
