"""Starts bk-drive-sync when somebody has edited a file, so that nobody waits a quarter of an hour. No part of the product."""

from collections.abc import Callable

from infra.local.google.files import NAMES, Folder

LOOK_SECONDS = 0.25


class Watch:
    """Looks at the files. An edit counts once it has not gone on since the last look: whoever wrote it has finished."""

    def __init__(self, folder: Folder, edited: Callable[[], None]) -> None:
        self._folder = folder
        self._edited = edited
        self._told = self._seen = self._versions()

    def look(self) -> None:
        now = self._versions()
        if now == self._seen and now != self._told:
            by_hand = any(self._folder.ours.get(one) != version for one, version in now.items() if self._told.get(one) != version)
            self._told = now
            if by_hand:
                self._edited()
        self._seen = now

    def _versions(self) -> dict[str, int]:
        return {one: self._folder.version(one) for one, name in NAMES.items() if (self._folder.path / name).exists()}
