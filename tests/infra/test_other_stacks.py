"""The stacks beside the core: mail, a watched bucket, and the role that deploys; read from their text."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.deploy.samconfig import Chosen, mistakes
from infra.local.stack import ROOT, read_template
from tests.infra.test_boundary import Settled

CORE, SES, WATCHED, HERE, DEPLOY = (
    read_template(ROOT / "infra" / f"{name}.yaml") for name in ("template", "ses", "watched", "watched-here", "deploy-role")
)
STACKS = sorted((ROOT / "infra").glob("*.yaml"))
ROLE = {"Fn::Sub": "arn:aws:iam::${SentinelAccountId}:role/${Prefix}-checker-role"}
FOLDERS = {"Fn::Join": ["*,", {"Fn::Split": [",", {"Ref": "KeyPrefixes"}]}]}
OPENED = {"Fn::Split": [",", {"Fn::Sub": ["${Folders}*", {"Folders": FOLDERS}]}]}


def properties(stack: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = stack["Resources"][name]["Properties"]
    return found


def statements(policy: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_each_stack_says_what_it_is_in_as_many_letters_as_there_may_be(path: Any) -> None:
    description = read_template(path)["Description"]

    assert description.startswith("Backup sentinel")
    assert len(description.encode()) <= 1024


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_two_deployments_fit_into_one_account(path: Any) -> None:
    prefix = read_template(path)["Parameters"]["Prefix"]

    assert prefix["Default"] == "bk"
    assert prefix["AllowedPattern"].endswith("[a-z][a-z0-9-]{0,15}")  # the core, which decides, takes some of these not


@pytest.mark.parametrize("bucket", ["RegistrySource", "RulesSource", "RawMime"])
def test_no_bucket_answers_over_plain_http(bucket: str) -> None:
    refusal = statements(properties(CORE, f"{bucket}Policy"))["RefusePlainHttp"]

    assert properties(CORE, f"{bucket}Policy")["Bucket"] == {"Ref": bucket}
    assert (refusal["Effect"], refusal["Principal"], refusal["Action"]) == ("Deny", "*", "s3:*")
    assert refusal["Resource"] == [{"Fn::GetAtt": [bucket, "Arn"]}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_bucket_has_such_a_policy() -> None:
    buckets = {name for name, one in CORE["Resources"].items() if one["Type"] == "AWS::S3::Bucket"}
    policies = {
        one["Properties"]["Bucket"]["Ref"] for one in CORE["Resources"].values() if one["Type"] == "AWS::S3::BucketPolicy"
    }

    assert buckets == policies


def test_mails_are_put_by_our_rule_set_alone_and_into_the_bucket_that_is_read() -> None:
    allowed = statements(properties(CORE, "RawMimePolicy"))["MailsThatOurRuleSetTakes"]
    rule = properties(SES, "StoreReports")["Rule"]

    assert allowed["Principal"] == {"Service": "ses.amazonaws.com"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    source = allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert properties(SES, "InboundRules")["RuleSetName"]["Fn::Sub"] in source
    assert rule["Actions"] == [{"S3Action": {"BucketName": properties(CORE, "RawMime")["BucketName"]}}]
    assert (rule["Recipients"], rule["ScanEnabled"], rule["Enabled"]) == ([{"Ref": "ReportAddress"}], True, True)


def test_every_letter_is_followed_and_those_who_send_may_have_it_so() -> None:
    name = properties(SES, "Letters")["Name"]["Fn::Sub"]
    [sending] = properties(CORE, "SendLetters")["PolicyDocument"]["Statement"]

    assert f':configuration-set/{name}"' in json.dumps(sending["Resource"])
    for identity in ("ReportIdentity", "SenderIdentity"):
        assert properties(SES, identity)["ConfigurationSetAttributes"] == {"ConfigurationSetName": {"Ref": "Letters"}}
    heard = properties(SES, "LettersCameBack")["EventDestination"]
    assert set(heard["MatchingEventTypes"]) == {"BOUNCE", "COMPLAINT", "REJECT"}
    assert heard["SnsDestination"] == {"TopicARN": {"Ref": "MailTrouble"}}
    may = statements(properties(SES, "MailTroublePolicy"))["SesMayTell"]
    assert may["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":configuration-set/{name}")


def test_letters_that_come_back_reach_the_queue_of_the_core_which_lets_that_topic_in_and_no_other() -> None:
    told = properties(SES, "MailTroubleToTheLedger")
    may = statements(properties(CORE, "DispatchQueuePolicy"))["NewsOfLettersThatCameBack"]

    assert (told["TopicArn"], told["Protocol"], told["RawMessageDelivery"]) == ({"Ref": "MailTrouble"}, "sqs", False)
    queue = properties(CORE, "DispatchQueue")["QueueName"]["Fn::Sub"]
    assert told["Endpoint"]["Fn::Sub"].endswith(f":{queue}")
    assert (may["Principal"], may["Action"]) == ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage")
    topic = properties(SES, "MailTrouble")["TopicName"]["Fn::Sub"]
    assert may["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::Sub": f"arn:aws:sns:${{AWS::Region}}:${{AWS::AccountId}}:{topic}"}}
    }


def test_the_dns_records_and_the_missing_step_are_told() -> None:
    outputs = {name: json.dumps(one["Value"]) for name, one in SES["Outputs"].items()}

    assert "set-active-receipt-rule-set" in outputs["ActivateCommand"]
    assert "MX 10 inbound-smtp.${AWS::Region}.amazonaws.com" in outputs["MxRecord"]
    for number in "123":
        assert f"${{ReportIdentity.DkimDNSTokenName{number}}} CNAME" in outputs[f"ReportDkim{number}"]
        assert SES["Outputs"][f"ReportDkim{number}"]["Condition"] == "MakesReportIdentity"
        assert SES["Outputs"][f"SenderDkim{number}"]["Condition"] == "MakesSenderIdentity"


def holds(condition: Any, told: dict[str, str]) -> Any:
    """What a condition of the mail stack comes to, and what the functions in it do."""
    if not isinstance(condition, dict):
        return condition
    [(function, of)] = condition.items()
    if function == "Ref":
        return told[of]
    if function == "Condition":
        return holds(SES["Conditions"][of], told)
    if function == "Fn::Sub":
        return re.sub(r"\$\{(\w+)\}", lambda name: told[name[1]], of)
    found = [holds(one, told) for one in of]
    does: dict[str, Callable[[], Any]] = {
        "Fn::Split": lambda: found[1].split(found[0]),
        "Fn::Select": lambda: found[1][found[0]],
        "Fn::Equals": lambda: found[0] == found[1],
        "Fn::Not": lambda: not found[0],
        "Fn::And": lambda: all(found),
        "Fn::Or": lambda: any(found),
    }
    return does[function]()


@pytest.mark.parametrize(
    ("sender", "report_exists", "sender_exists", "made", "by_hand"),
    [
        ("", "false", "false", ["ReportIdentity"], False),
        ("", "true", "false", [], False),
        ("", "false", "true", ["ReportIdentity"], False),
        ("a@example.com", "false", "false", ["ReportIdentity", "SenderIdentity"], False),
        ("a@example.com", "false", "true", ["ReportIdentity"], True),
        ("a@example.com", "true", "false", ["SenderIdentity"], False),
        ("a@example.com", "true", "true", [], True),
        ("a@backup.example.com", "false", "false", ["ReportIdentity"], False),
        ("a@backup.example.com", "true", "false", [], True),
        ("a@backup.example.com", "false", "true", [], True),
    ],
)
def test_an_identity_that_is_there_already_is_left_alone_and_following_its_letters_is_told(
    sender: str, report_exists: str, sender_exists: str, made: list[str], by_hand: bool
) -> None:
    told = {
        "ReportAddress": "nas@backup.example.com",
        "SenderAddress": sender,
        "ReportIdentityExists": report_exists,
        "SenderIdentityExists": sender_exists,
    }
    follow = SES["Outputs"]["FollowLettersCommand"]

    identities = {name: one for name, one in SES["Resources"].items() if one["Type"] == "AWS::SES::EmailIdentity"}
    assert [name for name, one in identities.items() if holds({"Condition": one["Condition"]}, told)] == made
    assert holds({"Condition": follow["Condition"]}, told) == by_hand
    for name in ("Letters", "LettersCameBack", "MailTrouble", "StoreReports"):
        assert "Condition" not in SES["Resources"][name]


def test_nothing_else_needs_an_identity_to_be_made_by_the_stack() -> None:
    for kind in ("Resources", "Outputs"):
        for name, one in SES[kind].items():
            for identity in ("ReportIdentity", "SenderIdentity"):
                if re.search(rf"\b{identity}\b", json.dumps({key: value for key, value in one.items() if key != "Condition"})):
                    assert one["Condition"] == f"Makes{identity}", name


def test_a_watched_bucket_lets_the_checker_list_and_nobody_do_more() -> None:
    [listing] = properties(WATCHED, "SentinelMayLook")["PolicyDocument"]["Statement"]

    assert (listing["Action"], listing["Resource"]) == ("s3:ListBucket", {"Fn::Sub": "arn:aws:s3:::${BucketName}"})
    assert properties(CORE, "CheckerRole")["RoleName"]["Fn::Sub"] == "${Prefix}-checker-role"
    _, narrow, whole = listing["Condition"]["Fn::If"]
    assert narrow == {"ArnEquals": {"aws:PrincipalArn": ROLE}, "StringLike": {"s3:prefix": OPENED}}
    assert whole == {"ArnEquals": {"aws:PrincipalArn": ROLE}}


def test_a_prefix_of_the_own_account_is_opened_for_the_checker_by_a_policy_that_goes_with_its_stack() -> None:
    policy = properties(HERE, "SentinelMayLook")
    [listing] = policy["PolicyDocument"]["Statement"]

    assert (policy["PolicyName"], policy["Roles"]) == ({"Ref": "AWS::StackName"}, [{"Fn::Sub": "${Prefix}-checker-role"}])
    assert (listing["Action"], listing["Resource"]) == ("s3:ListBucket", {"Fn::Sub": "arn:aws:s3:::${BucketName}"})
    assert listing["Condition"] == {"StringLike": {"s3:prefix": OPENED}}
    assert set(HERE["Resources"]) == {"SentinelMayLook"}


@pytest.mark.parametrize(("told", "opened"), [("a/", ["a/*"]), ("a/,b c/d/,e/", ["a/*", "b c/d/*", "e/*"])])
def test_each_prefix_is_opened_for_itself(told: str, opened: list[str]) -> None:
    assert Settled(HERE, "bk", KeyPrefixes=told).all(OPENED) == opened


WIDE = ["*", "a*/", "a?/", "${aws:username}/", "/a/", "a", ""]
BESIDE_A_GOOD_ONE = ["a/,", ",a/", "a/,,b/", "a/, b/", "a/ ,b/", "a/,*", "a/,b", "a/,/b/", "a/,*/", "a/,/", "a/,$/"]


@pytest.mark.parametrize("wide", [*WIDE, *BESIDE_A_GOOD_ONE])
def test_what_a_prefix_opens_cannot_be_widened_by_how_it_is_written(wide: str) -> None:
    here, elsewhere = (stack["Parameters"]["KeyPrefixes"]["AllowedPattern"] for stack in (HERE, WATCHED))

    assert not re.fullmatch(here, wide)
    assert bool(re.fullmatch(elsewhere, wide)) == (wide == "")
    for right in ("a b/c-1/", "a/,b/", "a/b/,c d/,e/"):
        assert re.fullmatch(here, right)
        assert re.fullmatch(elsewhere, right)


@pytest.mark.parametrize("stack", [HERE, WATCHED], ids=["watched-here", "watched"])
def test_a_prefix_without_its_slash_is_told_before_it_is_deployed(stack: dict[str, Any]) -> None:
    told = {"SentinelAccountId": "123456789012", "BucketName": "acme-backups", "KeyPrefixes": "databases/,letters"}
    told = {name: value for name, value in told.items() if name in stack["Parameters"]}

    [line] = mistakes(Chosen(env="acme", stack="s", region="eu-west-1", parameters=told), stack, None)

    assert line.startswith("samconfig.toml [acme]: KeyPrefixes is 'databases/,letters'; it wants folders with a comma between")
    assert "(databases/,letters/)" in line


@pytest.mark.parametrize(("names", "right"), [("", True), ("acme-backups", True), ("acme-backups/nas", False), ("acme*", False)])
def test_the_core_takes_whole_buckets_or_none_and_says_where_a_prefix_goes(names: str, right: bool) -> None:
    watched = CORE["Parameters"]["WatchedBuckets"]

    assert (watched["Type"], watched["Default"]) == ("CommaDelimitedList", "")
    assert bool(re.fullmatch(watched["AllowedPattern"], names)) == right
    assert "infra/watched-here.yaml" in watched["ConstraintDescription"]
    assert CORE["Resources"]["WatchWholeBuckets"]["Condition"] == "WatchesWholeBuckets"


@pytest.mark.parametrize("word", ["WARNING", "FAIL", "REPLACE", "get-bucket-policy", "kms:Decrypt", "own account"])
def test_a_watched_bucket_warns_before_it_takes_the_place_of_a_policy(word: str) -> None:
    assert word in WATCHED["Description"]


def test_only_one_environment_of_one_repository_deploys_and_without_a_stored_key() -> None:
    [trust] = properties(DEPLOY, "DeployRole")["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert list(trust["Condition"]) == ["StringEquals"]
    token = "token.actions.githubusercontent.com"
    assert trust["Condition"]["StringEquals"] == {
        f"{token}:aud": "sts.amazonaws.com",
        f"{token}:sub": {"Fn::Sub": "repo:${Repository}:environment:${GitHubEnvironment}"},
    }


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("acme@1234567/sentinel@7654321", True),  # as GitHub's tokens name what was made since July 2026
        ("acme/sentinel", True),  # and what is older
        ("acme/my.sentinel_2", True),
        ("acme@1234567/sentinel", False),
        ("acme/sentinel@7654321", False),
        ("acme@x/sentinel@7", False),
        ("acme/*", False),
        ("acme/sentinel:ref", False),
    ],
)
def test_the_repository_is_named_as_its_tokens_name_it(name: str, right: bool) -> None:
    told = DEPLOY["Parameters"]["Repository"]

    assert bool(re.fullmatch(told["AllowedPattern"], name)) == right
    assert "owner@id/name@id" in told["ConstraintDescription"]


def test_the_deploying_role_reads_no_secret_no_item_and_no_object_of_ours_and_cannot_widen_itself() -> None:
    [policy] = properties(DEPLOY, "DeployRole")["Policies"]
    said = {sid: one for sid, one in statements(policy).items() if one["Effect"] == "Allow"}
    actions = {
        action for one in said.values() for action in (one["Action"] if isinstance(one["Action"], list) else [one["Action"]])
    }

    assert not actions & {
        "secretsmanager:GetSecretValue",
        "dynamodb:GetItem",
        "dynamodb:DeleteTable",
        "s3:*",
        "iam:*",
        "dynamodb:*",
    }
    assert {sid for sid, one in said.items() if "s3:GetObject" in one["Action"]} == {"Artifacts"}
    nameless = {"QueueMappingsHaveNoNames", "MailIsTurnedOn", "WhoseBucketsAreWatched"}
    assert {sid for sid, one in said.items() if one["Resource"] == "*"} == nameless
    for sid in ("RolesUnderTheCeiling", "Roles", "LendRoles"):
        assert said[sid]["Resource"]["Fn::Sub"].endswith("role/${Prefix}-*-role")
    assert not properties(DEPLOY, "DeployRole")["RoleName"]["Fn::Sub"].endswith("-role")
    needed = {one["Properties"]["RoleName"]["Fn::Sub"] for one in CORE["Resources"].values() if one["Type"] == "AWS::IAM::Role"}
    assert all(name.startswith("${Prefix}-") and name.endswith("-role") for name in needed)


NAMES = {
    *("FunctionName", "RoleName", "TableName", "BucketName", "QueueName", "TopicName", "AlarmName", "LogGroupName"),
    *("RuleName", "RuleSetName", "BudgetName"),
}
NAMED_BY_NAME = {
    *("AWS::SecretsManager::Secret", "AWS::SSM::Parameter", "AWS::Events::Rule", "AWS::SES::ConfigurationSet"),
    *("AWS::Scheduler::ScheduleGroup", "ScheduleV2"),
}
GIVEN = {("watched", "BucketName"), ("watched-here", "BucketName"), ("ses", "RuleSetName"), ("template", "LogGroupName")}
"""Names that are no names of ours: of a bucket that is there, of the rule set a rule is in, of the log that is counted in."""


def names_in(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """What this resource, and each of its events, is called."""
    own = one.get("Properties", {})
    found = [(key, value) for key, value in own.items() if key in NAMES or (key == "Name" and one["Type"] in NAMED_BY_NAME)]
    return found + [name for event in own.get("Events", {}).values() for name in names_in(event)]


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_every_name_begins_with_the_prefix_and_what_is_global_carries_the_account(path: Any) -> None:
    named = [
        (kind, value)
        for one in read_template(path)["Resources"].values()
        for kind, value in names_in(one)
        if not ((path.stem, kind) in GIVEN and "Ref" in value)
    ]

    for kind, value in named:
        assert re.match(r"(/aws/lambda/|/)?\$\{Prefix\}[-/]", value["Fn::Sub"]), (kind, value)
        if kind == "BucketName":
            assert value["Fn::Sub"].endswith("-${AWS::AccountId}"), value


def test_every_schedule_and_rule_of_the_core_has_a_name_of_its_own() -> None:
    events = [
        one
        for function in CORE["Resources"].values()
        for one in function.get("Properties", {}).get("Events", {}).values()
        if one["Type"] in {"ScheduleV2", "EventBridgeRule"}
    ]
    names = [json.dumps(name) for one in events for name in names_in(one)]

    assert len(names) == len(set(names)) == len(events)
