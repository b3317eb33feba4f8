"""What every adapter of `Journal` does alike: in memory, and on DynamoDB as moto plays it, by the index that is deployed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_audit import DynamoJournal
from bolt_app.adapters.dynamodb_standings import DynamoStandings
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.adapters.conftest import Table
from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.kernel.journal import Journal
from workflows.kernel.ports import AuditEntry

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)


class Kept(NamedTuple):
    standings: Standings
    journal: Journal

    def write(self, job_id: str, at: datetime, action: str = "checked") -> AuditEntry:
        before = self.standings.get(job_id) or Standing(job_id=job_id, first_seen=at, since=at)
        entry = AuditEntry(subject=job_id, at=at, action=action, by="checker", before={"state": "alert"}, why="it was looked at")
        self.standings.save(replace(before, since=at), entry)
        return entry


@pytest.fixture(params=["memory", "dynamodb"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        memory = MemoryStandings()
        return Kept(memory, memory)
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    audit = table("audit")
    return Kept(DynamoStandings(client, state=table("state"), audit=audit), DynamoJournal(client, table=audit))


def test_a_day_that_spans_midnight_is_read_newest_first_and_from_its_first_moment_to_before_its_last(kept: Kept) -> None:
    kept.write("orders-db", EIGHT - DAY - timedelta(microseconds=1))
    first = kept.write("orders-db", EIGHT - DAY)
    evening = kept.write("crm", EIGHT - timedelta(hours=9))
    morning = kept.write("orders-db", EIGHT - timedelta(microseconds=1), "now_all_green")
    kept.write("crm", EIGHT)

    assert list(kept.journal.entries(EIGHT - DAY, EIGHT, entries_max=10)) == [morning, evening, first]


def test_of_too_many_the_newest_are_read(kept: Kept) -> None:
    written = [kept.write("orders-db", EIGHT - DAY + timedelta(hours=hour)) for hour in range(20)]

    assert list(kept.journal.entries(EIGHT - DAY, EIGHT, entries_max=3)) == written[:-4:-1]
    assert len(kept.journal.entries(EIGHT - DAY, EIGHT, entries_max=19)) == 19


def test_a_day_without_entries_is_empty(kept: Kept) -> None:
    assert list(kept.journal.entries(EIGHT - DAY, EIGHT, entries_max=3)) == []
