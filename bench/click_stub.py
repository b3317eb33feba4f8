"""Slack's Web API as far as a click asks it: `python -m bench.click_stub` prints its port, and answers until SIGTERM."""

import asyncio
import json
import signal

USER = "U0BENCH"
ANSWER = json.dumps(
    {"ok": True, "user": {"id": USER, "team_id": "T0BENCH", "profile": {"email": "admin@example.com", "real_name": "Bench"}}}
).encode()
RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (
    len(ANSWER),
    ANSWER,
)


class Door(asyncio.Protocol):
    """One request a connection, as Slack's client makes them."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the types: it is a TCP server
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data:
            self._transport.write(RESPONSE)
            self._transport.close()


async def serve() -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(Door, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve())
