"""The whole door of links as bk-ack-handler has it: its handler, wired from the environment, on AWS as moto plays it."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters import aws as our_aws
from bolt_app.adapters.dynamodb_standings import DynamoStandings
from tests.adapters.conftest import REGION, Table
from tests.flows.letter_box import PAT, request
from tests.unit.test_settings import ENVIRON
from workflows.backup.standing import Standing
from workflows.kernel.errors import Refused
from workflows.kernel.links import Action, Link, signed
from workflows.kernel.ports import Json

KEY = "a-key-of-this-test-which-is-long-enough"
NOW = datetime.now(UTC)


Door = tuple[Callable[[Json], Json], DynamoStandings]


@pytest.fixture
def door(aws: boto3.Session, dynamodb: DynamoDBClient, table: Table, monkeypatch: pytest.MonkeyPatch) -> Door:
    names = {"BK_STATE_TABLE": table("state"), "BK_AUDIT_TABLE": table("audit")}
    standings = DynamoStandings(dynamodb, state=names["BK_STATE_TABLE"], audit=names["BK_AUDIT_TABLE"])
    standings.save(
        Standing(
            job_id="orders-db",
            first_seen=NOW,
            since=NOW,
            state="alert",
            level="alert",
            break_id="b1",
            recipients=(PAT,),
            row={"name": "Orders database"},
        ),
        None,
    )
    for name, value in {**ENVIRON, **names, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    ssm = aws.client("ssm")
    for name, value in {"admin_owner": "ana@example.com", "team_id": "T012AB"}.items():
        ssm.put_parameter(Name=f"/bk/config/{name}", Value=value, Type="String", Overwrite=True)
    ssm.put_parameter(Name="/bk/config/link_key", Value=KEY, Type="SecureString", Overwrite=True)
    our_aws.session.cache_clear()
    module = importlib.import_module("bolt_app.lambdas.ack_handler")
    module._pages.cache_clear()  # noqa: SLF001 - one environment for each test
    return lambda event: module.handler(event, None), standings


def token(action: Action = "mute") -> str:
    link = Link(subject="orders-db", break_id="b1", action=action, person=PAT, expires=NOW + timedelta(days=1))
    return signed(link, [KEY])


def test_a_look_changes_nothing_and_a_click_acts(door: Door) -> None:
    handler, standings = door
    before = standings.get("orders-db")

    for method in ("HEAD", "GET"):
        assert handler(request(method, token()))["statusCode"] == 200
    assert standings.get("orders-db") == before

    answer = handler(request("POST", token(), {"token": token()}))
    assert answer["statusCode"] == 200
    after = standings.get("orders-db")
    assert after is not None
    assert after.muted
    [entry] = standings.history("orders-db", 9)
    assert (entry.action, entry.by) == ("mute", PAT)


def test_a_forged_link_is_not_found(door: Door) -> None:
    handler, _ = door

    assert handler(request("GET", "forged"))["statusCode"] == 404
    assert handler(request("POST", "forged", {"token": "forged"}))["statusCode"] == 404


def test_aws_that_does_not_answer_is_told_kindly(door: Door, aws: boto3.Session) -> None:
    handler, _ = door
    aws.client("ssm").delete_parameter(Name="/bk/config/link_key")
    answer = handler(request("GET", token()))

    assert answer["statusCode"] == 503
    assert "try again in a minute" in answer["body"]


def test_everything_else_is_slacks(door: Door) -> None:
    """Slack's front door is not made for it: whoever does not sign gets no further than that."""
    handler, _ = door
    importlib.import_module("bolt_app.lambdas.ack_handler")._front.cache_clear()  # noqa: SLF001 - the same

    with pytest.raises(Refused, match="slack/bot-token"):  # that side is wired now, and its secrets are not here
        handler(request("POST", "x") | {"rawPath": "/actions"})
