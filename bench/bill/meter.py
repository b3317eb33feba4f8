"""Counts every call to AWS as it leaves botocore, and has it answered in this process.

Tables, parameters, secrets and our own documents are played by moto. What moto is too slow for at two thousand jobs, or does
not know, is answered here from the very items that moto keeps: plain queries, batches of reads, listings, the bus, the queue.
A call that nobody here can price ends the run: a bill with a line missing would look like a cheap one.
"""

import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock, current_thread, main_thread
from time import thread_time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zlib import crc32

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

from bench.bill.tables import Tables
from bench.stand_in import S3_HEADERS, listing_xml
from bolt_app.adapters.memory.objects import MemoryObjects
from infra.local.model.__main__ import StandIn
from workflows.kernel.ports import Json

SECONDS = {
    "dynamodb": 0.006,
    "s3": 0.030,
    "sqs": 0.010,
    "eventbridge": 0.015,
    "scheduler": 0.040,
    "secrets-manager": 0.020,
    "ssm": 0.020,
    "sesv2": 0.100,
    "bedrock-runtime": 3.0,
    "slack": 0.25,
    "google": 0.35,
}
"""What a call is taken to wait for its answer, from inside the region."""

S3_TIER_1, S3_TIER_2 = frozenset({"ListObjectsV2", "PutObject"}), frozenset({"GetObject"})
EVENT_BYTES, QUEUE_BYTES = 64 * 1024, 64 * 1024
CHARACTERS_A_TOKEN = 3.5


