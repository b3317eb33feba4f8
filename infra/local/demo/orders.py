"""Orders database: a SQLite database that grows, dumped while it is in use, and compressed."""

import gzip
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.demo.script import Manner
from infra.local.demo.storing import give_up, leave_open, store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET, PREFIX, ENDING = "acme-backups", "orders/orders-", ".sql.gz"
ORDERS_AT_FIRST, ORDERS_MAX = 2500, 20_000
ITEMS = ("espresso beans", "filter paper", "grinder", "kettle", "cups, set of six", "cleaning tablets", "milk jug", "scale")
NAMES = ("Amrit", "Bo", "Chiara", "Dilek", "Emeka", "Farah", "Goran", "Hana", "Ines", "Jonas", "Keiko", "Luka", "Mina", "Noor")
SCHEMA = "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer TEXT, item TEXT, cents INTEGER, at TEXT)"


class OrdersDump:
    """Dumps `orders.db` of a folder, which it makes and fills as a shop would."""

    def __init__(self, folder: Path, s3: "S3Client") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = folder / "orders.db"
        self._s3 = s3

    def run(self, manner: Manner) -> int:
        self._take_orders()
        if manner == "empty":
            return store(self._s3, BUCKET, PREFIX, ENDING, b"")  # `pg_dump > file` on a full disk leaves this
        lines = self._dump()
        if manner == "shrunk":
            lines = lines[: len(lines) // 10]  # the dump broke off, and nobody looked at its exit status
        return store(self._s3, BUCKET, PREFIX, ENDING, _compressed(lines))

    def hang(self) -> None:
        leave_open(self._s3, BUCKET, PREFIX, ENDING, _compressed(self._dump()))

    def let_go(self) -> None:
        give_up(self._s3, BUCKET, PREFIX)

    def _take_orders(self) -> None:
        with closing(sqlite3.connect(self._database)) as live, live:
            live.execute(SCHEMA)
            (known,) = live.execute("SELECT count(*) FROM orders").fetchone()
            new = random.randint(5, 20) if known else ORDERS_AT_FIRST  # noqa: S311 - how many orders came in is no secret
            live.executemany("INSERT INTO orders (customer, item, cents, at) VALUES (?, ?, ?, datetime('now'))", _orders(new))
            live.execute("DELETE FROM orders WHERE id <= (SELECT max(id) FROM orders) - ?", (ORDERS_MAX,))

    def _dump(self) -> list[str]:
        """A copy is taken first, so that a sale in the middle does not tear the dump."""
        with closing(sqlite3.connect(self._database)) as live, closing(sqlite3.connect(":memory:")) as still:
            live.backup(still)
            return list(still.iterdump())


def _orders(count: int) -> list[tuple[str, str, int]]:
    some = random.Random()  # noqa: S311 - made-up orders
    return [
        (f"{some.choice(NAMES)} {some.getrandbits(32):x}", some.choice(ITEMS), some.randint(300, 40_000)) for _ in range(count)
    ]


def _compressed(lines: list[str]) -> bytes:
    return gzip.compress("\n".join(lines).encode())
