"""One process of bk-heartbeat under load: `python -m bench.heartbeat_worker FORM COUNT`.

With AWS_ENDPOINT_URL set, what it needs of AWS comes from there, else from the process itself by botocore's `before-send`. It
prints a line when it is ready, starts when it reads one, and prints what it took, as JSON.
"""

import io
import json
import os
import sys
import time
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from bench.heartbeat_stub import ANSWERS, MASTER, headers_of
from bolt_app.adapters import aws
from bolt_app.lambdas.heartbeat import handler
from workflows.backup.heartbeat import Keys, sign
from workflows.kernel.ports import Json

JOBS = 200
WARM_UP = 200
KEYS = Keys(master=MASTER)


class Body(io.BytesIO):
    """A response's body, as urllib3 has one."""

    def stream(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - urllib3's signature
        yield self.getvalue()


def answer_in_process(event_name: str, request: AWSPreparedRequest, **_: object) -> Any:  # noqa: ANN401 - taken as it is
    body = ANSWERS[event_name.rpartition(".")[2]]
    headers = HTTPHeaders()
    for name, value in headers_of(body).items():
        headers[name] = value
    return AWSResponse(request.url, 200, headers, Body(body))


def signed(number: int) -> Json:
    job_id, body, seconds = f"job-{number % JOBS:03}", f'{{"status": "ok", "size": {number}}}', int(time.time())
    headers = {"x-backup-timestamp": str(seconds), "x-backup-signature": sign(KEYS.of(job_id), seconds, job_id, body)}
    return request(f"/{job_id}", body, number, headers)


def by_address(number: int) -> Json:
    job_id = f"job-{number % JOBS:03}"
    return request(f"/{KEYS.path_of(job_id)}/{job_id}", "archiving\ndone\n" * 20, number, {})


def request(path: str, body: str, number: int, headers: dict[str, str]) -> Json:
    """As a Function URL hands it over."""
    http = {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"}
    common = {"accept": "*/*", "user-agent": "curl/8.5.0", "host": "abc.lambda-url.ap-southeast-1.on.aws"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": common | headers,
        "requestContext": {"http": http, "requestId": f"7a1c9f0e-0000-4000-8000-{number:012}"},
        "body": body,
        "isBase64Encoded": False,
    }


FORMS = {"signed": signed, "by_address": by_address}


def main() -> None:
    form, count = FORMS[sys.argv[1]], int(sys.argv[2])
    if "AWS_ENDPOINT_URL" not in os.environ:
        aws.session().events.register("before-send", answer_in_process)
    for number in range(WARM_UP):
        take(form(number))
    requests = [form(number) for number in range(count)]
    print("ready", flush=True)
    sys.stdin.readline()

    began = time.time()
    took = sorted(take(one) for one in requests)
    print(json.dumps({"began": began, "ended": time.time(), "p50": took[count // 2], "p99": took[count * 99 // 100]}))


def take(event: Json) -> float:
    """Seconds that one check-in took. It stops at an answer that is not the right one."""
    began = time.perf_counter()
    answer = handler(event, None)
    took = time.perf_counter() - began
    if answer["statusCode"] != 200:
        raise SystemExit(f"answered {answer}")
    return took


if __name__ == "__main__":
    main()
