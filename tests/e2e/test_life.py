"""The life of a deployment: from nothing, changed in place, stopped and started, beside another, removed, and deployed again."""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra import adopt, pause
from infra.local.stack import REGION, ROOT, DeploymentError, deploy, read_template, zip_source
from tests.e2e.bare_aws import Account, bare_aws
from tests.e2e.waiting import until

pytestmark = pytest.mark.e2e
CHOSEN = {"WatchedBuckets": "acme", "AdminOwner": "ana@example.com", "TeamId": "T0LOCAL", "AlarmEmail": "ana@example.com"}
TABLES = ("audit", "deliveries", "heartbeats", "proposals", "state")
BUCKETS = ("raw-mime", "registry-source", "rules-source")
PROVIDER = "AWS::IAM::OIDCProvider"
SECRETS = ("drive/sa", "heartbeat/keys", "slack/bot-token", "slack/signing-secret")


def put_up(account: Account, *, stack: str = "backup-sentinel", source: bytes = b"", **chosen: str) -> dict[str, str]:
    return deploy(account.session, account=account.id, parameters=CHOSEN | chosen, stack=stack, source=source)


def take_down(account: Account, stack: str = "backup-sentinel") -> None:
    cloud = account.client("cloudformation")
    cloud.delete_stack(StackName=stack)
    cloud.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def resources(account: Account) -> dict[str, str]:
    """What the stack is made of: what each is called in the template, and what here."""
    pages = account.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName="backup-sentinel")
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for page in pages for one in page["StackResourceSummaries"]}


def inventory(account: Account) -> dict[str, list[str]]:
    """All that is in the account, service by service; but not what the local AWS brings itself."""
    ask = account.client
    found = {
        "functions": [one["FunctionName"] for one in ask("lambda").list_functions()["Functions"]],
        "queue mappings": [one["UUID"] for one in ask("lambda").list_event_source_mappings()["EventSourceMappings"]],
        "logs": [one["logGroupName"] for one in ask("logs").describe_log_groups()["logGroups"]],
        "schedules": [one["Name"] for one in ask("scheduler").list_schedules()["Schedules"]],
        "schedule groups": [one["Name"] for one in ask("scheduler").list_schedule_groups()["ScheduleGroups"]],
        "rules": [one["Name"] for one in ask("events").list_rules()["Rules"]],
        "queues": [url.rpartition("/")[2] for url in ask("sqs").list_queues().get("QueueUrls", [])],
        "topics": [one["TopicArn"] for one in ask("sns").list_topics()["Topics"]],
        "alarms": [one["AlarmName"] for one in ask("cloudwatch").describe_alarms()["MetricAlarms"]],
        "roles": [one["RoleName"] for one in ask("iam").list_roles()["Roles"]],
        "parameters": [one["Name"] for one in ask("ssm").describe_parameters()["Parameters"]],
        "tables": ask("dynamodb").list_tables()["TableNames"],
        "buckets": [one["Name"] for one in ask("s3").list_buckets()["Buckets"]],
        "secrets": [one["Name"] for one in ask("secretsmanager").list_secrets()["SecretList"]],
    }
    return {service: sorted(names) for service, names in found.items()}


