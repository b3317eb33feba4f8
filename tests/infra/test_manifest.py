"""The manifest as it is pasted into Slack: valid, and with the deployed address wherever Slack calls us."""

import json
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # ships no types of its own

from infra import manifest
from infra.manifest import MANIFEST, Unusable, filled_in, main, url_of_stack

URL = "https://abc123.lambda-url.ap-southeast-1.on.aws/"
SCHEMA = Path(__file__).parents[1] / "fixtures" / "slack" / "manifest.schema.2.0.0.json"
ASKED = json.loads(MANIFEST.read_text(encoding="utf-8"))


def test_slack_calls_the_deployed_address_for_everything() -> None:
    ready = filled_in(ASKED, URL)
    settings = ready["settings"]
    assert {row["url"] for row in ready["features"]["slash_commands"]} == {URL}
    assert (settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]) == (URL, URL)
    assert ".invalid" not in json.dumps(ready)
    assert Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).is_valid(ready)


def test_nothing_else_of_it_is_changed() -> None:
    ready = filled_in(ASKED, URL)
    without = json.dumps(ready).replace(URL, "X")
    assert without == json.dumps(ASKED).replace("https://replace-with-the-output-SlackUrl.invalid/", "X")


def test_an_address_without_a_slash_at_its_end_gets_one() -> None:
    assert filled_in(ASKED, URL.rstrip("/"))["settings"]["interactivity"]["request_url"] == URL


@pytest.mark.parametrize(
    "url", ["", "SlackUrl", "http://abc.on.aws/", "https://", "https://localhost/", "https://a:b@abc.on.aws/", "https://abc.on.aws/?a=1"]
)  # fmt: skip
def test_what_slack_could_not_call_is_refused_with_what_would_be_right(url: str) -> None:
    with pytest.raises(Unusable, match="SlackUrl"):
        filled_in(ASKED, url)


def test_the_address_that_is_to_be_filled_in_is_none() -> None:
    with pytest.raises(Unusable, match="to be filled in"):
        filled_in(ASKED, "https://replace-with-the-output-SlackUrl.invalid/")


def test_a_place_that_is_not_known_is_not_left_as_it_is() -> None:
    with pytest.raises(Unusable, match="not known here"):
        filled_in(ASKED | {"oauth_config": {"redirect_urls": ["https://x.invalid/"]}}, URL)


def test_it_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--url", URL]) == 0
    assert json.loads(capsys.readouterr().out) == filled_in(ASKED, URL)


def test_without_an_address_the_stack_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[str, str | None]] = []

    def ask(name: str, region: str | None) -> str:
        asked.append((name, region))
        return URL

    assert main(["--stack", "second", "--region", "eu-west-1"], ask) == 0
    assert asked == [("second", "eu-west-1")]
    assert URL in capsys.readouterr().out


def test_what_is_wrong_is_said_and_nothing_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--url", "x"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "https://" in said.err


@pytest.mark.parametrize(
    ("outputs", "says"),
    [([{"OutputKey": "SlackUrl", "OutputValue": URL}], ""), ([], "has no output SlackUrl"), (None, "cannot be asked")],
)
def test_the_stack_says_its_address_or_why_not(
    monkeypatch: pytest.MonkeyPatch, outputs: list[dict[str, str]] | None, says: str
) -> None:
    client = boto3.client("cloudformation", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106 - opens nothing
    monkeypatch.setattr(boto3.Session, "client", lambda *_, **__: client)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with Stubber(client) as stub:
        if outputs is None:
            stub.add_client_error("describe_stacks", "ValidationError", "Stack with id backup-sentinel does not exist")
        else:
            stack = {
                "StackName": "x",
                "CreationTime": "2026-11-21T00:00:00Z",
                "StackStatus": "CREATE_COMPLETE",
                "Outputs": outputs,
            }
            stub.add_response("describe_stacks", {"Stacks": [stack]})
        if not says:
            assert url_of_stack(manifest.STACK, None) == URL
            return
        with pytest.raises(Unusable, match=says):
            url_of_stack(manifest.STACK, None)
