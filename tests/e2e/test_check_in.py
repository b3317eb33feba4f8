"""A signed check-in on the local stack, with the roles enforced."""

import json
import time
import urllib.error
import urllib.request

import pytest

from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import state_of, until
from workflows.backup.heartbeat import derive_key, sign

pytestmark = pytest.mark.e2e

ROW = "job_id,name,owner_email,target,window\nnas-sync,NAS sync,kim@example.com,heartbeat,2h\n"


def check_in(stack: LocalStack, key: str, body: str, *, at: int | None = None) -> tuple[int, dict[str, object]]:
    timestamp = str(at or int(time.time()))
    request = urllib.request.Request(  # noqa: S310 - an address of our own
        f"{stack.heartbeat_url}nas-sync",
        data=body.encode(),
        headers={
            "content-type": "application/json",
            "x-backup-timestamp": timestamp,
            "x-backup-signature": sign(key, int(timestamp), "nas-sync", body.encode()),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - an address of our own
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


@pytest.fixture(scope="module")
def key(stack: LocalStack) -> str:
    vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
    keys = json.loads(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])
    return derive_key(keys["master"], 1, "nas-sync")


def test_a_signed_check_in_counts_once_and_is_seen_within_seconds(stack: LocalStack, key: str) -> None:
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=ROW.encode())
    until(20, lambda: state_of(stack, "nas-sync") == "waiting", "the job waits for its first run")

    now = int(time.time())
    assert check_in(stack, key, '{"size": "1.2 GB"}', at=now) == (200, {"recorded": True, "status": "ok", "size": 1_200_000_000})
    assert check_in(stack, key, '{"size": "1.2 GB"}', at=now)[1]["recorded"] is False
    until(10, lambda: state_of(stack, "nas-sync") == "all_green", "the check-in is seen")

    assert check_in(stack, key, '{"status": "failed", "note": "disk full"}')[0] == 200
    until(10, lambda: state_of(stack, "nas-sync") == "alert", "the failure is seen")


def test_a_wrong_key_and_an_old_time_are_refused(stack: LocalStack, key: str) -> None:
    assert check_in(stack, "0" * 64, "{}")[0] == 401
    assert check_in(stack, key, "{}", at=int(time.time()) - 600)[0] == 401