def added(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    more = {service: sorted(set(names) - set(before[service])) for service, names in after.items()}
    return {service: names for service, names in more.items() if names}


def put_something_in(account: Account) -> None:
    """What holds data, some of it, and not before the check that new rules start is over."""
    checks = _runs(account, "bk-checker")
    account.client("dynamodb").put_item(TableName="bk-state", Item={"job_id": {"S": "orders-db"}, "say": {"N": "7"}})
    account.client("s3").put_object(Bucket=f"bk-rules-source-{account.id}", Key="rules.txt", Body=b"# ours\n")
    account.client("secretsmanager").put_secret_value(SecretId="bk/slack/bot-token", SecretString="xoxb-ours")
    until(20, lambda: _runs(account, "bk-checker") > checks, "the new rules are looked at")


def still_there(account: Account) -> bool:
    item = account.client("dynamodb").get_item(TableName="bk-state", Key={"job_id": {"S": "orders-db"}}).get("Item", {})
    rules = account.client("s3").get_object(Bucket=f"bk-rules-source-{account.id}", Key="rules.txt")["Body"].read()
    token = account.client("secretsmanager").get_secret_value(SecretId="bk/slack/bot-token")["SecretString"]
    return (item.get("say"), rules, token) == ({"N": "7"}, b"# ours\n", "xoxb-ours")


def it_runs(account: Account) -> bool:
    """The checker starts, finds its settings and its tables, and has nothing to do."""
    return "FunctionError" not in account.client("lambda").invoke(FunctionName="bk-checker", Payload=b'{"mode":"due"}')


def can_list(account: Account, bucket: str) -> str:
    """ "" or why the checker cannot, with its own role."""
    asked = json.dumps({"mode": "access", "buckets": [bucket]}).encode()
    told = json.load(account.client("lambda").invoke(FunctionName="bk-checker", Payload=asked)["Payload"])
    return str(told["buckets"][bucket])


def side_stack(account: Account, name: str, told: dict[str, str], *, without: tuple[str, ...] = ()) -> str:
    """Deploys a stack that stands beside the core; `without` are types that the local AWS does not know, nor any DKIM record."""
    template = read_template(ROOT / "infra" / f"{name}.yaml")
    template["Resources"] = {key: one for key, one in template["Resources"].items() if one["Type"] not in without}
    template["Outputs"] = {
        key: one for key, one in template["Outputs"].items() if not re.search("InboundRules|Dkim", json.dumps(one))
    }
    cloud = account.client("cloudformation")
    cloud.create_stack(
        StackName=f"backup-sentinel-{name}",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in told.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )

    def settled() -> str | None:
        status: str = cloud.describe_stacks(StackName=f"backup-sentinel-{name}")["Stacks"][0]["StackStatus"]
        return None if status.endswith("_IN_PROGRESS") else status

    return until(20, settled, f"{name} is settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """An account with a deployment in it, what was there before, and how many seconds it took from nothing at all."""

    account: Account
    before: dict[str, list[str]]
    outputs: dict[str, str]
    took: float


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    begun = time.monotonic()
    with pytest.MonkeyPatch.context() as monkeypatch, bare_aws(tmp_path_factory.mktemp("life"), monkeypatch) as account:
        for bucket in ("acme", f"backup-sentinel-artifacts-{account.id}"):
            account.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        before = inventory(account)
        outputs = put_up(account)
        yield Deployed(account=account, before=before, outputs=outputs, took=time.monotonic() - begun)


def test_from_nothing_in_under_a_minute(deployed: Deployed) -> None:
    account, begun = deployed.account, time.monotonic()
    beside = {
        "watched": side_stack(account, "watched", {"SentinelAccountId": account.id, "BucketName": "acme"}),
        "watched-here": side_stack(account, "watched-here", {"BucketName": "acme", "KeyPrefixes": "databases/"}),
        "ses": side_stack(
            account,
            "ses",
            {"ReportAddress": "backups@backup.example.com", "AlarmEmail": "ana@example.com"},
            without=("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule"),
        ),
        "deploy-role": side_stack(
            account,
            "deploy-role",
            {"Repository": "acme@123/sentinel@456", "ProviderExists": "true"},
            without=(PROVIDER,),
        ),
    }

    assert set(beside.values()) == {"CREATE_COMPLETE"}, beside
    assert deployed.took + time.monotonic() - begun < 60
    assert {"SlackUrl", "HeartbeatUrl"} <= deployed.outputs.keys()
    assert it_runs(account)
    for name in beside:
        take_down(account, f"backup-sentinel-{name}")


def test_under_the_ceiling_it_runs_and_a_role_that_is_given_everything_may_do_no_more(deployed: Deployed) -> None:
    """The local AWS holds roles to boundaries, but its CloudFormation sets none: that it would, the template's test tells."""
    account, iam = deployed.account, deployed.account.client("iam")
    side_stack(account, "deploy-role", {"Repository": "a/b", "ProviderExists": "true", "MayWatch": "acme-*"}, without=(PROVIDER,))
    ceiling = f"arn:aws:iam::{account.id}:policy/bk-boundary"

    roles = [one["RoleName"] for one in iam.list_roles()["Roles"] if re.fullmatch("bk-.*-role", one["RoleName"])]
    put_up(account, PermissionsBoundary=ceiling)
    for role in roles:
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=ceiling)
    assert it_runs(account)

    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName="bk-checker-role", PolicyName="everything", PolicyDocument=json.dumps(everything))
    assert "AccessDenied" in can_list(account, "acme")  # it is among WatchedBuckets, and not among what may be watched
    iam.delete_role_policy(RoleName="bk-checker-role", PolicyName="everything")

    put_up(account)
    for role in roles:
        iam.delete_role_permissions_boundary(RoleName=role)
    assert can_list(account, "acme") == ""
    take_down(account, "backup-sentinel-deploy-role")


