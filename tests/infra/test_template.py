"""What the template promises, read from its text: much of this the local AWS drops or does not check."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bolt_app.services.heartbeat import CANARY_ARRIVED, WEEKLY
from infra.local.stack import CODE_URI, TEMPLATE, read_template
from workflows.backup.canary_flight import HELD_MAX, REST, TAKES_MAX
from workflows.backup.job_id import CANARY
from workflows.backup.sharing import JOBS_PER_CHECK, RUNS_KEPT
from workflows.kernel.sheet_run import LEASE

RESOURCES: dict[str, dict[str, Any]] = read_template()["Resources"]
FUNCTIONS = {
    "Checker": (512, 120),
    "Dispatch": (512, 30),
    "AckHandler": (1024, 15),
    "Heartbeat": (256, 15),
    "IntakeSesParser": (1024, 30),
    "DriveSync": (256, 30),
    "Summary": (512, 60),
}
OWN_TYPES = {
    "CheckerRole": {"bk.warn", "bk.alert", "bk.escalate", "bk.recovered", "bk.notice", "bk.proposal", "bk.checked"},
    "DispatchRole": {"bk.notice"},
    "AckHandlerRole": {"bk.answered", "bk.check", "bk.proposal", "bk.register", "bk.key"},
    "HeartbeatRole": {"bk.check", "bk.proposal"},
    "IntakeSesParserRole": {"bk.check", "bk.proposal", "bk.notice"},
    "DriveSyncRole": {"bk.notice", "bk.proposal", "bk.reread"},
}
SOURCE = {"Fn::If": ["IsBk", "backup-sentinel", {"Fn::Sub": "backup-sentinel.${Prefix}"}]}
"""The bus is the account's: another deployment there speaks under another name."""
WIDE = {"MakeAppointments", "ReadMailsAndJobList", "AskTheModelWhereTheProfileSends"}
"""Statements that name all objects of a bucket, or a model wherever its profile sends a question."""


KEPT = ("RetainExceptOnCreate", "Retain")
"""What holds data outlives the stack, but not a first deployment that failed: its empty tables would bar the next."""


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == kind}


