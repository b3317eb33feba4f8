"""Tells whoever watches that something changed; what it is, they come and look themselves."""

import threading
from collections.abc import Iterator

SILENCE_SECONDS_MAX = 15.0
RETRY_MS = 1000  # how long a browser waits before it asks again, when the server was gone


class Changes:
    """A count of changes, and a way to wait for the next one."""

    def __init__(self) -> None:
        self._happened = threading.Condition()
        self._closed = False
        self.version = 0

    def bump(self) -> None:
        with self._happened:
            self.version += 1
            self._happened.notify_all()

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        self.bump()

    def stream(self) -> Iterator[str]:
        """Server-sent events: the version at once and after each change; a comment when it is quiet, to keep the line open."""
        yield f"retry: {RETRY_MS}\n\n"
        seen = -1
        while not self._closed:
            now = self._after(seen)
            yield ": quiet\n\n" if now == seen else f"data: {now}\n\n"
            seen = now

    def _after(self, seen: int) -> int:
        with self._happened:
            self._happened.wait_for(lambda: self.version != seen or self._closed, SILENCE_SECONDS_MAX)
            return self.version