def test_a_new_program_and_a_new_choice_replace_nothing(deployed: Deployed) -> None:
    account, program = deployed.account, zip_source()
    put_up(account, source=program)
    put_something_in(account)
    parts, made, programs = resources(account), _made(account), _programs(account)

    after = put_up(account, Timezone="Asia/Singapore", source=_with_another_file(program))

    assert after == deployed.outputs
    assert resources(account) == parts
    assert _made(account) == made
    assert still_there(account)
    assert not _programs(account) & programs
    assert account.client("ssm").get_parameter(Name="/bk/config/timezone")["Parameter"]["Value"] == "Asia/Singapore"
    assert it_runs(account)

    assert put_up(account, source=program) == deployed.outputs  # and back again
    assert _programs(account) == programs


def test_paused_nothing_fires_and_nothing_is_taken_and_resumed_all_is_as_before(deployed: Deployed) -> None:
    account = deployed.account
    schedules, queues = _schedules(account), _queues(account)

    assert pause.main([]) == pause.main([]) == 0
    assert {one["State"] for one in _schedules(account)} == {"DISABLED"}
    assert set(_queues(account).values()) == {"Disabled"}

    assert pause.main(["--resume"]) == 0
    assert _schedules(account) == schedules
    assert _queues(account) == queues
    assert pause.main(["--stack", "no-such-stack"]) == 1


def test_removed_it_leaves_what_holds_data_and_a_new_one_takes_that_in(deployed: Deployed) -> None:
    account = deployed.account
    put_something_in(account)
    assert it_runs(account)
    _make_an_appointment(account)

    assert pause.main([]) == 0
    time.sleep(3)  # a check that has begun ends; one that ends later than the stack has the local AWS make its log anew
    take_down(account)

    assert added(deployed.before, inventory(account)) == {
        "tables": [f"bk-{name}" for name in TABLES],
        "buckets": [f"bk-{name}-{account.id}" for name in BUCKETS],
        "secrets": [f"bk/{name}" for name in SECRETS],
    }
    with pytest.raises(DeploymentError, match="ROLLBACK_COMPLETE"):
        put_up(account)
    assert adopt.main([]) == 1  # what failed stands in the way
    take_down(account)
    assert still_there(account)

    assert adopt.main([]) == 0
    outputs = put_up(account)

    assert still_there(account)
    assert outputs["StateTableName"] == "bk-state"
    assert adopt.main([]) == 1  # nothing is left to take in
    assert it_runs(account)


