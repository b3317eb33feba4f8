"""What may stand in a line of the log, read from the code: constant words, ids and counts, and our own errors."""

import ast
import logging
import re

import pytest

from bolt_app.log_fields import about
from infra.local.stack import ROOT

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
FIELDS = {
    *("job_id", "proposal_id", "recipient", "letter", "about", "mode", "run", "shard", "kind"),
    *("looked", "changed", "complete", "failed", "nudges", "told", "jobs"),
    *("mirrored", "keys", "registered", "busy"),
    *("mails", "runs", "proposals", "by_model", "unread", "mail"),
    *("door", "asked", "status", "outcome", "again", "action_id", "callback_id", "error", "where"),
}
"""A field that is not here is thought about before it is logged: is it an id, a count, or a word of our own?"""

ARGUMENTS = {"error", "error.reason", "why", "type(error).__name__", "paragraph.why", "taken.unsaid"}
"""What may be put into the message: our own errors, and reasons that are made of them."""

SPREAD = {"about", "_about"}
OWN_DICTS = {"said", "counts"}
RECORD = set(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime"}
RUNTIME = {
    "timestamp",
    "level",
    "message",
    "logger",
    "stackTrace",
    "errorType",
    "errorMessage",
    "requestId",
    "location",
    "tenantId",
}
"""What the runtime on AWS writes into a line itself: a field of that name would be lost."""

CODE = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for part in ("bolt_app", "listeners", "workflows")
    for path in sorted((ROOT / part).rglob("*.py"))
}
A_LINE = re.compile(rf"log(ger|ging)?\.({'|'.join(LEVELS)})\(", re.IGNORECASE)


def calls(code: str) -> list[ast.Call]:
    """Everything that is called as a logger's method is."""
    if not A_LINE.search(code):
        return []
    tree = ast.parse(code)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [
        call
        for call in found
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS
        and ast.unparse(call.func.value).lower().strip("_").endswith(("log", "logger", "logging"))
    ]


LINES = [(path, call) for path, code in CODE.items() for call in calls(code)]


def faults(call: ast.Call) -> list[str]:
    """What is wrong with this line."""
    words, *arguments = call.args
    found = (
        []
        if isinstance(words, ast.Constant) and isinstance(words.value, str)
        else [f"words that are no constant: {ast.unparse(words)}"]
    )
    found += [f"put into the words: {ast.unparse(one)}" for one in arguments if ast.unparse(one) not in ARGUMENTS]
    for keyword in call.keywords:
        if keyword.arg == "extra":
            found += _faults_of_fields(keyword.value)
        elif keyword.arg != "exc_info":
            found.append(f"{keyword.arg}=")
    return found


def _faults_of_fields(fields: ast.expr) -> list[str]:
    match fields:
        case ast.Call(func=ast.Name(id=name)) if name in SPREAD:
            return []
        case ast.Name(id=name) if name in OWN_DICTS:
            return []
        case ast.Dict(keys=keys, values=values):
            named = [key.value for key in keys if isinstance(key, ast.Constant)]
            spread = [value for key, value in zip(keys, values, strict=True) if key is None]
            found = [f"field {name!r}" for name in named if name not in FIELDS]
            return found + [fault for one in spread for fault in _faults_of_fields(one)]
    return [f"fields that are not said here: {ast.unparse(fields)}"]


def test_there_are_lines_to_look_at() -> None:
    assert len(LINES) > 25
    assert {path.split("/")[0] for path, _ in LINES} == {"bolt_app", "listeners"}  # what is pure logs nothing


@pytest.mark.parametrize(("path", "call"), LINES, ids=lambda one: one if isinstance(one, str) else str(one.lineno))
def test_each_line_is_made_of_constant_words_ids_and_our_own_errors(path: str, call: ast.Call) -> None:
    assert faults(call) == [], f"{path}:{call.lineno}"


@pytest.mark.parametrize(
    "code",
    [
        'log.info(f"token {token}")',
        'log.info("body: %s", body)',
        'log.info("body: " + body)',
        "log.info(body)",
        'log.info("x", extra={"body": body})',
        'log.info("x", extra=body)',
        'log.info("x", extra={**body})',
        'log.info("x", stack_info=True)',
    ],
)
def test_what_could_carry_a_secret_is_found(code: str) -> None:
    [statement] = ast.parse(code).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert faults(statement.value) != []


def test_no_field_has_the_name_of_one_that_is_there_anyway() -> None:
    """`logging` would raise for the first kind, and the runtime's JSON would leave out the second."""
    assert not FIELDS & (RECORD | RUNTIME)


def test_nothing_of_ours_prints_but_what_becomes_a_metric() -> None:
    written = {path for path, code in CODE.items() if "sys.stdout" in code}

    assert written == {
        *("bolt_app/services/checker.py", "bolt_app/services/dispatcher.py", "bolt_app/services/heartbeat.py"),
        "bolt_app/slack_front.py",
    }
    assert [path for path, code in CODE.items() if "print(" in code and any(map(_prints, ast.walk(ast.parse(code))))] == []


def _prints(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def test_of_an_event_only_its_ids_are_named_and_cut() -> None:
    detail = {
        "job_id": "nas",
        "response_url": "https://hooks.slack.com/secret",
        "text": "a secret",
        "recipient": {"x": 1},
        "mode": 7,
    }

    assert about(detail, kind="bk.alert") == {"job_id": "nas", "mode": "7", "kind": "bk.alert"}
    assert about({"job_ids": ["a", "b"]}) == {"job_id": "a", "jobs": "2"}
    assert len(str(about({"job_id": "x" * 9999})["job_id"])) == 200
