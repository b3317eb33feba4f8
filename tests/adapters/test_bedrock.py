"""The model behind Bedrock's Converse: what is asked, and how each way of failing is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from bolt_app.adapters import aws
from bolt_app.adapters.bedrock import Bedrock
from bolt_app.adapters.memory.model import MemoryModel
from tests.adapters.conftest import REGION
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.model import Form, Model

MODEL_ID = "global.anthropic.claude-haiku-4-5-20251001-v1:0"
FORM = Form(name="record", purpose="Records it.", schema={"type": "object", "properties": {"done": {"type": "boolean"}}})
FILLED = {"done": True, "runs": [{"size": "3 GB", "n": 1.5}]}


def tool_use(name: str = "record", filled: Any = None) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": "t1", "name": name, "input": FILLED if filled is None else filled}}


def answer(*blocks: dict[str, Any], stop: str = "tool_use") -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": list(blocks)}},
        "stopReason": stop,
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }


@contextmanager
def bedrock() -> Iterator[tuple[Bedrock, Stubber]]:
    client = boto3.client("bedrock-runtime", region_name=REGION)
    with Stubber(client) as stub:
        yield Bedrock(lambda: client, model_id=MODEL_ID), stub
        stub.assert_no_pending_responses()


def ask(model: Model) -> Any:
    return model.ask("Fill it in.", "the mail", FORM)


def test_one_forced_tool_is_offered_and_the_mail_is_data_beside_the_instructions() -> None:
    asked = {
        "modelId": MODEL_ID,
        "system": [{"text": "Fill it in."}],
        "messages": [{"role": "user", "content": [{"text": "the mail"}]}],
        "inferenceConfig": {"maxTokens": 4096, "temperature": 0},
        "toolConfig": {
            "tools": [{"toolSpec": {"name": "record", "description": "Records it.", "inputSchema": {"json": FORM.schema}}}],
            "toolChoice": {"tool": {"name": "record"}},
        },
    }
    with bedrock() as (model, stub):
        stub.add_response("converse", answer({"text": "Here."}, tool_use()), asked)
        assert ask(model) == FILLED


def test_both_models_hand_the_filled_in_form_over_and_raise_what_went_wrong() -> None:
    memory = MemoryModel([FILLED, Refused("content_filtered")])
    with bedrock() as (model, stub):
        stub.add_response("converse", answer(tool_use()))
        stub.add_response("converse", answer(stop="content_filtered"))
        for one in (memory, model):
            assert ask(one) == FILLED
            with pytest.raises(Refused, match="content_filtered"):
                ask(one)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answer({"text": "I cannot help with that."}, stop="end_turn"), "end_turn"),
        (answer(tool_use(), stop="max_tokens"), "max_tokens"),
        (answer(tool_use("other")), "tool_use"),
        (answer(stop="guardrail_intervened"), "guardrail_intervened"),
        (answer(stop="malformed_tool_use"), "malformed_tool_use"),
    ],
)
def test_an_answer_without_our_form_whole_is_a_refusal(said: dict[str, Any], reason: str) -> None:
    with bedrock() as (model, stub):
        stub.add_response("converse", said)
        with pytest.raises(Refused) as refused:
            ask(model)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 429, RateLimited),
        ("ServiceQuotaExceededException", 400, RateLimited),
        ("ModelNotReadyException", 429, RateLimited),
        ("ServiceUnavailableException", 503, Unanswered),
        ("InternalServerException", 500, Unanswered),
        ("ModelTimeoutException", 408, Unanswered),
        ("ModelErrorException", 424, Unanswered),
        ("AccessDeniedException", 403, Refused),
        ("ValidationException", 400, Refused),
        ("ResourceNotFoundException", 404, Refused),
    ],
)
def test_each_error_is_told_in_our_words(code: str, status: int, kind: type[OutsideError]) -> None:
    with bedrock() as (model, stub):
        stub.add_client_error("converse", code, http_status_code=status)
        with pytest.raises(kind):
            ask(model)


@pytest.mark.usefixtures("aws")
def test_a_model_that_takes_too_long_is_unanswered() -> None:
    once = Config(retries={"total_max_attempts": 1})
    client = boto3.client("bedrock-runtime", region_name=REGION, config=once)

    def silent(request: AWSPreparedRequest, **_: object) -> None:
        raise ReadTimeoutError(endpoint_url=request.url)

    client.meta.events.register("before-send.bedrock-runtime.Converse", silent)
    with pytest.raises(Unanswered, match="ReadTimeoutError"):
        ask(Bedrock(lambda: client, model_id=MODEL_ID))


def test_the_model_is_given_time_and_asked_once_for_its_caller_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    config: Any = aws.client("bedrock-runtime", patience_seconds=20).meta.config
    assert (config.read_timeout, config.retries["total_max_attempts"]) == (20, 1)
    usual: Any = aws.client("s3").meta.config
    assert (usual.read_timeout, usual.retries["total_max_attempts"]) == (5, 3)