def statements(role: str) -> Iterator[dict[str, Any]]:
    for policy in RESOURCES[role]["Properties"]["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


ALL_STATEMENTS = [(role, statement) for role in of_type("AWS::IAM::Role") for statement in statements(role)]


def test_each_function_names_its_code_so_that_it_can_be_packaged() -> None:
    assert len(CODE_URI.findall(TEMPLATE.read_text(encoding="utf-8"))) == len(FUNCTIONS)


def test_every_function_runs_python_3_14_on_arm64() -> None:
    shared = read_template()["Globals"]["Function"]

    assert (shared["Runtime"], shared["Architectures"]) == ("python3.14", ["arm64"])
    assert not any(
        "Runtime" in function or "Architectures" in function for function in of_type("AWS::Serverless::Function").values()
    )


@pytest.mark.parametrize(("name", "size"), FUNCTIONS.items())
def test_each_function_has_its_memory_and_time(name: str, size: tuple[int, int]) -> None:
    function = RESOURCES[name]["Properties"]

    assert (function["MemorySize"], function["Timeout"]) == size


def test_no_other_function_is_there() -> None:
    assert set(of_type("AWS::Serverless::Function")) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_writes_to_a_declared_log_that_forgets_after_a_week(name: str) -> None:
    function = RESOURCES[name]["Properties"]
    log = RESOURCES[function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]

    assert log["RetentionInDays"] == 7
    assert log["LogGroupName"]["Fn::Sub"] == "/aws/lambda/" + function["FunctionName"]["Fn::Sub"]


def test_nothing_is_traced_and_no_library_may_log_what_it_sends() -> None:
    shared = read_template()["Globals"]["Function"]

    assert shared["LoggingConfig"] == {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    for function in (shared, *of_type("AWS::Serverless::Function").values()):
        assert "Tracing" not in function
        assert set(function["LoggingConfig"]) <= {"LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"}


def test_each_function_has_a_role_of_its_own_with_a_fixed_name() -> None:
    functions = of_type("AWS::Serverless::Function").values()
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions]

    assert len(set(roles)) == len(roles)
    for function, role in zip(functions, roles, strict=True):
        name = RESOURCES[role]["Properties"]["RoleName"]["Fn::Sub"]
        assert name == function["FunctionName"]["Fn::Sub"] + "-role"


@pytest.mark.parametrize(
    ("role", "statement"), ALL_STATEMENTS, ids=lambda value: value if isinstance(value, str) else value["Sid"]
)
def test_no_role_holds_a_wildcard_or_a_managed_policy(role: str, statement: dict[str, Any]) -> None:
    assert "ManagedPolicyArns" not in RESOURCES[role]["Properties"]
    assert not any("*" in action for action in listed(statement["Action"]))
    for resource in listed(statement["Resource"]):
        text = json.dumps(resource)
        assert resource != "*"
        assert "*" not in text or statement["Sid"] in WIDE


@pytest.mark.parametrize(("role", "types"), OWN_TYPES.items())
def test_each_role_may_publish_only_its_own_types(role: str, types: set[str]) -> None:
    publishing = [statement for statement in statements(role) if "events:PutEvents" in listed(statement["Action"])]

    assert len(publishing) == 1
    values = publishing[0]["Condition"]["ForAllValues:StringEquals"]
    assert set(values["events:detail-type"]) == types
    assert values["events:source"] == [SOURCE]
    assert publishing[0]["Condition"]["Null"] == {"events:source": "false", "events:detail-type": "false"}


def test_nobody_deletes_in_a_bucket_and_only_the_mirror_writes_its_three_documents() -> None:
    used = {action for _role, statement in ALL_STATEMENTS for action in listed(statement["Action"]) if action.startswith("s3:")}
    writing = [(role, statement) for role, statement in ALL_STATEMENTS if "s3:PutObject" in listed(statement["Action"])]

    assert used == {"s3:GetObject", "s3:ListBucket", "s3:PutObject"}
    assert [role for role, _statement in writing] == ["DriveSyncRole"]
    assert [resource["Fn::Sub"] for resource in writing[0][1]["Resource"]] == [
        "${RegistrySource.Arn}/jobs.csv",
        "${RulesSource.Arn}/rules.txt",
        "${RulesSource.Arn}/voice.txt",
    ]


def test_only_drive_sync_reads_the_google_key_and_of_deliveries_it_sees_its_own_lease() -> None:
    reading = {role for role, statement in ALL_STATEMENTS if "DriveAccount" in json.dumps(statement)}
    deliveries = [one for one in statements("DriveSyncRole") if "DeliveriesTable" in json.dumps(one["Resource"])]

    assert reading == {"DriveSyncRole"}
    assert [one["Condition"] for one in deliveries] == [
        {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [LEASE]}, "Null": {"dynamodb:LeadingKeys": "false"}}
    ]


def test_the_sheet_is_mirrored_every_quarter_of_an_hour_and_what_fails_is_kept() -> None:
    function = RESOURCES["DriveSync"]["Properties"]
    schedule = function["Events"]["Sync"]["Properties"]

    assert (schedule["ScheduleExpression"], json.loads(schedule["Input"])) == ("rate(15 minutes)", {"mode": "sync"})
    assert function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "DriveSyncFailed"
    assert RESOURCES["DriveSyncFailed"]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600
    started = [one["Resource"] for one in statements("SchedulerRole") if one["Action"] == "lambda:InvokeFunction"]
    assert {"Fn::GetAtt": ["DriveSync", "Arn"]} in started


