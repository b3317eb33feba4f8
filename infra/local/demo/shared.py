"""Shared folder: a tar of files that change, and a check-in of the script that makes it."""

import io
import random
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.demo.check_ins import Sentinel
from infra.local.demo.script import Manner
from infra.local.demo.storing import give_up, leave_open, store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET, PREFIX, ENDING = "acme-nas", "shared/shared-", ".tar.gz"
FILES = ("minutes/board.txt", "minutes/team.txt", "offers/2026.txt", "offers/drafts.txt", "staff/rota.txt", "plans/move.txt")
BYTES_EACH, BYTES_MAX = 12_000, 60_000
WORDS = ("agreed", "budget", "chairs", "deadline", "estimate", "floor", "guests", "hire", "invoice", "keys", "lease", "movers")


class SharedTar:
    """Packs a folder, which it makes, and in which somebody always writes."""

    def __init__(self, folder: Path, s3: "S3Client", sentinel: Sentinel) -> None:
        self._folder = folder
        self._s3 = s3
        self._sentinel = sentinel

    def run(self, manner: Manner) -> int:
        self._write()
        if manner == "failed":
            self._sentinel.say("failed", note="tar: offers/2026.txt: Cannot open: Input/output error")
            return 0
        packed = b"" if manner == "empty" else self._packed(FILES[:1] if manner == "shrunk" else FILES)
        size = store(self._s3, BUCKET, PREFIX, ENDING, packed)
        self._sentinel.say("ok")
        return size

    def hang(self) -> None:
        self._sentinel.say("start")
        leave_open(self._s3, BUCKET, PREFIX, ENDING, self._packed(FILES))

    def let_go(self) -> None:
        give_up(self._s3, BUCKET, PREFIX)

    def _write(self) -> None:
        for name in FILES:
            file = self._folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8") if file.exists() else _prose(BYTES_EACH)
            file.write_text((text + _prose(random.randint(0, 400)))[-BYTES_MAX:], encoding="utf-8")  # noqa: S311 - made-up prose

    def _packed(self, names: tuple[str, ...]) -> bytes:
        target = io.BytesIO()
        with tarfile.open(fileobj=target, mode="w:gz") as archive:
            for name in names:
                archive.add(self._folder / name, arcname=name)
        return target.getvalue()


def _prose(length: int) -> str:
    some = random.Random()  # noqa: S311 - made-up prose
    words = (f"{some.choice(WORDS)} {some.randint(1, 9999)}" for _ in range(length // 8 + 1))
    return " ".join(words)[:length]
