"""The sheet as a file that a person edits, and Google's own client between it and the sentinel, with the roles enforced."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from bolt_app.adapters.dynamodb_proposals import DynamoProposals
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, mirrored, state_of, until
from workflows.kernel.proposal import Proposal

pytestmark = pytest.mark.e2e

HEADER = "job_id,name,what,group,owner_email,target,layout,schedule,timezone,window,min_size,critical,report_from"


def rows(stack: LocalStack) -> dict[str, list[str]]:
    """The sheet, row by name."""
    with Path(stack.sheet).open(encoding="utf-8", newline="") as file:
        return {row[1]: row for row in csv.reader(file) if len(row) > 1}


def type_row(stack: LocalStack, line: str) -> None:
    with Path(stack.sheet).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def test_a_row_typed_in_the_sheet_is_watched_within_one_sync_and_gets_its_id(stack: LocalStack) -> None:
    type_row(stack, ",Typed by Sam,,,sam@example.com,heartbeat,,,,2h,,,")

    until(20, lambda: state_of(stack, "typed-by-sam") == "waiting", "the row is watched")
    until(10, lambda: rows(stack)["Typed by Sam"][0] == "typed-by-sam", "its id is written back")
    until(10, lambda: "typed-by-sam,Typed by Sam" in mirrored(stack), "and mirrored")
    until(10, lambda: "key_written" in actions(stack, "typed-by-sam"), "and audited")


def test_an_approved_proposal_becomes_a_row_that_is_watched(stack: LocalStack) -> None:
    now = datetime.now(UTC)
    proposals = DynamoProposals(stack.dynamodb, table="bk-proposals", audit="bk-audit")
    cells = {"name": "Nightly dump", "owner_email": "sam@example.com", "target": "heartbeat", "window": "26h"}
    proposals.save(
        Proposal(
            proposal_id="slack-e2e",
            lane="slack",
            key="nightly-dump",
            cells=cells,
            created=now,
            state="approving",
            asked_at=now,
            decided_by="U0ANA",
            decided_at=now,
        ),
        None,
    )
    detail = {"v": 1, "op": "add", "rows": [{"key": "nightly-dump", "cells": {"name": "=forged()"}}], "proposal_id": "slack-e2e"}
    stack.bus.put_events(Entries=[{"Source": "backup-sentinel", "DetailType": "bk.register", "Detail": json.dumps(detail)}])

    def closed() -> bool:
        proposal = proposals.get("slack-e2e")
        return proposal is not None and proposal.state == "approved"

    until(20, closed, "the proposal is closed")
    assert rows(stack)["Nightly dump"][0] == "nightly-dump"  # the item is trusted, not the event
    assert "nightly-dump,Nightly dump" in mirrored(stack)
    until(20, lambda: state_of(stack, "nightly-dump") == "waiting", "the row is watched")
    assert "row_added" in actions(stack, "nightly-dump")


def test_a_rules_document_that_was_edited_is_mirrored(stack: LocalStack) -> None:
    rules = Path(stack.sheet).with_name("rules.txt")
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# edited by hand\n", encoding="utf-8")

    def there() -> bool:
        return b"# edited by hand" in stack.s3.get_object(Bucket=stack.rules_bucket, Key="rules.txt")["Body"].read()

    until(10, there, "the document is mirrored")


@pytest.mark.parametrize("name", ["checker", "dispatch", "ack-handler", "heartbeat", "intake-ses-parser"])
def test_no_other_function_reads_the_google_key(stack: LocalStack, name: str) -> None:
    vault = stack.session_of(f"bk-{name}-role").client("secretsmanager", endpoint_url=stack.aws)

    with pytest.raises(ClientError, match="not authorized to perform: secretsmanager:GetSecretValue"):
        vault.get_secret_value(SecretId="bk/drive/sa")


def test_drive_sync_reads_no_other_secret_and_of_the_deliveries_only_its_own_notes(stack: LocalStack) -> None:
    own = stack.session_of("bk-drive-sync-role")
    vault, tables = own.client("secretsmanager", endpoint_url=stack.aws), own.client("dynamodb", endpoint_url=stack.aws)

    assert "client_email" in vault.get_secret_value(SecretId="bk/drive/sa")["SecretString"]
    with pytest.raises(ClientError, match="not authorized"):
        vault.get_secret_value(SecretId="bk/slack/bot-token")
    assert "facts" in tables.get_item(TableName="bk-deliveries", Key=key("#sheet", "notes"))["Item"]
    with pytest.raises(ClientError, match="not authorized"):
        tables.get_item(TableName="bk-deliveries", Key=key("ana@example.com", "lease"))


def test_drive_sync_writes_the_mirrored_documents_and_nothing_else(stack: LocalStack) -> None:
    own = stack.session_of("bk-drive-sync-role")
    s3 = own.client("s3", endpoint_url=stack.aws)

    for bucket, name in ((stack.registry_bucket, "other.csv"), ("acme-backups", "jobs.csv")):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=bucket, Key=name, Body=b"")
    with pytest.raises(ClientError, match="not authorized to perform: events:PutEvents"):
        forge(own, stack)


def key(recipient: str, sk: str) -> dict[str, dict[str, str]]:
    return {"recipient": {"S": recipient}, "sk": {"S": sk}}


def forge(session: boto3.Session, stack: LocalStack) -> None:
    session.client("events", endpoint_url=stack.aws).put_events(
        Entries=[{"Source": "backup-sentinel", "DetailType": "bk.alert", "Detail": "{}"}]
    )