def test_the_day_is_told_at_eight_by_the_companys_clock_and_what_fails_is_kept() -> None:
    function = RESOURCES["Summary"]["Properties"]
    schedule = function["Events"]["DailySummary"]["Properties"]

    assert (schedule["Name"]["Fn::Sub"], json.loads(schedule["Input"])) == ("${Prefix}-daily-summary", {"mode": "daily"})
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == ("cron(0 8 * * ? *)", {"Ref": "Timezone"})
    assert function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "SummaryFailed"
    started = [one["Resource"] for one in statements("SchedulerRole") if one["Action"] == "lambda:InvokeFunction"]
    assert {"Fn::GetAtt": ["Summary", "Arn"]} in started


def test_the_summary_changes_nothing_but_the_ledger() -> None:
    writing = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
    changed = [
        one["Resource"]
        for one in statements("SummaryRole")
        if any(action.removeprefix("dynamodb:") in writing for action in listed(one["Action"]))
    ]

    assert changed == [{"Fn::GetAtt": ["DeliveriesTable", "Arn"]}]


def test_only_the_checker_sees_watched_buckets_and_no_role_what_is_in_a_backup() -> None:
    [statement] = RESOURCES["WatchWholeBuckets"]["Properties"]["PolicyDocument"]["Statement"]
    naming = [name for name, one in RESOURCES.items() if "WatchedBuckets" in json.dumps(one)]

    assert naming == ["WatchWholeBuckets"]
    assert RESOURCES["WatchWholeBuckets"]["Properties"]["Roles"] == [{"Ref": "CheckerRole"}]
    assert statement["Action"] == "s3:ListBucket"
    assert "/*" not in json.dumps(statement)


def test_what_dispatch_may_lend_starts_nothing_and_reaches_its_own_queue_alone() -> None:
    lent = [one["Resource"]["Fn::Sub"] for one in statements("DispatchRole") if one["Action"] == "iam:PassRole"]

    assert lent == ["arn:aws:iam::${AWS::AccountId}:role/${Prefix}-appointments-role"]
    assert RESOURCES["AppointmentsRole"]["Properties"]["RoleName"]["Fn::Sub"] == "${Prefix}-appointments-role"
    assert [(one["Action"], one["Resource"]) for one in statements("AppointmentsRole")] == [
        ("sqs:SendMessage", {"Fn::GetAtt": ["DispatchQueue", "Arn"]})
    ]
    assert not any("iam:" in json.dumps(one) for role, one in ALL_STATEMENTS if role != "DispatchRole")


def test_no_service_takes_a_role_or_tells_an_alarm_for_another_account() -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        if trust["Principal"] != {"Service": "lambda.amazonaws.com"}:  # which takes a role for the account's own functions alone
            assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}, name
    [telling] = RESOURCES["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert (telling["Principal"], telling["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    assert telling["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert telling["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":alarm:${Prefix}-*")


def test_whoever_reads_all_settings_opens_no_key_of_links_but_those_who_sign_and_check_them() -> None:
    readers = {role for role, one in ALL_STATEMENTS if one["Action"] == "ssm:GetParametersByPath"}
    keyholders = {role for role, one in ALL_STATEMENTS if "ssm:GetParameter" in listed(one["Action"])}
    policy = RESOURCES["OpenNoLinkKey"]["Properties"]
    [refusal] = policy["PolicyDocument"]["Statement"]

    assert {role["Ref"] for role in policy["Roles"]} == readers - keyholders
    assert (refusal["Effect"], refusal["Action"]) == ("Deny", "kms:Decrypt")
    [(_key, arn)] = refusal["Condition"]["StringEquals"].items()
    assert arn["Fn::Sub"].endswith("parameter/${Prefix}/config/link_key")


def test_no_role_can_delete_or_create_a_table() -> None:
    used = {action for _role, statement in ALL_STATEMENTS for action in listed(statement["Action"])}

    assert not used & {"dynamodb:DeleteTable", "dynamodb:CreateTable", "dynamodb:UpdateTable"}


def test_only_heartbeat_changes_a_secret_and_only_its_own() -> None:
    changing = [
        (role, listed(statement["Action"]), listed(statement["Resource"]))
        for role, statement in ALL_STATEMENTS
        if any(action.startswith("secretsmanager:") and "Get" not in action for action in listed(statement["Action"]))
    ]

    exchange = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]
    assert changing == [("HeartbeatRole", exchange, [{"Fn::GetAtt": ["HeartbeatKeys", "Id"]}])]


