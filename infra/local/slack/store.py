"""The state file: written whole, atomically, a moment after a change."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

SETTLE_SECONDS = 0.1
VERSION = 1


class StateFile:
    """Keeps what `dump` gives in a file. Without a path, nothing is kept."""

    def __init__(self, path: Path | None, dump: Callable[[], dict[str, Any]]) -> None:
        self._path = path
        self._dump = dump
        self._changed = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-state", daemon=True)

    def read(self) -> dict[str, Any] | None:
        """What an earlier run left, or None. Raises ValueError when it is not ours."""
        if self._path is None or not self._path.exists():
            return None
        try:
            saved = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError as wrong:
            raise ValueError(f"{self._path} is not JSON ({wrong}); delete it to start afresh") from None
        if not isinstance(saved, dict) or saved.get("version") != VERSION:
            raise ValueError(f"{self._path} is not a state of this server (version {VERSION}); delete it to start afresh")
        return saved

    def start(self) -> None:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._thread.start()

    def changed(self) -> None:
        self._changed.set()

    def close(self) -> None:
        """Writes what is still to be written."""
        if self._thread.is_alive():
            self._stop.set()
            self._changed.set()
            self._thread.join()
            self._write()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._changed.wait()
            self._changed.clear()
            self._stop.wait(SETTLE_SECONDS)
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_text(json.dumps({"version": VERSION, **self._dump()}), encoding="utf-8")
        os.replace(beside, self._path)  # noqa: PTH105 - the atomic rename, by its usual name
