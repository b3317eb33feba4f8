"""What the roles may do against what they did: a grant that no flow uses is too wide, or a flow that nobody tries.

A call that was refused is a grant that is missing. What tests try in a role's name, to see it refused, does not count.

The tests of `make e2e` leave what their stacks saw in one folder; `python -m tests.e2e.grants FOLDER` judges it together.
"""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.e2e.local_stack import LocalStack, role_of


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource, as a statement of a role's policy allows it."""

    role: str
    sid: str
    action: str
    resource: str


EXCEPTIONS = {
    ("*", "Log", "*"): "Lambda writes the log; the local one asks no role for it",
    (
        "*",
        "KeepFailedInvocations",
        "*",
    ): "used by Lambda itself, once a function fails for good; the local one asks no role for it",
    ("bk-scheduler-role", "*", "*"): "the local scheduler starts its targets without taking the role",
    ("bk-appointments-role", "*", "*"): "the same",
    ("bk-dispatch-role", "LendAppointmentsTheirRole", "*"): "the local AWS never checks who may lend a role",
    (
        "bk-dispatch-role",
        "TakeNudges",
        "sqs:ReceiveMessage",
    ): "Lambda takes messages for the function; the local one asks no role for it",
    ("bk-checker-role", "ShareOutAndTakeShards", "sqs:ReceiveMessage"): "the same",
    ("bk-checker-role", "ShareOutAndTakeShards", "sqs:DeleteMessage"): "the same",
    ("bk-checker-role", "ShareOutAndTakeShards", "sqs:GetQueueAttributes"): "the same",
    ("bk-dispatch-role", "TakeNudges", "sqs:DeleteMessage"): "the same",
    ("bk-dispatch-role", "TakeNudges", "sqs:GetQueueAttributes"): "the same",
    (
        "*",
        "TellMissingFromForbidden",
        "*",
    ): "never called: by it alone S3 says that something is missing, and not that it is forbidden",
    (
        "*",
        "AskTheModelWhereTheProfileSends",
        "*",
    ): "AWS asks for the profile and for the model behind it, the local one for the profile",
    (
        "*",
        "SendLetters",
        "*",
    ): "of a raw mail AWS asks for SendRawEmail too, and for identity, domain or configuration set, as they are set up; "
    "the local one for SendEmail on one of them",
}
"""(role, statement, action), "*" for all of them, and why it is not seen in use here."""


def seen(stack: LocalStack) -> dict[str, Any]:
    """What a stack's roles may do, what they did, and what they were refused."""
    iam = stack.session.client("iam", endpoint_url=stack.aws)
    granted = []
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        if not name.startswith("bk-"):
            continue
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            granted += [[name, *one] for one in _pairs(document if isinstance(document, dict) else json.loads(document))]
    allowed = [one for one in stack.decisions() if one["decision"] == "Allow"]
    used = {(role_of(one["principal"]), one["action"], lasting(one["resource"])) for one in allowed}
    return {"granted": sorted(granted), "used": sorted(used), "denied": stack.denied()}


def unused(granted: Iterable[Grant], used: Iterable[tuple[str, str, str]]) -> list[Grant]:
    """The grants that no call needed, but for the written exceptions."""
    calls = set(used)
    return sorted(
        grant
        for grant in set(granted)
        if not _excepted(grant)
        and not any(
            role == grant.role and action == grant.action and fnmatchcase(resource, grant.resource)
            for role, action, resource in calls
        )
    )


def needless(granted: Iterable[Grant]) -> list[tuple[str, str, str]]:
    """Exceptions that except nothing."""
    there = list(granted)
    return [one for one in EXCEPTIONS if not any(_matches(one, grant) for grant in there)]


def _excepted(grant: Grant) -> bool:
    return any(_matches(one, grant) for one in EXCEPTIONS)


def _matches(exception: tuple[str, str, str], grant: Grant) -> bool:
    return all(wanted in ("*", there) for wanted, there in zip(exception, (grant.role, grant.sid, grant.action), strict=True))


def _pairs(document: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for statement in document["Statement"]:
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield statement["Sid"], action, lasting(resource)


def lasting(resource: str) -> str:
    """Without what each stack makes up: the six letters at the end of a secret, the id of what joins a queue to a function."""
    return re.sub(r"(:secret:.+)-\w{6}$|(:event-source-mapping:).+$", r"\1\2", resource)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def judge(folder: Path) -> int:
    """The exit status; what is wrong is told on standard error."""
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    granted = [Grant(*one) for report in reports for one in report["granted"]]
    used = [(role, action, resource) for report in reports for role, action, resource in report["used"]]
    idle, empty = unused(granted, used), needless(granted)
    refused = sorted({tuple(one) for report in reports for one in report["denied"]})
    wrong = [f"{role} was refused {action} on {resource}" for role, action, resource in refused]
    wrong += [f"{one.role} may {one.action} on {one.resource} ({one.sid}), and never did" for one in idle]
    wrong += [f"the exception {one} in tests/e2e/grants.py excepts nothing" for one in empty]
    if not reports:
        wrong = [f"{folder} holds no report of a stack"]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    sys.stdout.write(f"{len(set(granted))} grants, {len(set(used))} kinds of calls, {len(idle)} grants never used\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(judge(Path(sys.argv[1])))