def test_only_heartbeat_reads_the_keys_of_check_ins() -> None:
    readers = {
        role
        for role, statement in ALL_STATEMENTS
        if "secretsmanager:GetSecretValue" in listed(statement["Action"]) and "HeartbeatKeys" in json.dumps(statement["Resource"])
    }

    assert readers == {"HeartbeatRole"}


def test_only_those_who_sign_and_check_links_read_their_key_and_nothing_else_by_name() -> None:
    reading = {
        (role, json.dumps(statement["Resource"]))
        for role, statement in ALL_STATEMENTS
        if "ssm:GetParameter" in listed(statement["Action"])
    }

    assert {role for role, _ in reading} == {"DispatchRole", "AckHandlerRole"}
    assert all(resource.endswith('parameter/${Prefix}/config/link_key"}') for _, resource in reading)


def test_letters_leave_from_one_address_alone_and_from_nowhere_without_one() -> None:
    policy = RESOURCES["SendLetters"]
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]

    assert policy["Condition"] == RESOURCES["SenderSetting"]["Condition"] == "SendsMail"
    assert policy["Properties"]["Roles"] == [{"Ref": "DispatchRole"}, {"Ref": "SummaryRole"}]
    assert statement["Action"] == ["ses:SendEmail", "ses:SendRawEmail"]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}}
    assert "*" not in json.dumps(statement)
    assert not any("ses:" in action for _role, one in ALL_STATEMENTS for action in listed(one["Action"]))


def test_a_key_that_was_asked_for_is_answered_while_slack_takes_answers() -> None:
    heartbeat = RESOURCES["Heartbeat"]["Properties"]

    assert heartbeat["Events"]["Key"]["Properties"]["Pattern"] == {"source": [SOURCE], "detail-type": ["bk.key"]}
    assert heartbeat["EventInvokeConfig"]["MaximumEventAgeInSeconds"] < 30 * 60
    assert RESOURCES["HeartbeatUrlSetting"]["Properties"]["Value"] == {"Fn::GetAtt": ["HeartbeatUrl", "FunctionUrl"]}


def test_the_weekly_test_begins_on_monday_at_ten_and_its_looks_end_before_another_could_begin() -> None:
    canary = RESOURCES["Heartbeat"]["Properties"]["Events"]["Canary"]["Properties"]
    minutes, hours, *days = canary["ScheduleExpression"].removeprefix("cron(").removesuffix(")").split()
    first, last = (timedelta(hours=int(hour)) for hour in hours.split("-"))
    every = timedelta(minutes=int(minutes.removeprefix("0/")))

    assert (canary["Name"]["Fn::Sub"], json.loads(canary["Input"])) == ("${Prefix}-weekly-canary", {"canary": WEEKLY})
    assert (first, days) == (timedelta(hours=10), ["?", "*", "MON", "*"])
    assert canary["ScheduleExpressionTimezone"] == {"Ref": "Timezone"}
    assert every > TAKES_MAX  # the second look finds a result
    assert last - first >= HELD_MAX  # and one of the others ends a test that is held back
    assert last + timedelta(hours=1) - first < REST
    started = [one["Resource"] for one in statements("SchedulerRole") if one["Action"] == "lambda:InvokeFunction"]
    assert {"Fn::GetAtt": ["Heartbeat", "Arn"]} in started


