"""The model: Bedrock's Converse with one forced tool, so that the answer is a filled-in form and nothing else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.model import Form
from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_bedrock_runtime.type_defs import ConverseResponseTypeDef

TOKENS_MAX = 4096
THROTTLED = frozenset({"ThrottlingException", "ServiceQuotaExceededException", "ModelNotReadyException"})
PASSING = frozenset({"ModelTimeoutException", "ModelErrorException"})
AGAIN_SECONDS = 60.0


class Bedrock:
    """Implements `Model`.

    Args:
        client: makes the client when the model is first needed: most mails never need it.
        model_id: of an inference profile or a model.
    """

    def __init__(self, client: "Callable[[], BedrockRuntimeClient]", *, model_id: str) -> None:
        self._make = client
        self._model_id = model_id
        self._client: BedrockRuntimeClient | None = None

    def ask(self, instructions: str, text: str, form: Form) -> Json:
        if self._client is None:
            self._client = self._make()
        with translated():
            try:
                answer = self._client.converse(**self._request(instructions, text, form))
            except ClientError as error:
                if code_of(error) in THROTTLED:
                    raise RateLimited(AGAIN_SECONDS) from error
                if code_of(error) in PASSING:
                    raise Unanswered(code_of(error), str(error)) from error
                raise
        return _filled_in(answer, form.name)

    def _request(self, instructions: str, text: str, form: Form) -> Any:  # noqa: ANN401 - the stubs nest it ten types deep
        tool = {"name": form.name, "description": form.purpose, "inputSchema": {"json": form.schema}}
        return {
            "modelId": self._model_id,
            "system": [{"text": instructions}],
            "messages": [{"role": "user", "content": [{"text": text}]}],
            "inferenceConfig": {"maxTokens": TOKENS_MAX, "temperature": 0},
            "toolConfig": {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": form.name}}},
        }


def _filled_in(answer: "ConverseResponseTypeDef", name: str) -> Json:
    """The input of the call to our tool. An answer that was cut off holds half a form: worse than none."""
    if answer["stopReason"] == "max_tokens":
        raise Refused("max_tokens", f"the answer is longer than {TOKENS_MAX} tokens")
    for block in answer["output"].get("message", {}).get("content", ()):
        call = block.get("toolUse")
        if call and call["name"] == name and isinstance(call["input"], dict):
            return call["input"]
    raise Refused(answer["stopReason"], "the model filled in no form")
