"""A list too long for one check: shared out by the deployed checker to itself, looked at in shards, and counted once."""

import json
from collections.abc import Iterator

import pytest

from infra.local.stack import STACK
from tests.e2e.local_stack import LocalStack
from tests.e2e.test_self_watch import counted
from tests.e2e.waiting import state_of, until

pytestmark = pytest.mark.e2e

HEADER = "job_id,name,owner_email,target,layout,schedule,window,min_size,critical\n"
JOBS = [f"shelf-{number}" for number in range(5)]


@pytest.fixture
def small_checks(stack: LocalStack) -> Iterator[LocalStack]:
    """Five jobs that were looked at by one check; from now on one check looks at two."""
    for name in JOBS:
        stack.s3.put_object(Bucket="acme-backups", Key=f"{name}/one.dump", Body=b"x" * 1000)
    rows = "".join(f"{name},{name},sam@example.com,s3://acme-backups/{name}/,files,,26h,,no\n" for name in JOBS)
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=(HEADER + rows).encode())
    until(20, lambda: all(state_of(stack, name) == "all_green" for name in JOBS), "the rows are looked at")
    assert handed_out(stack) == 0
    assert source_state(stack) == "Disabled"
    deploy(stack, jobs_per_check=2)
    yield stack
    deploy(stack, jobs_per_check=5000)


def deploy(stack: LocalStack, *, jobs_per_check: int) -> None:
    """The same stack, with another number."""
    cloud = stack.session.client("cloudformation", endpoint_url=stack.aws)
    kept = cloud.describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    names = {one["ParameterKey"] for one in kept} - {"JobsPerCheck"}
    cloud.update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Parameters=[
            *({"ParameterKey": name, "UsePreviousValue": True} for name in sorted(names)),
            {"ParameterKey": "JobsPerCheck", "ParameterValue": str(jobs_per_check)},
        ],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )

    def told() -> bool:
        settings = stack.functions.get_function_configuration(FunctionName="bk-checker")["Environment"]["Variables"]
        return settings["BK_JOBS_PER_CHECK"] == str(jobs_per_check)

    until(20, told, "the checker is told the other number")


def handed_out(stack: LocalStack) -> int:
    sent = [one for one in stack.decisions() if one["action"] == "sqs:SendMessage" and "/bk-checker-role/" in one["principal"]]
    return sum(one["resource"].endswith(":bk-check-shards") for one in sent)


def source_state(stack: LocalStack) -> str:
    queue = f"arn:aws:sqs:{stack.region}:{stack.account}:bk-check-shards"
    [source] = stack.functions.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]
    return source["State"]


def test_a_long_list_is_looked_at_in_shards_and_the_run_is_counted_once(small_checks: LocalStack) -> None:
    stack = small_checks
    fleet = {"job_id": {"S": "#fleet"}}

    def fast_at() -> str:
        item = stack.dynamodb.get_item(TableName="bk-state", Key=fleet, ConsistentRead=True)["Item"]
        return str(json.loads(item["facts"]["S"])["fast_at"])

    before, stamp = len(counted(stack, "bk-checker", "FastRunCompleted")), fast_at()
    stack.s3.delete_object(Bucket="acme-backups", Key=f"{JOBS[4]}/one.dump")
    stack.s3.put_object(Bucket="acme-backups", Key=f"{JOBS[4]}/two.dump", Body=b"x")

    answer = json.load(
        stack.functions.invoke(FunctionName="bk-checker", Payload=json.dumps({"mode": "fast"}).encode())["Payload"]
    )

    assert answer == {"mode": "fast", "looked": 0, "changed": 0, "complete": False}  # the shards do all of it
    assert handed_out(stack) == 3
    assert source_state(stack) == "Enabled"
    until(15, lambda: len(counted(stack, "bk-checker", "FastRunCompleted")) > before, "the run is counted")
    assert fast_at() > stamp
    until(5, lambda: len(left(stack)) == 0, "the run is closed")
    assert len(counted(stack, "bk-checker", "FastRunCompleted")) == before + 1


def left(stack: LocalStack) -> set[str]:
    item = stack.dynamodb.get_item(TableName="bk-state", Key={"job_id": {"S": "#runs-fast"}}, ConsistentRead=True)["Item"]
    return item.keys() - {"job_id"}
