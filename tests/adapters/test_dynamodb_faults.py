"""What DynamoDB may answer besides yes: unfinished batches, pages, throttling, faults, lost answers, items nobody can read."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError, ParamValidationError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from botocore.stub import ANY, Stubber
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.aws import client as real_client
from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_calls import batch_get
from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
from bolt_app.adapters.dynamodb_standings import DynamoStandings
from bolt_app.adapters.dynamodb_values import text
from bolt_app.adapters.standing_item import item_of
from tests.adapters.conftest import REGION, Table
from workflows.backup.ports import CheckIn
from workflows.backup.standing import Standing
from workflows.kernel.errors import Conflict, OutsideError, Refused, Unanswered
from workflows.kernel.ports import AuditEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STANDING = Standing(job_id="orders-db", first_seen=NOON, since=NOON)
ENTRY = AuditEntry(subject="orders-db", at=NOON, action="checked", by="checker")
CHECK_IN = CheckIn(job_id="orders-db", sk="2026-03-01T12:00:00Z#sig", at=NOON, source="heartbeat", outcome="ok")


@pytest.fixture
def client() -> DynamoDBClient:
    return boto3.client("dynamodb", region_name=REGION, config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def standings(client: DynamoDBClient) -> DynamoStandings:
    return DynamoStandings(client, state="bk-state", audit="bk-audit")


def cancel(stub: Stubber, *reasons: str) -> None:
    answer: Any = {"CancellationReasons": [{"Code": reason} for reason in reasons]}
    stub.add_client_error("transact_write_items", "TransactionCanceledException", http_status_code=400, modeled_fields=answer)


@pytest.mark.parametrize(
    ("reasons", "meant"),
    [
        (("ConditionalCheckFailed", "None"), Conflict),
        (("None", "ConditionalCheckFailed"), Conflict),
        (("TransactionConflict", "None"), Conflict),
        (("ThrottlingError", "None"), Unanswered),
        (("None", "ProvisionedThroughputExceeded"), Unanswered),
        (("ItemCollectionSizeLimitExceeded", "None"), Refused),
        (("ValidationError", "None"), Refused),
    ],
)
def test_a_cancelled_save_says_whether_someone_else_wrote_first(
    client: DynamoDBClient, standings: DynamoStandings, reasons: tuple[str, ...], meant: type[OutsideError]
) -> None:
    with Stubber(client) as stub:
        cancel(stub, *reasons)
        with pytest.raises(meant):
            standings.save(STANDING, ENTRY)


@pytest.mark.parametrize(
    ("code", "status", "meant"),
    [
        ("AccessDeniedException", 400, Refused),
        ("ResourceNotFoundException", 400, Refused),
        ("ValidationException", 400, Refused),
        ("ProvisionedThroughputExceededException", 400, Unanswered),
        ("ThrottlingException", 400, Unanswered),
        ("TransactionConflictException", 400, Unanswered),  # a plain write beside a transaction
        ("TransactionInProgressException", 400, Unanswered),
        ("InternalServerError", 500, Unanswered),
        ("SomethingNew", 503, Unanswered),
    ],
)
def test_every_refusal_says_whether_trying_again_can_help(
    client: DynamoDBClient, standings: DynamoStandings, code: str, status: int, meant: type[OutsideError]
) -> None:
    calls: dict[str, Callable[[], object]] = {
        "get_item": lambda: standings.get("orders-db"),
        "batch_get_item": lambda: standings.get_many(["orders-db"]),
        "query": lambda: standings.due(NOON),
        "scan": standings.every,
        "transact_write_items": lambda: standings.save(STANDING, ENTRY),
    }
    for operation, call in calls.items():
        with Stubber(client) as stub:
            stub.add_client_error(operation, code, http_status_code=status)
            with pytest.raises(meant) as raised:
                call()
        assert raised.value.reason == code
        assert raised.value.permanent == (meant is Refused)


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (ReadTimeoutError(endpoint_url="https://d"), Unanswered),
        (ConnectTimeoutError(endpoint_url="https://d"), Unanswered),
        (ResponseParserError("half an answer"), Unanswered),
        (NoCredentialsError(), Refused),
        (ParamValidationError(report="Key"), Refused),
    ],
)
def test_an_answer_that_never_came_is_told_from_a_request_that_was_never_sent(
    error: Exception, meant: type[OutsideError]
) -> None:
    with pytest.raises(meant) as raised, translated():
        raise error
    assert raised.value.reason == type(error).__name__
    assert raised.value.__cause__ is error


def test_an_error_of_our_own_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        _ = 1 // 0


def saved_with_token(client: DynamoDBClient, standings: DynamoStandings, standing: Standing, entry: AuditEntry) -> str:
    sent: list[Any] = []
    client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", lambda params, **_: sent.append(params))
    with Stubber(client) as stub:
        stub.add_response("transact_write_items", {}, {"TransactItems": ANY, "ClientRequestToken": ANY})
        standings.save(standing, entry)
    return str(sent[-1]["ClientRequestToken"])


def test_the_same_save_carries_the_same_token_so_that_a_lost_answer_makes_no_conflict(
    client: DynamoDBClient, standings: DynamoStandings
) -> None:
    token = saved_with_token(client, standings, STANDING, ENTRY)
    assert saved_with_token(client, standings, replace(STANDING), replace(ENTRY)) == token
    others = {
        saved_with_token(client, standings, replace(STANDING, rev=1), ENTRY),
        saved_with_token(client, standings, replace(STANDING, say=1), ENTRY),
        saved_with_token(client, standings, STANDING, replace(ENTRY, by="U1")),
    }
    assert len(others | {token}) == 4
    assert len(token) <= 36


def test_a_save_is_one_transaction_of_an_update_with_its_condition_and_a_new_audit_row(
    client: DynamoDBClient, standings: DynamoStandings
) -> None:
    sent: list[Any] = []
    client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", lambda params, **_: sent.append(params))
    with Stubber(client) as stub:
        stub.add_response("transact_write_items", {}, {"TransactItems": ANY, "ClientRequestToken": ANY})
        standings.save(replace(STANDING, rev=4), ENTRY, break_id="b1")
    update, put = sent[0]["TransactItems"]
    assert update["Update"]["ConditionExpression"] == "rev = :rev AND #break_id = :break"
    assert put["Put"]["ConditionExpression"] == "attribute_not_exists(job_id)"
    assert put["Put"]["Item"]["ts"] == {"S": "2026-03-01T12:00:00.000000Z#00000005"}
    assert put["Put"]["Item"]["day"] == {"S": "2026-03-01"}


def test_keys_that_a_batch_left_undone_are_asked_for_again(client: DynamoDBClient) -> None:
    first, second = ({"job_id": text(name)} for name in ("a", "b"))
    pauses: list[float] = []
    with Stubber(client) as stub:
        undone = {"t": {"Keys": [second]}}
        stub.add_response("batch_get_item", {"Responses": {"t": [first]}, "UnprocessedKeys": undone}, {"RequestItems": ANY})
        stub.add_response("batch_get_item", {"Responses": {"t": [second]}}, {"RequestItems": undone})
        assert list(batch_get(client, "t", [first, second], pause=pauses.append)) == [first, second]
        stub.assert_no_pending_responses()
    assert len(pauses) == 1


def test_a_batch_that_never_ends_is_given_up(client: DynamoDBClient) -> None:
    key = {"job_id": text("a")}
    with Stubber(client) as stub:
        for _ in range(5):
            stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": {"t": {"Keys": [key]}}})
        with pytest.raises(Unanswered, match="t left 1 keys undone in 5 tries"):
            list(batch_get(client, "t", [key], pause=lambda _: None))
        stub.assert_no_pending_responses()


def test_an_index_is_read_page_after_page(client: DynamoDBClient, standings: DynamoStandings) -> None:
    last = {"job_id": {"S": "a"}, "fleet": {"S": "bk"}, "due": {"S": "2026"}}
    with Stubber(client) as stub:
        stub.add_response("query", {"Items": [{"job_id": {"S": "a"}}], "LastEvaluatedKey": last})
        stub.add_response("query", {"Items": [{"job_id": {"S": "b"}}]})
        assert standings.due(NOON) == ["a", "b"]
        stub.assert_no_pending_responses()


def test_an_item_that_nobody_can_read_harms_no_other_job(
    client: DynamoDBClient, standings: DynamoStandings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"job_id": {"S": "nas"}, "since": {"S": "yesterday"}}
    with Stubber(client) as stub, caplog.at_level(logging.ERROR):
        stub.add_response("batch_get_item", {"Responses": {"bk-state": [broken, item_of(STANDING)]}})
        assert standings.get_many(["nas", "orders-db"]) == {"orders-db": STANDING}
        stub.add_response("get_item", {"Item": broken})
        with pytest.raises(Refused, match="UnreadableItem: nas: ValueError"):
            standings.get("nas")
    assert "UnreadableItem: nas" in caplog.text


def test_a_check_in_that_meets_others_on_its_way_is_tried_again(client: DynamoDBClient) -> None:
    pauses: list[float] = []
    check_ins = DynamoCheckIns(client, table="bk-heartbeats", pause=pauses.append)
    with Stubber(client) as stub:
        cancel(stub, "None", "TransactionConflict")
        cancel(stub, "None", "ConditionalCheckFailed")
        stub.add_response("transact_write_items", {})
        assert check_ins.record(CHECK_IN, now=NOON)
        stub.assert_no_pending_responses()
    assert len(pauses) == 1


def test_a_check_in_that_finds_no_gap_is_unanswered_so_that_its_sender_tries_again(client: DynamoDBClient) -> None:
    check_ins = DynamoCheckIns(client, table="bk-heartbeats", pause=lambda _: None)
    with Stubber(client) as stub:
        for _ in range(6):
            cancel(stub, "None", "TransactionConflict")
        with pytest.raises(Unanswered, match="orders-db is being written to by others"):
            check_ins.record(CHECK_IN, now=NOON)


def test_a_throttled_check_in_is_unanswered(client: DynamoDBClient) -> None:
    with Stubber(client) as stub:
        cancel(stub, "ThrottlingError", "None")
        with pytest.raises(Unanswered, match="ThrottlingError"):
            DynamoCheckIns(client, table="bk-heartbeats").record(CHECK_IN, now=NOON)


def test_what_was_seen_last_never_goes_back_though_its_key_moves(dynamodb: DynamoDBClient, table: Table) -> None:
    name = table("heartbeats")
    check_ins = DynamoCheckIns(dynamodb, table=name)
    check_ins.record(CHECK_IN, now=NOON)
    check_ins.record(replace(CHECK_IN, sk="2026-03-01T11:59:00Z#sig"), now=NOON.replace(hour=11))
    latest = dynamodb.get_item(TableName=name, Key={"job_id": {"S": "orders-db"}, "ts": {"S": "latest"}})["Item"]
    assert latest["seen_at"] == {"S": "2026-03-01T12:00:00.000000Z"}
    assert latest["sk"] == {"S": "2026-03-01T11:59:00Z#sig"}
    assert "expires" not in latest


def test_a_check_in_expires_ninety_days_after_it_came(dynamodb: DynamoDBClient, table: Table) -> None:
    name = table("heartbeats")
    DynamoCheckIns(dynamodb, table=name).record(CHECK_IN, now=NOON)
    item = dynamodb.get_item(TableName=name, Key={"job_id": {"S": "orders-db"}, "ts": {"S": CHECK_IN.sk}})["Item"]
    assert int(item["expires"]["N"]) - NOON.timestamp() == 90 * 86400


def test_a_client_gives_up_soon_and_making_it_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    config = real_client("dynamodb", connections=3).meta.config
    waits: Any = config
    assert (waits.connect_timeout, waits.read_timeout, waits.max_pool_connections) == (2, 5, 3)
    assert waits.retries == {"mode": "standard", "total_max_attempts": 3}
