"""The judge of least privilege, on made-up roles: what was never used is named, unless it is written down why."""

import json
from pathlib import Path

import pytest

from tests.e2e.grants import EXCEPTIONS, Grant, judge, needless, unused

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


def test_what_is_written_down_needs_no_use_and_what_is_written_down_for_nothing_is_named() -> None:
    assert unused([LOG], []) == []
    assert ("*", "Log", "*") not in needless([LOG])
    assert ("*", "Log", "*") in needless([READ])


def test_every_exception_has_its_reason() -> None:
    assert all(len(reason) > 5 for reason in EXCEPTIONS.values())


def test_stacks_that_ran_side_by_side_are_judged_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    granted = [[READ.role, READ.sid, READ.action, READ.resource]]
    granted += [
        ["bk-scheduler-role" if role == "*" else role, sid, "x", "y"] for role, sid, action in EXCEPTIONS if action == "*"
    ]
    granted += [[role, sid, action, "y"] for role, sid, action in EXCEPTIONS if action != "*"]
    for name, used in (("one", []), ("two", [["bk-checker-role", READ.action, TABLE]])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"granted": granted, "used": used}), encoding="utf-8")

    assert judge(tmp_path) == 0
    (tmp_path / "two.json").unlink()
    assert judge(tmp_path) == 1
    assert f"{READ.role} may {READ.action} on {TABLE}" in capsys.readouterr().err


def test_without_a_report_nothing_is_proven(tmp_path: Path) -> None:
    assert judge(tmp_path) == 1
