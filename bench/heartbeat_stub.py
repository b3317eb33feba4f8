"""A stand-in for the tables, the bus and the secret behind bk-heartbeat, on a socket, so small that it is not what is measured.

Started as `python -m bench.heartbeat_stub`, it prints its port, and answers until SIGTERM. `ANSWERS` alone is what the same
stand-in answers in process.
"""

import asyncio
import json
import re
import signal
from zlib import crc32

from bench.deployment import PARAMETERS

MASTER = "a-master-key-of-some-length"
ANSWERS = {
    "TransactWriteItems": b"{}",
    "PutEvents": b'{"FailedEntryCount":0,"Entries":[{"EventId":"11710aed-b79e-4468-a20b-bb3c0c3b4860"}]}',
    "GetSecretValue": json.dumps({"SecretString": json.dumps({"master": MASTER})}).encode(),
    "GetParametersByPath": json.dumps(
        {"Parameters": [{"Name": f"/bk/config/{name}", "Type": "String", "Value": value} for name, value in PARAMETERS.items()]}
    ).encode(),
}
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"x-amz-target: *[\w.]+\.(\w+)", re.IGNORECASE)


def headers_of(body: bytes) -> dict[str, str]:
    return {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "R", "x-amz-crc32": str(crc32(body))}


def _response(body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers_of(body).items())
    return f"HTTP/1.1 200 OK\r\n{lines}content-length: {len(body)}\r\n\r\n".encode() + body


RESPONSES = {operation.encode(): _response(body) for operation, body in ANSWERS.items()}


class Door(asyncio.Protocol):
    """One connection; requests come one after the other, as boto's do."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the types: it is a TCP server
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        length = _LENGTH.search(self._read, 0, end)
        if end < 0 or len(self._read) < end + 4 + (int(length[1]) if length else 0):
            return
        target = _TARGET.search(self._read, 0, end)
        self._read = b""
        self._transport.write(RESPONSES[target[1] if target else b""])


async def serve() -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(Door, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve())
