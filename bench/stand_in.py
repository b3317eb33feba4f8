"""A stand-in for AWS in a process of its own, quick enough not to be what is measured.

It knows what a check asks for, answers S3 after a delay, and counts. Its fleet is made by the product itself: a first check in
memory, whose standings it then serves as items.

Started as `python -m bench.stand_in KIND JOBS DELAY_MS`, it prints its port when it is ready, and on SIGTERM what it was asked.
"""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit
from zlib import crc32

from bench.stored_fleet import StoredFleet, made
from workflows.kernel.ports import Json, Page

REASON = {200: "OK", 400: "Bad Request", 404: "Not Found"}
S3_HEADERS = (
    "x-amz-id-2: Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4\r\nx-amz-request-id: 4442587FB7D0A2F9\r\n"
    "Date: Sat, 21 Nov 2026 09:05:00 GMT\r\nx-amz-bucket-region: ap-southeast-1\r\nServer: AmazonS3\r\n"
)
Answer = tuple[int, str, bytes]


class Door(asyncio.Protocol):
    """One connection; requests come one after the other, as boto's do."""

    def __init__(self, aws: "StandIn") -> None:
        self._aws = aws
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the types: it is a TCP server
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._read[:end].decode("latin-1")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])}
        length = int(headers.get("content-length", 0))
        if headers.get("expect"):
            raise NotImplementedError("uploads are nothing that a check does")
        if len(self._read) < end + 4 + length:
            return
        body, self._read = self._read[end + 4 : end + 4 + length], self._read[end + 4 + length :]
        method, address, _ = head.split(" ", 2)
        target = headers.get("x-amz-target")
        if target:
            self._send(self._aws.called(target, json.loads(body)))
        else:
            answer = self._aws.asked(method, address)
            asyncio.get_running_loop().call_later(self._aws.delay_seconds, self._send, answer)

    def _send(self, answer: Answer) -> None:
        status, headers, body = answer
        head = f"HTTP/1.1 {status} {REASON[status]}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


class StandIn:
    """S3, DynamoDB, Parameter Store and EventBridge, as far as a check needs them.

    Attributes:
        asked_for: how often each operation was called.
        saved: writes to standings and audit; notices and the stamp of a run are not among them.
    """

    def __init__(self, fleet: StoredFleet, *, delay_seconds: float) -> None:
        self._fleet = fleet
        self.delay_seconds = delay_seconds
        self.asked_for: Counter[str] = Counter()
        self._items = {
            table: {key: json.dumps(item).encode() for key, item in items.items()} for table, items in fleet.items.items()
        }
        self._operations: dict[str, Callable[[Json], bytes]] = {
            "BatchGetItem": self._batch_get_item,
            "GetItem": self._get_item,
            "PutItem": lambda _: b"{}",
            "Query": lambda _: b'{"Items":[],"Count":0}',
            "TransactWriteItems": lambda _: b"{}",
            "GetParametersByPath": lambda _: json.dumps({"Parameters": fleet.parameters}).encode(),
            "PutEvents": lambda request: json.dumps(
                {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in request["Entries"]]}
            ).encode(),
        }

    def called(self, target: str, request: Json) -> Answer:
        """A call of one of the services that speak JSON."""
        operation = target.rpartition(".")[2]
        self.asked_for[operation] += 1
        body = self._operations[operation](request)
        return 200, f"Content-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: R\r\nx-amz-crc32: {crc32(body)}\r\n", body

    def asked(self, method: str, address: str) -> Answer:
        """A request to S3: a page of a listing, or one of the documents."""
        url = urlsplit(address)
        bucket, _, key = url.path[1:].partition("/")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if "list-type" in query:
            self.asked_for["ListObjectsV2"] += 1
            return 200, f"{S3_HEADERS}Content-Type: application/xml\r\n", self._listing(bucket, query)
        self.asked_for[f"{method.capitalize()}Object"] += 1
        document = self._fleet.documents.get(unquote(key))
        if document is None:
            return 404, f"{S3_HEADERS}Content-Type: application/xml\r\n", b"<Error><Code>NoSuchKey</Code></Error>"
        version = f'ETag: "{crc32(document)}"\r\nLast-Modified: Fri, 20 Nov 2026 09:05:00 GMT\r\n'
        return 200, f"{S3_HEADERS}{version}Content-Type: text/csv\r\n", document

    def _listing(self, bucket: str, query: dict[str, str]) -> bytes:
        page = self._fleet.objects.page(
            bucket, query["prefix"], start_after=query.get("start-after", ""), max_keys=int(query["max-keys"])
        )
        return listing_xml(bucket, query, page)

    def _batch_get_item(self, request: Json) -> bytes:
        found = []
        for table, wanted in request["RequestItems"].items():
            items = self._items.get(table, {})
            keys = (key["job_id"]["S"] for key in wanted["Keys"])
            found.append(b'"%s":[%s]' % (table.encode(), b",".join(items[key] for key in keys if key in items)))
        return b'{"Responses":{%s},"UnprocessedKeys":{}}' % b",".join(found)

    def _get_item(self, request: Json) -> bytes:
        item = self._items.get(request["TableName"], {}).get(request["Key"]["job_id"]["S"])
        return b'{"Item":%s}' % item if item else b"{}"


def listing_xml(bucket: str, query: dict[str, str], page: Page) -> bytes:
    """As S3 writes it."""
    contents = "".join(
        f"<Contents><Key>{one.key}</Key><LastModified>{one.modified:%Y-%m-%dT%H:%M:%S}.000Z</LastModified>"
        f"<ETag>&quot;{one.etag}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT"
        f"</ChecksumType><Size>{one.size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for one in page.objects
    )
    after = f"<StartAfter>{query['start-after']}</StartAfter>" if "start-after" in query else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>{bucket}</Name><Prefix>{query['prefix']}</Prefix>{after}<KeyCount>{len(page.objects)}</KeyCount>"
        f"<MaxKeys>{query['max-keys']}</MaxKeys><EncodingType>url</EncodingType>"
        f"<IsTruncated>{'true' if page.token else 'false'}</IsTruncated>{contents}</ListBucketResult>"
    ).encode()


async def serve(aws: StandIn) -> None:
    """Until SIGTERM."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(lambda: Door(aws), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    print(json.dumps(aws.asked_for), flush=True)


def main() -> None:
    kind, jobs, delay_ms = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    asyncio.run(serve(StandIn(made(kind, jobs), delay_seconds=delay_ms / 1000)))


if __name__ == "__main__":
    main()