def test_two_in_one_account_do_not_hear_each_other(deployed: Deployed) -> None:
    account = deployed.account
    one = inventory(account)
    put_up(account, stack="second", Prefix="ct2", SenderAddress="sentinel@example.com")

    second = {service: names for service, names in added(one, inventory(account)).items() if service != "queue mappings"}
    assert set(second) == set(added(deployed.before, one)) - {"queue mappings"}
    assert all(_is_of("ct2", name) for names in second.values() for name in names), second

    order = {"v": 1, "job_ids": ["nobody"], "why": "check_now", "by": "test"}
    said = {"Source": "backup-sentinel.ct2", "DetailType": "bk.check", "Detail": json.dumps(order)}
    assert pause.main([]) == pause.main(["--stack", "second"]) == 0  # no clock shall start a checker now
    quiet, before = (_runs(account, f"{prefix}-checker") for prefix in ("bk", "ct2"))
    account.client("events").put_events(Entries=[said])
    until(20, lambda: _runs(account, "ct2-checker") > before, "the second's checker heard it")
    assert _runs(account, "bk-checker") == quiet
    with pytest.raises(ClientError, match="not authorized to perform: events:PutEvents"):
        _as_role(account, "bk-checker-role").put_events(Entries=[said | {"DetailType": "bk.notice"}])

    assert pause.main(["--resume"]) == 0
    take_down(account, "second")
    assert set(added(one, inventory(account))) == {"tables", "buckets", "secrets"}
    assert it_runs(account)


def test_what_was_there_is_there_after_a_stop_and_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = zip_source()
    with bare_aws(tmp_path, monkeypatch) as account:
        put_up(account, source=program)
        put_something_in(account)
        parts, all_of_it = resources(account), inventory(account)

    with bare_aws(tmp_path, monkeypatch) as account:
        assert _named(inventory(account)) == _named(all_of_it)
        assert still_there(account)
        assert it_runs(account)
        put_up(account, source=program)
        same = {name: what for name, what in resources(account).items() if not what.startswith("http")}
        assert same == {name: what for name, what in parts.items() if name in same}


def _with_another_file(program: bytes) -> bytes:
    target = io.BytesIO(program)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("bolt_app/version.txt", "another")
    return target.getvalue()


def _programs(account: Account) -> set[str]:
    functions = account.client("lambda").list_functions()["Functions"]
    return {f"{one['FunctionName']} {one['CodeSha256']}" for one in functions}


def _made(account: Account) -> dict[str, Any]:
    """When each table was made, and each role: the same name made anew would show."""
    tables, roles = account.client("dynamodb"), account.client("iam").list_roles()["Roles"]
    names = tables.list_tables()["TableNames"]
    return {name: tables.describe_table(TableName=name)["Table"]["CreationDateTime"] for name in names} | {
        one["RoleName"]: one["RoleId"] for one in roles
    }


def _schedules(account: Account) -> list[dict[str, Any]]:
    client = account.client("scheduler")
    found = [client.get_schedule(Name=one["Name"]) for one in client.list_schedules()["Schedules"]]
    told = ("ResponseMetadata", "LastModificationDate")
    return sorted(({key: value for key, value in one.items() if key not in told} for one in found), key=lambda one: one["Name"])


def _queues(account: Account) -> dict[str, str]:
    mappings = account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return {one["EventSourceArn"]: one["State"] for one in mappings}


def _named(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {service: names for service, names in found.items() if service != "queue mappings"}


def _make_an_appointment(account: Account) -> None:
    told = account.client("lambda").get_function_configuration(FunctionName="bk-dispatch")["Environment"]["Variables"]
    account.client("scheduler").create_schedule(
        Name="bk-defer-0123456789abcdef-20361122T0800",
        GroupName=told["BK_DEFERRAL_GROUP"],
        ScheduleExpression="at(2036-11-22T08:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": told["BK_DISPATCH_QUEUE_ARN"], "RoleArn": told["BK_DEFERRAL_ROLE_ARN"], "Input": "{}"},
    )


def _is_of(prefix: str, name: str) -> bool:
    bare = name.removeprefix("/aws/lambda/").rpartition(":")[2].removeprefix("/")
    return bare.startswith((f"{prefix}-", f"{prefix}/"))


def _runs(account: Account, function: str) -> int:
    pages = account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
    return sum(line["message"].startswith("START") for page in pages for line in page["events"])


def _as_role(account: Account, role: str) -> Any:
    arn = f"arn:aws:iam::{account.id}:role/{role}"
    lent = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="probe")["Credentials"]
    session = boto3.Session(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"], region_name=REGION)
    return session.client("events", endpoint_url=account.aws)