def test_heartbeat_reads_no_check_ins_but_the_canarys() -> None:
    reading = [one for one in statements("HeartbeatRole") if "dynamodb:Query" in listed(one["Action"])]

    assert [one["Resource"] for one in reading] == [{"Fn::GetAtt": ["HeartbeatsTable", "Arn"]}]
    assert reading[0]["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [CANARY]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def test_a_canary_that_does_not_arrive_pages_and_a_week_without_one_does_not() -> None:
    alarm = RESOURCES["CanaryMissed"]["Properties"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ({"Ref": "Prefix"}, CANARY_ARRIVED)
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Minimum", "LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert RESOURCES["AlarmTopic"]["Properties"]["TopicName"]["Fn::Sub"] == "${Prefix}-alarm"


def test_the_public_functions_are_the_two_front_doors() -> None:
    public = {name for name, function in of_type("AWS::Serverless::Function").items() if "FunctionUrlConfig" in function}

    assert public == {"AckHandler", "Heartbeat"}


def test_the_schedules_start_the_checker_in_its_three_ways() -> None:
    planned = [
        event["Properties"] for event in RESOURCES["Checker"]["Properties"]["Events"].values() if event["Type"] == "ScheduleV2"
    ]

    assert {one["Name"]["Fn::Sub"]: (one["ScheduleExpression"], json.loads(one["Input"])) for one in planned} == {
        "${Prefix}-hourly-check": ("rate(1 hour)", {"mode": "fast"}),
        "${Prefix}-slow-check": ("cron(0 9 * * ? *)", {"mode": "slow"}),
        "${Prefix}-tick": ("rate(1 minute)", {"mode": "due"}),
    }


def test_the_slow_check_follows_the_companys_clock() -> None:
    slow = RESOURCES["Checker"]["Properties"]["Events"]["SlowCheck"]["Properties"]

    assert slow["ScheduleExpressionTimezone"] == {"Ref": "Timezone"}
    assert RESOURCES["TimezoneSetting"]["Properties"]["Value"] == {"Ref": "Timezone"}


def test_a_nudge_is_retried_five_times_and_then_kept_for_a_person() -> None:
    queue = RESOURCES["DispatchQueue"]["Properties"]

    assert queue["VisibilityTimeout"] == 2 * FUNCTIONS["Dispatch"][1]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": ["DispatchDlq", "Arn"]}, "maxReceiveCount": 5}
    assert RESOURCES["DispatchDlq"]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_shard_is_retried_while_its_run_matters_and_then_kept_for_a_person() -> None:
    queue = RESOURCES["CheckShards"]["Properties"]

    assert queue["VisibilityTimeout"] == 2 * FUNCTIONS["Checker"][1]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": ["CheckShardsDlq", "Arn"]}, "maxReceiveCount": 3}
    assert queue["VisibilityTimeout"] * 3 < 3600 < queue["MessageRetentionPeriod"] == RUNS_KEPT * 3600
    assert RESOURCES["CheckShardsDlq"]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_shards_come_one_by_one_a_few_at_once_and_only_the_checker_may_make_any() -> None:
    source = RESOURCES["Checker"]["Properties"]["Events"]["Shards"]["Properties"]
    queue = {"Fn::GetAtt": ["CheckShards", "Arn"]}

    assert (source["Queue"], source["BatchSize"], source["FunctionResponseTypes"]) == (queue, 1, ["ReportBatchItemFailures"])
    assert source["ScalingConfig"] == {"MaximumConcurrency": 4}
    assert source["Enabled"] is False  # a queue that is asked all day costs a quarter of a dollar a month
    [wakes] = RESOURCES["WakeShards"]["Properties"]["PolicyDocument"]["Statement"]
    assert wakes["Resource"]["Fn::Sub"].endswith(":event-source-mapping:${CheckerShards}")
    assert RESOURCES["ShardsSourceSetting"]["Properties"]["Value"] == {"Ref": "CheckerShards"}
    assert {role for role, statement in ALL_STATEMENTS if queue in listed(statement["Resource"])} == {"CheckerRole"}
    assert read_template()["Parameters"]["JobsPerCheck"]["Default"] == JOBS_PER_CHECK


def test_dispatch_fails_single_messages_and_its_empty_queue_is_asked_by_few() -> None:
    source = RESOURCES["Dispatch"]["Properties"]["Events"]["Nudges"]["Properties"]

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "ScalingConfig" not in source, "with a limit AWS asks two and a half times as often: bench/bill/prices.py"
    assert not any("ReservedConcurrentExecutions" in function for function in of_type("AWS::Serverless::Function").values())


def test_everything_said_reaches_dispatch_and_only_from_our_rule_and_the_topic_of_returned_mail() -> None:
    rule = RESOURCES["NudgesRule"]["Properties"]
    policy = RESOURCES["DispatchQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert rule["EventPattern"] == {
        "source": [SOURCE],
        "detail-type": [
            "bk.warn",
            "bk.alert",
            "bk.escalate",
            "bk.recovered",
            "bk.answered",
            "bk.notice",
            "bk.proposal",
            "bk.checked",
        ],
    }
    conditions = {one["Sid"]: one["Condition"] for one in policy}
    assert conditions["NudgesFromTheBus"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["NudgesRule", "Arn"]}}}
    assert set(conditions) == {"NudgesFromTheBus", "NewsOfLettersThatCameBack"}


