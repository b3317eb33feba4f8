"""What the writer of the sheet stores of its own: its notes, its audit, and the mirrored documents."""

from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_audit import DynamoAudit
from bolt_app.adapters.dynamodb_notebook import DynamoNotebook
from bolt_app.adapters.dynamodb_proposals import DynamoProposals
from bolt_app.adapters.memory.audit import MemoryAudit
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.notebook import MemoryNotebook
from bolt_app.adapters.s3_documents import S3Documents
from tests.adapters.conftest import REGION, Table
from workflows.kernel.ports import Audit, AuditEntry
from workflows.kernel.sheet import Mirror, Notebook

ENTRY = AuditEntry(
    subject="nas",
    at=datetime(2026, 11, 16, 9, 0, tzinfo=UTC),
    action="row_added",
    by="UANA",
    after={"name": "NAS – ü"},
    why="approved",
)


@pytest.fixture(params=["memory", "dynamodb"])
def notebook(request: pytest.FixtureRequest, dynamodb: DynamoDBClient, table: Table) -> Notebook:
    if request.param == "memory":
        return MemoryNotebook()
    return DynamoNotebook(dynamodb, table=table("deliveries"), owner="#sheet")


@pytest.fixture(params=["memory", "dynamodb"])
def audit(request: pytest.FixtureRequest, dynamodb: DynamoDBClient, table: Table) -> tuple[Audit, Callable[[], list[AuditEntry]]]:
    if request.param == "memory":
        memory = MemoryAudit()
        return memory, lambda: memory.entries
    name = table("audit")
    written = DynamoProposals(dynamodb, table="unused", audit=name)
    return DynamoAudit(dynamodb, table=name, writer="sheet"), lambda: written.history("nas")


@pytest.fixture(params=["memory", "s3"])
def mirror(request: pytest.FixtureRequest) -> Mirror:
    if request.param == "memory":
        return MemoryDocuments()
    client = request.getfixturevalue("aws").client("s3")
    client.create_bucket(Bucket="mirror", CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3Documents(client, {"jobs.csv": "mirror"})


def test_notes_are_empty_at_first_and_then_what_was_saved_last(notebook: Notebook) -> None:
    assert notebook.read() == {}
    notebook.save({"seen": {"jobs.csv": {"digest": "ü"}}})
    notebook.save({"begun": {"a": {"at": "x"}}})
    assert notebook.read() == {"begun": {"a": {"at": "x"}}}


def test_an_entry_that_is_written_again_is_one_entry(audit: tuple[Audit, Callable[[], list[AuditEntry]]]) -> None:
    writer, entries = audit
    writer.write(ENTRY)
    writer.write(ENTRY)
    assert entries() == [ENTRY]


def test_a_mirrored_document_is_read_as_it_was_put(mirror: Mirror) -> None:
    assert mirror.read("jobs.csv") is None
    mirror.put("jobs.csv", "name\nOrders – täglich\n")
    first = mirror.read("jobs.csv")
    mirror.put("jobs.csv", "name\n")
    second = mirror.read("jobs.csv")
    assert first is not None
    assert second is not None
    assert (first.text, second.text) == ("name\nOrders – täglich\n", "name\n")


def test_a_mirrored_document_says_what_it_is(aws: boto3.Session) -> None:
    client = aws.client("s3")
    client.create_bucket(Bucket="typed", CreateBucketConfiguration={"LocationConstraint": REGION})
    mirror = S3Documents(client, {"jobs.csv": "typed", "rules.txt": "typed"})
    for key, kind in (("jobs.csv", "text/csv; charset=utf-8"), ("rules.txt", "text/plain; charset=utf-8")):
        mirror.put(key, "x")
        assert client.head_object(Bucket="typed", Key=key)["ContentType"] == kind
