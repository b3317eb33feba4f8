"""One process of bk-ack-handler: `python -m bench.click_worker ITEM COUNT`, with SLACK_API_URL where Slack is played.

What AWS would answer comes from the process itself; prints, as JSON, the milliseconds of CPU from the start of the process to the
answer of its first click, and of each click after it.
"""

import io
import json
import sys
import time
from collections import Counter
from types import SimpleNamespace
from typing import Any

SECRET = "bench"
CONTEXT = SimpleNamespace(function_name="bk-ack-handler", invoked_function_arn="arn:aws:lambda:x:1:function:bk-ack-handler")


asked: Counter[str] = Counter()


def main() -> None:
    item, count = sys.argv[1], int(sys.argv[2])

    from bench.click_request import click
    from bolt_app.adapters import aws
    from bolt_app.lambdas.ack_handler import handler

    aws.session().events.register("before-send", answering(item))
    first = click("mark_fixed", SECRET)
    took(handler, first)
    cold_ms = 1000 * time.process_time()
    warm = [1000 * took(handler, click("mark_fixed", SECRET)) for _ in range(count)]
    if asked["TransactWriteItems"] != count + 1:
        raise SystemExit(f"not every click was written down: {dict(asked)}")
    print(json.dumps({"cold": cold_ms, "warm": sorted(warm)}))


def took(handler: Any, event: Any) -> float:  # noqa: ANN401 - the deployed handler, and a request as AWS hands it over
    """Seconds of CPU that one click took. It stops at an answer that is not the right one."""
    began = time.process_time()
    answer = handler(event, CONTEXT)
    ended = time.process_time()
    if answer["statusCode"] != 200:
        raise SystemExit(f"answered {answer}")
    return ended - began


def answering(item: str) -> Any:  # noqa: ANN401 - what botocore calls before it would send
    from zlib import crc32

    from bench.heartbeat_stub import ANSWERS

    answers = ANSWERS | {"GetItem": b'{"Item":%s}' % item.encode(), "GetSecretValue": b'{"SecretString":"%s"}' % SECRET.encode()}
    two = b'{"FailedEntryCount":0,"Entries":[{"EventId":"1"},{"EventId":"2"}]}'
    answers["PutEvents"] = two

    class Body(io.BytesIO):
        def stream(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - urllib3's signature
            yield self.getvalue()

    def answer(event_name: str, request: Any, **_: object) -> Any:  # noqa: ANN401 - taken as it is
        from botocore.awsrequest import AWSResponse
        from botocore.compat import HTTPHeaders

        operation = event_name.rpartition(".")[2]
        asked[operation] += 1
        body = answers[operation]
        headers = HTTPHeaders()
        headers["content-type"] = "application/x-amz-json-1.0"
        headers["x-amz-crc32"] = str(crc32(body))
        return AWSResponse(request.url, 200, headers, Body(body))

    return answer


if __name__ == "__main__":
    main()