def test_whatever_a_role_publishes_has_a_taker() -> None:
    said = set(RESOURCES["NudgesRule"]["Properties"]["EventPattern"]["detail-type"])
    rules = [
        event["Properties"]["Pattern"]
        for function in of_type("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "EventBridgeRule"
    ]
    taken = {kind for rule in rules if rule["source"] == [SOURCE] for kind in rule["detail-type"]}

    assert set().union(*OWN_TYPES.values()) == said | taken


def test_every_table_costs_by_use_can_be_wound_back_and_outlives_the_stack() -> None:
    for name, table in of_type("AWS::DynamoDB::Table").items():
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True, name
        assert (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]) == KEPT, name


def test_check_ins_and_deliveries_expire_but_standings_and_audit_never_do() -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in of_type("AWS::DynamoDB::Table").items()
        if "TimeToLiveSpecification" in table
    }

    expires = {"AttributeName": "expires", "Enabled": True}
    assert expiring == {"HeartbeatsTable": expires, "DeliveriesTable": expires, "ProposalsTable": expires}


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("StateTable", {"": ["job_id"], "due": ["fleet", "due"], "pending": ["fleet", "pending"]}),
        ("AuditTable", {"": ["job_id", "ts"], "by_day": ["day", "ts"]}),
        ("HeartbeatsTable", {"": ["job_id", "ts"]}),
        ("DeliveriesTable", {"": ["recipient", "sk"]}),
        ("ProposalsTable", {"": ["proposal_id"], "open": ["fleet", "open_since"], "due": ["fleet", "due"]}),
    ],
)
def test_each_table_has_its_keys(table: str, keys: dict[str, list[str]]) -> None:
    described = RESOURCES[table]["Properties"]
    found = {"": described["KeySchema"]} | {
        one["IndexName"]: one["KeySchema"] for one in described.get("GlobalSecondaryIndexes", [])
    }

    assert {name: [key["AttributeName"] for key in schema] for name, schema in found.items()} == keys


def test_the_two_indexes_of_the_state_carry_keys_only() -> None:
    indexes = RESOURCES["StateTable"]["Properties"]["GlobalSecondaryIndexes"]

    assert [index["Projection"] for index in indexes] == [{"ProjectionType": "KEYS_ONLY"}] * 2


def test_every_bucket_keeps_versions_is_encrypted_and_private() -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4, name
        assert (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]) == KEPT, name


def test_documents_in_force_never_age_away() -> None:
    current = {"ExpirationInDays", "ExpirationDate", "Transitions", "Transition"}
    for name in ("RegistrySource", "RulesSource"):
        rules = RESOURCES[name]["Properties"]["LifecycleConfiguration"]["Rules"]
        assert not any(current & rule.keys() for rule in rules), name
        assert {"NoncurrentDays": 2557} in [rule.get("NoncurrentVersionExpiration") for rule in rules], name


