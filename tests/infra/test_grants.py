"""The judge of least privilege, on made-up roles: what was never used is named, unless it is written down why."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from tests.e2e.grants import EXCEPTIONS, Grant, judge, lasting, needless, unused
from tests.e2e.local_stack import LocalStack

TABLE = "arn:aws:dynamodb:ap-southeast-1:000000000000:table/bk-state"
READ = Grant(role="bk-checker-role", sid="KeepStandings", action="dynamodb:GetItem", resource=TABLE)
LOG = Grant(role="bk-checker-role", sid="Log", action="logs:PutLogEvents", resource="*")


def test_a_grant_that_no_call_needed_is_named() -> None:
    assert unused([READ], []) == [READ]


def test_a_grant_is_used_by_its_own_role_action_and_resource_alone() -> None:
    assert unused([READ], [("bk-checker-role", "dynamodb:GetItem", TABLE)]) == []
    for call in (
        ("bk-summary-role", "dynamodb:GetItem", TABLE),
        ("bk-checker-role", "dynamodb:PutItem", TABLE),
        ("bk-checker-role", "dynamodb:GetItem", f"{TABLE}-2"),
    ):
        assert unused([READ], [call]) == [READ]


def test_a_grant_with_a_star_is_used_by_what_it_covers() -> None:
    wide = Grant(role="r", sid="s", action="s3:GetObject", resource="arn:aws:s3:::acme/*")

    assert unused([wide], [("r", "s3:GetObject", "arn:aws:s3:::acme/a/b")]) == []


def test_names_that_each_stack_makes_up_are_the_same_in_all() -> None:
    secret, source = "arn:aws:secretsmanager:r:1:secret:bk/slack/bot-token", "arn:aws:lambda:r:1:event-source-mapping:"

    assert lasting(f"{secret}-a1B2c3") == secret
    assert lasting(f"{source}4f671256-310c-4b34-9927-6b0722555294") == source
    assert lasting(TABLE) == TABLE


def test_what_is_written_down_needs_no_use_and_what_is_written_down_for_nothing_is_named() -> None:
    assert unused([LOG], []) == []
    assert ("*", "Log", "*") not in needless([LOG])
    assert ("*", "Log", "*") in needless([READ])


def test_every_exception_has_its_reason() -> None:
    assert all(len(reason) > 5 for reason in EXCEPTIONS.values())


def _all_excepted() -> list[list[str]]:
    """A grant for each exception, so that none of them is needless."""
    alone = {"*": "bk-scheduler-role"}
    return [[alone.get(role, role), sid, "x" if action == "*" else action, "y"] for role, sid, action in EXCEPTIONS]


def test_stacks_that_ran_side_by_side_are_judged_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    granted = [[READ.role, READ.sid, READ.action, READ.resource]]
    granted += _all_excepted()
    for name, used in (("one", []), ("two", [["bk-checker-role", READ.action, TABLE]])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"granted": granted, "used": used, "denied": []}), encoding="utf-8")

    assert judge(tmp_path) == 0
    (tmp_path / "two.json").unlink()
    assert judge(tmp_path) == 1
    assert f"{READ.role} may {READ.action} on {TABLE}" in capsys.readouterr().err


def test_a_call_that_was_refused_fails_the_run_with_its_role_action_and_resource(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    granted = [[READ.role, READ.sid, READ.action, TABLE], *_all_excepted()]
    used = [[READ.role, READ.action, TABLE]]
    for name, denied in (("one", []), ("two", [["bk-summary-role", "s3:PutObject", "arn:aws:s3:::acme/key"]])):
        report = json.dumps({"granted": granted, "used": used, "denied": denied})
        (tmp_path / f"{name}.json").write_text(report, encoding="utf-8")

    assert judge(tmp_path) == 1
    assert capsys.readouterr().err == "bk-summary-role was refused s3:PutObject on arn:aws:s3:::acme/key\n"
    (tmp_path / "two.json").unlink()
    assert judge(tmp_path) == 0


@pytest.mark.parametrize("decision", ["ImplicitDeny", "Deny", "InvalidSignatureException"])
def test_what_is_not_allowed_is_refused_to_functions_and_may_be_tried_by_tests(tmp_path: Path, decision: str) -> None:
    def line(principal: str, decision: str) -> str:
        arn = f"arn:aws:sts::000000000000:{principal}"
        return json.dumps({"principal": arn, "action": "s3:PutObject", "resource": "arn:aws:s3:::acme", "decision": decision})

    lines = [line("assumed-role/zz-checker-role/zz-checker", decision), line("assumed-role/bk-checker-role/probe", decision)]
    lines += [line("assumed-role/bk-summary-role/bk-summary", "Allow"), line("root", decision)]
    (tmp_path / "iam.jsonl").write_text("\n".join(lines), encoding="utf-8")
    stack = LocalStack(run=tmp_path, **dict.fromkeys([one.name for one in fields(LocalStack) if one.name != "run"], ""))
    refused = ("zz-checker-role", "s3:PutObject", "arn:aws:s3:::acme")

    assert stack.denied() == [refused]
    stack.tried.add(refused)
    assert stack.denied() == []


def test_without_a_report_nothing_is_proven(tmp_path: Path) -> None:
    assert judge(tmp_path) == 1