class Body(io.BytesIO):
    """A response's body, as urllib3 has one."""

    def stream(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - urllib3's signature
        yield self.getvalue()


@dataclass(slots=True)
class Waited:
    """Seconds that one invocation waits: in turn, and side by side in threads."""

    alone: float = 0.0
    beside: list[float] = field(default_factory=list)
    cpu_of_meter: float = 0.0

    def seconds(self, at_once: int) -> float:
        return self.alone + sum(self.beside) / max(1, min(at_once, len(self.beside)))


class Meter:
    """What was called, and how much was used of what is priced.

    Attributes:
    calls: (service, operation) -> how often. used: what is priced -> how much. by_place: (priced, table or bucket) -> how much.
    objects: the watched buckets. on_event, on_nudge, on_schedule, on_object: what the rest of AWS does about what was sent.
    counting: False while the world is made.
    """

    def __init__(self, tables: Tables, objects: MemoryObjects) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self.used: defaultdict[str, float] = defaultdict(float)
        self.by_place: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.objects = objects
        self.counting = True
        self.waited = Waited()
        self.on_event: Callable[[Json], None] = lambda _: None
        self.on_nudge: Callable[[str, float], None] = lambda *_: None
        self.on_schedule: Callable[[str, str], None] = lambda *_: None
        self.on_object: Callable[[str, str], None] = lambda *_: None
        self._tables = tables
        self._moto = BotocoreStubber()
        self._moto.enabled = True
        self._model = StandIn()
        self._lock = RLock()
        self._services: dict[str, Callable[[str, AWSPreparedRequest, Json], Any]] = {
            "dynamodb": self._dynamodb,
            "s3": self._s3,
            "sqs": self._sqs,
            "eventbridge": self._events,
            "scheduler": self._scheduler,
            "secrets-manager": self._secrets,
            "ssm": self._parameters,
            "sesv2": self._letters,
            "bedrock-runtime": self._ask_model,
        }

    def before_send(self, event_name: str, request: AWSPreparedRequest, **_: object) -> Any:  # noqa: ANN401 - botocore's hook
        """Answers the call: botocore sends nothing."""
        began = thread_time()
        with self._lock:
            service, operation = event_name.split(".")[1:3]
            if service not in self._services:
                raise SystemExit(f"{service} {operation} has no price here")
            self.calls[service, operation] += self.counting
            answer = self._services[service](operation, request, _json(request))
            self.wait(service)
            self.waited.cpu_of_meter += thread_time() - began
        return answer

    def wait(self, service: str) -> None:
        if current_thread() is main_thread():
            self.waited.alone += SECONDS[service]
        else:
            self.waited.beside.append(SECONDS[service])

    def outside(self, service: str) -> None:
        """A call to Slack or Google."""
        self.calls[service, ""] += self.counting
        self.wait(service)

    def _count(self, priced: str, amount: float, place: str = "") -> None:
        if self.counting:
            self.used[priced] += amount
            self.by_place[priced, place] += amount

    # --- DynamoDB --------------------------------------------------------------------------------

    def _dynamodb(self, operation: str, request: AWSPreparedRequest, body: Json) -> Any:  # noqa: ANN401 - what botocore takes
        if operation in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}:
            written = self._tables.written(operation, body)
            answer = self._moto_s(operation, "dynamodb", request)
            for table, units in written.units():
                self._count("dynamodb write units", units, table)
            return answer
        quick = self._tables.answer(operation, body)
        answer = _answered(request, quick) if quick is not None else self._moto_s(operation, "dynamodb", request)
        table, units = self._tables.read(operation, body, quick if quick is not None else json.loads(answer.content))
        self._count("dynamodb read units", units, table)
        return answer

    # --- S3 --------------------------------------------------------------------------------------

    def _s3(self, operation: str, request: AWSPreparedRequest, _: Json) -> Any:  # noqa: ANN401 - what botocore takes
        bucket, key, query = _place(request.url)
        priced = "s3 LIST and PUT" if operation in S3_TIER_1 else "s3 GET" if operation in S3_TIER_2 else ""
        if not priced:
            raise SystemExit(f"s3 {operation} has no price here")
        self._count(priced, 1, bucket)
        if bucket in self.objects.buckets:
            if operation != "ListObjectsV2" or "delimiter" in query or "continuation-token" in query:
                raise SystemExit(f"no watched bucket answers {operation} {query} here")
            page = self.objects.page(
                bucket, query["prefix"], start_after=query.get("start-after", ""), max_keys=int(query["max-keys"])
            )
            return _answered(request, listing_xml(bucket, query, page), kind="application/xml")
        answer = self._moto_s(operation, "s3", request)
        if operation == "PutObject" and answer.status_code == 200:
            self.on_object(bucket, key)
        return answer

    # --- what leaves for other functions and people ------------------------------------------------

    def _events(self, operation: str, request: AWSPreparedRequest, body: Json) -> Any:  # noqa: ANN401 - what botocore takes
        _only("eventbridge", operation, "PutEvents")
        for entry in body["Entries"]:
            pieces = -(-len(entry["Detail"].encode()) // EVENT_BYTES)
            self._count("eventbridge events", pieces, entry["DetailType"])
            self.on_event(entry)
        return _answered(request, {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in body["Entries"]]})

    def _sqs(self, operation: str, request: AWSPreparedRequest, body: Json) -> Any:  # noqa: ANN401 - what botocore takes
        _only("sqs", operation, "SendMessage")
        text = body["MessageBody"]
        self._count("sqs requests", -(-len(text.encode()) // QUEUE_BYTES), "sent by ourselves")
        self.on_nudge(text, float(body.get("DelaySeconds", 0)))
        md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return _answered(request, {"MessageId": "1", "MD5OfMessageBody": md5})

    def _scheduler(self, operation: str, request: AWSPreparedRequest, body: Json) -> Any:  # noqa: ANN401 - what botocore takes
        _only("scheduler", operation, "CreateSchedule")
        # making one costs nothing; its invocation does
        self.on_schedule(body["ScheduleExpression"], body["Target"]["Input"])
        return _answered(request, {"ScheduleArn": "arn:aws:scheduler:ap-southeast-1:123456789012:schedule/default/one"})

    def _letters(self, operation: str, request: AWSPreparedRequest, _: Json) -> Any:  # noqa: ANN401 - what botocore takes
        _only("sesv2", operation, "SendEmail")
        self._count("letters", 1)
        return _answered(request, {"MessageId": "1"})

    def _ask_model(self, operation: str, request: AWSPreparedRequest, body: Json) -> Any:  # noqa: ANN401 - what botocore takes
        _only("bedrock-runtime", operation, "Converse")
        name = body["toolConfig"]["tools"][0]["toolSpec"]["name"]
        told = self._model.answer(
            {
                "messages": [{"role": "user", "content": body["messages"][0]["content"][0]["text"]}],
                "tools": [{"function": {"name": name}}],
            }
        )
        said = told["tool_calls"][0]["function"]["arguments"]
        self._count("model words in", len(json.dumps(body)) / CHARACTERS_A_TOKEN)
        self._count("model words out", len(said) / CHARACTERS_A_TOKEN)
        use = {"toolUse": {"toolUseId": "1", "name": name, "input": json.loads(said)}}
        message = {"role": "assistant", "content": [use]}
        return _answered(request, {"output": {"message": message}, "stopReason": "tool_use", "usage": {}, "metrics": {}})

    # --- settings and secrets ----------------------------------------------------------------------

    def _secrets(self, operation: str, request: AWSPreparedRequest, _: Json) -> Any:  # noqa: ANN401 - what botocore takes
        self._count("secrets calls", 1)
        return self._moto_s(operation, "secretsmanager", request)

    def _parameters(self, operation: str, request: AWSPreparedRequest, _: Json) -> Any:  # noqa: ANN401 - what botocore takes
        self._count("ssm calls", 1)
        return self._moto_s(operation, "ssm", request)

    def _moto_s(self, operation: str, service: str, request: AWSPreparedRequest) -> Any:  # noqa: ANN401 - what botocore takes
        answer = self._moto(f"before-send.{service}.{operation}", request)
        if answer is None:
            raise SystemExit(f"moto does not play {service} {operation}")
        return answer


def _json(request: AWSPreparedRequest) -> Json:
    try:
        body = json.loads(request.body) if isinstance(request.body, (bytes, str)) else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _only(service: str, operation: str, known: str) -> None:
    if operation != known:
        raise SystemExit(f"{service} {operation} has no price here")


def _place(url: str) -> tuple[str, str, dict[str, str]]:
    """Bucket, key and query of a request to S3, whichever way it is addressed."""
    split = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
    host, path = split.netloc, unquote(split.path).removeprefix("/")
    if not host.startswith("s3."):
        return host.split(".s3.")[0], path, query
    bucket, _, key = path.partition("/")
    return bucket, key, query


def _answered(request: AWSPreparedRequest, body: Json | bytes, *, kind: str = "application/x-amz-json-1.0") -> AWSResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = HTTPHeaders()
    headers["content-type"] = kind
    if kind != "application/xml":
        headers["x-amz-crc32"] = str(crc32(raw))
    for line in S3_HEADERS.splitlines() if kind == "application/xml" else ():
        name, _, value = line.partition(": ")
        headers[name] = value
    return AWSResponse(request.url, 200, headers, Body(raw))