def test_a_mail_that_is_evidence_opens_at_once_for_a_year() -> None:
    evidence = RESOURCES["RawMime"]["Properties"]["LifecycleConfiguration"]["Rules"][0]

    assert evidence["Transitions"] == [{"StorageClass": "GLACIER_IR", "TransitionInDays": 30}]
    assert evidence["ExpirationInDays"] == 365


def test_secrets_hold_no_made_up_value() -> None:
    secrets = of_type("AWS::SecretsManager::Secret")

    assert {secret["Name"]["Fn::Sub"] for secret in secrets.values()} == {
        "${Prefix}/slack/bot-token",
        "${Prefix}/slack/signing-secret",
        "${Prefix}/heartbeat/keys",
        "${Prefix}/drive/sa",
    }
    assert not any({"SecretString", "GenerateSecretString"} & secret.keys() for secret in secrets.values())


def test_the_addresses_that_others_need_are_outputs() -> None:
    assert {"SlackUrl", "HeartbeatUrl"} <= read_template()["Outputs"].keys()


def test_only_the_intake_reads_mail() -> None:
    reading = {role for role, one in ALL_STATEMENTS if "s3:GetObject" in listed(one["Action"]) and "RawMime" in json.dumps(one)}

    assert reading == {"IntakeSesParserRole"}


@pytest.mark.parametrize("asker", ["IntakeSesParserRole", "SummaryRole"])
def test_two_ask_the_model_and_each_through_its_profile_alone(asker: str) -> None:
    asking = [
        (role, one) for role, one in ALL_STATEMENTS if any(action.startswith("bedrock:") for action in listed(one["Action"]))
    ]
    mine = [one for role, one in asking if role == asker]

    assert {role for role, _ in asking} == {"IntakeSesParserRole", "SummaryRole"}
    assert [listed(one["Action"]) for one in mine] == [["bedrock:InvokeModel"]] * 2
    by_profile, by_region = mine
    assert by_region["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": by_profile["Resource"]}}


def test_a_mail_is_read_when_it_arrives_again_when_its_row_was_added_and_three_times_at_most() -> None:
    intake = RESOURCES["IntakeSesParser"]["Properties"]
    patterns = {name: event["Properties"]["Pattern"] for name, event in intake["Events"].items()}

    assert patterns == {
        "MailStored": {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {
                "bucket": {"name": [{"Ref": "RawMime"}]},
                "object": {"key": [{"anything-but": "AMAZON_SES_SETUP_NOTIFICATION"}]},
            },
        },
        "Reread": {"source": [SOURCE], "detail-type": ["bk.reread"]},
    }
    assert intake["EventInvokeConfig"]["MaximumRetryAttempts"] == 2
    assert RESOURCES["IntakeSesParserFailed"]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_appointments_go_with_the_stack() -> None:
    [making] = [one for one in statements("DispatchRole") if one["Action"] == "scheduler:CreateSchedule"]
    told = read_template()["Globals"]["Function"]["Environment"]["Variables"]

    assert "DeletionPolicy" not in RESOURCES["Appointments"]
    assert told["BK_DEFERRAL_GROUP"] == {"Ref": "Appointments"}
    assert making["Resource"]["Fn::Sub"].endswith(":schedule/${Appointments}/${Prefix}-defer-*")


@pytest.mark.parametrize(
    ("prefix", "right"),
    [
        ("bk", True),
        ("acme-aws", True),
        ("a" * 16, True),
        ("aws-backup", False),
        ("ssmx", False),
        ("xn--bk", False),
        ("Bk", False),
    ],
)
def test_no_prefix_is_taken_that_aws_keeps_for_itself(prefix: str, right: bool) -> None:
    """Parameter Store takes no name that begins with aws or ssm, S3 none with xn-- or sthree-; both only in the midst of it."""
    assert bool(re.fullmatch(read_template()["Parameters"]["Prefix"]["AllowedPattern"], prefix)) == right
