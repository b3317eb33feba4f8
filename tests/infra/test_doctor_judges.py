"""The doctor's rules: what is well, what is wrong, and the remedy of each."""

import json
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra import filling
from infra.doctor.dns import Mx
from infra.doctor.finding import Finding, ok, unsure, wrong
from infra.doctor.judge import buckets, doors, google, mail, running, secrets, settings, slack, stack
from infra.doctor.telling import as_json, counted, group_text, verdict
from workflows.backup.canary import News
from workflows.backup.joblist import COLUMNS, parse_jobs
from workflows.backup.rules import parse_rules
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Member
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_trouble import NOT_SHARED
from workflows.kernel.table import read_table

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YOUNG, OLD = timedelta(minutes=20), timedelta(days=90)
SHEET = Source(id="the-sheet", key="jobs.csv", name="job list", kind="sheet")


def states(found: Any) -> list[str]:
    return [one.state for one in found]


def only(found: Any) -> Finding:
    [one] = found
    assert isinstance(one, Finding)
    return one


# --- findings ------------------------------------------------------------------------------------


def test_whatever_is_not_well_has_a_remedy_and_nothing_else_has() -> None:
    with pytest.raises(ValueError, match="needs a remedy"):
        wrong("bad", "")
    with pytest.raises(ValueError, match="needs no remedy"):
        Finding("ok", "fine", "do something")


def test_only_what_is_wrong_fails() -> None:
    fine, odd, bad = ok("a"), unsure("b", "look"), wrong("c", "mend")

    assert [verdict([fine, odd]), verdict([fine, bad])] == [0, 1]
    assert counted([fine, odd, bad]) == "1 ok, 1 wrong, 1 unsure"


def test_the_keys_of_check_ins_are_made_by_the_command_that_is_shown() -> None:
    """The same that a deployment shows; what it makes is what the judge takes."""
    program = shlex.split(filling.made("bk/heartbeat/keys").partition(" | ")[0])
    made = subprocess.run([sys.executable, *program[1:]], capture_output=True, text=True, check=True, timeout=10).stdout

    assert secrets.judge_heartbeat_keys("bk/heartbeat/keys", made).state == "ok"
    assert filling.made("bk/heartbeat/keys") in secrets.judge_heartbeat_keys("bk/heartbeat/keys", "").todo


def test_what_others_wrote_steers_no_terminal() -> None:
    hostile = "no column \x1b]0;owned\x07\x1b[2J\x9b1A Size\r\n  ok     all is well \u202efdp"

    text = group_text("Google", [wrong(hostile, f"remove {hostile}")], bright=True)

    assert text.count("\n") == 3
    assert all(letter.isprintable() for line in text.split("\n") for letter in line)


def test_text_shows_the_remedy_below_and_plain_text_is_ascii() -> None:
    text = group_text("Slack", [ok("fine"), wrong("bad", "aws mend")], bright=False)

    assert text.isascii()
    assert text.splitlines() == ["Slack", "  ok     fine", "  WRONG  bad", "           -> aws mend"]
    assert "✗ bad" in group_text("Slack", [wrong("bad", "aws mend")], bright=True)
    assert json.loads(as_json([("Slack", [wrong("bad", "mend")])])) == [
        {"group": "Slack", "state": "wrong", "line": "bad", "todo": "mend"}
    ]


# --- stack and doors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "unfinished", "state"),
    [
        ("CREATE_COMPLETE", [], "ok"),
        ("UPDATE_COMPLETE", [], "ok"),
        ("UPDATE_COMPLETE", ["Checker"], "wrong"),
        ("UPDATE_IN_PROGRESS", ["Checker"], "unsure"),
        ("UPDATE_ROLLBACK_COMPLETE", [], "unsure"),
        ("ROLLBACK_COMPLETE", [], "wrong"),
        ("DELETE_FAILED", [], "wrong"),
    ],
)
def test_a_stack_is_well_when_it_and_all_of_it_are_complete(status: str, unfinished: list[str], state: str) -> None:
    assert stack.judge_stack("backup-sentinel", status, NOW, unfinished).state == state


def test_outputs_and_functions_that_are_not_as_they_should_be_are_named() -> None:
    assert "HeartbeatUrl" in stack.judge_outputs({"SlackUrl": "https://x"}).line
    good = {"Runtime": "python3.14", "LastModified": "2026-11-22T03:13:46.000+0000", "State": "Active"}
    assert states(stack.judge_functions({"bk-checker": good}, "python3.14")) == ["ok"]
    assert states(stack.judge_functions({"bk-checker": good | {"Runtime": "python3.11"}}, "python3.14")) == ["unsure", "ok"]
    assert states(stack.judge_functions({"bk-checker": good | {"State": "Failed"}}, "python3.14")) == ["wrong", "ok"]
    assert states(stack.judge_functions({"bk-checker": good | {"LastUpdateStatus": "Failed"}}, "python3.14")) == ["wrong", "ok"]
    assert states(stack.judge_functions({}, "python3.14")) == ["wrong"]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (0, "does not answer"),
        (200, "not signed"),
        (403, "lambda:InvokeFunctionUrl"),
        (404, "no function"),
        (429, "too many"),
        (502, "aws logs tail /aws/lambda/bk-ack-handler"),
    ],
)
def test_a_door_turns_strangers_away_itself_and_with_401_alone(status: int, says: str) -> None:
    found = doors.judge_door("the address for Slack", "bk-ack-handler", status)

    assert found.state == "wrong"
    assert says in f"{found.line} {found.todo}"
    assert doors.judge_door("the address for Slack", "bk-ack-handler", 401).state == "ok"


# --- secrets and settings ------------------------------------------------------------------------


KEY = {
    "type": "service_account",
    "client_email": "s@p.iam.gserviceaccount.com",
    "private_key": "-----BEGIN PRIVATE KEY-----\nhidden",
}
FORTY = "0123456789abcdef" * 2 + "01234567"


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (secrets.judge_bot_token("t", "xoxb-1234567890-hidden"), "ok"),
        (secrets.judge_bot_token("t", ""), "wrong"),
        (secrets.judge_bot_token("t", "xoxp-1234567890-hidden"), "wrong"),
        (secrets.judge_bot_token("t", "xoxb hidden"), "wrong"),
        (secrets.judge_signing_secret("t", "0123456789abcdef" * 2), "ok"),
        (secrets.judge_signing_secret("t", "hidden"), "wrong"),
        (secrets.judge_signing_secret("t", ""), "wrong"),
        (secrets.judge_heartbeat_keys("t", json.dumps({"master": FORTY, "enrolment": FORTY[::-1]})), "ok"),
        (secrets.judge_heartbeat_keys("t", json.dumps({"master": FORTY, "enrolment": FORTY})), "wrong"),
        (secrets.judge_heartbeat_keys("t", json.dumps({"master": FORTY, "enrolment": "hidden"})), "wrong"),
        (secrets.judge_heartbeat_keys("t", json.dumps({"master": FORTY})), "unsure"),
        (secrets.judge_heartbeat_keys("t", json.dumps({"master": "hidden"})), "wrong"),
        (secrets.judge_heartbeat_keys("t", "hidden"), "wrong"),
        (secrets.judge_heartbeat_keys("t", ""), "wrong"),
        (secrets.judge_drive_account("t", json.dumps(KEY), needed=True), "ok"),
        (secrets.judge_drive_account("t", json.dumps({**KEY, "type": "authorized_user"}), needed=True), "wrong"),
        (secrets.judge_drive_account("t", "hidden", needed=True), "wrong"),
        (secrets.judge_drive_account("t", '["hidden"]', needed=True), "wrong"),
        (secrets.judge_drive_account("t", "", needed=True), "wrong"),
        (secrets.judge_drive_account("t", "", needed=False), "ok"),
        (secrets.judge_link_key("t", "", "ParameterNotFound"), "ok"),
        (secrets.judge_link_key("t", "a@example.com", ""), "ok"),
        (secrets.judge_link_key("t", "a@example.com", "ParameterNotFound"), "wrong"),
        (secrets.judge_link_key("t", "a@example.com", "unusable_link_key"), "wrong"),
    ],
)
def test_secrets_are_judged_by_their_shape_and_never_shown(found: Finding, state: str) -> None:
    assert found.state == state
    assert "hidden" not in found.line + found.todo
    assert FORTY not in found.line + found.todo


def test_a_secret_is_put_by_a_command_that_does_not_hold_it() -> None:
    for remedy in (secrets.of_bot_token("bk/t"), secrets.of_signing_secret("bk/t"), secrets.of_heartbeat_keys("bk/t")):
        assert "--secret-id bk/t --secret-string file:///dev/stdin" in remedy


def test_a_setting_that_is_refused_is_named_with_where_it_is_set() -> None:
    said = "parameter /bk/config/admin_owner is 'ana'; it wants one e-mail address\nenvironment variable BK_PREFIX is missing"

    of_stack, of_environment = settings.judge_settings(said, {"AdminOwner"})
    assert "set AdminOwner in samconfig.toml" in of_stack.todo
    assert of_environment.todo.startswith("make deploy")
    by_hand = only(settings.judge_settings(said.splitlines()[0], set()))
    assert by_hand.todo == "aws ssm put-parameter --name /bk/config/admin_owner --type String --overwrite --value VALUE"


def test_a_misspelt_parameter_is_named_with_what_was_perhaps_meant() -> None:
    odd, rest = settings.judge_names("/bk/config", 3, ("aprovers",), ["approvers", "timezone"])

    assert odd.state == "unsure"
    assert odd.todo == "aws ssm delete-parameter --name /bk/config/aprovers; perhaps approvers was meant"
    assert rest.line.startswith("2 parameters")


# --- slack ---------------------------------------------------------------------------------------


def test_a_token_that_is_not_taken_or_of_another_workspace_is_wrong() -> None:
    assert slack.judge_token("bk/t", "invalid_auth", "", "T1", "").state == "wrong"
    assert slack.judge_token("bk/t", "TimeoutError", "", "T1", "").state == "unsure"
    other = slack.judge_token("bk/t", "", "T2", "T1", "acme")
    assert (other.state, "set TeamId to T2" in other.todo) == ("wrong", True)
    assert slack.judge_token("bk/t", "", "T1", "T1", "acme").state == "ok"


def test_missing_scopes_are_named_and_the_app_is_to_be_reinstalled() -> None:
    found = slack.judge_scopes(["chat:write"], ["chat:write", "users:read"])

    assert (found.state, found.line) == ("wrong", "the app lacks the scopes users:read")
    assert found.todo.startswith("reinstall the app")
    assert slack.judge_scopes(["a", "b"], ["a"]).state == "unsure"
    assert slack.judge_scopes([], ["a"]).state == "unsure"
    assert slack.judge_scopes(["b", "a"], ["a", "b"]).state == "ok"


def test_people_that_are_not_there_or_are_guests_are_wrong() -> None:
    ana = Member(user_id="U1", email="ana@example.com", name="Ana", guest=False)
    guest = Member(user_id="U2", email="g@example.com", name="G", guest=True)

    assert [slack.judge_admin("x", one).state for one in (ana, guest, None)] == ["ok", "wrong", "wrong"]
    assert slack.judge_approver("x", ana) is None
    assert all(
        one is not None and one.state == "wrong" for one in (slack.judge_approver("x", guest), slack.judge_approver("x", None))
    )
    assert slack.judge_group("S1", 2, "") is None
    assert all(slack.judge_group("S1", *told) for told in ((0, ""), (0, "no_such_subteam"), (0, "missing_scope")))
    assert states(slack.judge_approvers(0, [])) == states(slack.judge_approvers(2, [])) == ["ok"]
    assert states(slack.judge_approvers(1, [wrong("a", "b")])) == ["wrong"]


def test_a_channel_without_the_app_is_told_with_the_line_to_type() -> None:
    found = slack.judge_channel("summary_channel", "C1", "not_in_channel")

    assert (found.state, found.todo) == ("wrong", "in that channel: /invite @Backup Sentinel")
    assert "SummaryChannel in samconfig.toml" in slack.judge_channel("summary_channel", "C1", "channel_not_found").todo
    assert slack.judge_channel("summary_channel", "C1", "missing_scope").state == "wrong"
    assert slack.judge_channel("summary_channel", "C1", "rate_limited").state == "unsure"
    assert slack.judge_channel("summary_channel", "C1", "").state == "ok"


# --- google --------------------------------------------------------------------------------------


def sheet_of(*lines: str) -> list[Finding]:
    text = "\n".join(lines)
    return list(google.judge_sheet(read_table(text, COLUMNS), parse_jobs(text, timezone="UTC", rules=parse_rules("", config={}))))


def test_a_sheet_with_all_headers_is_well_and_its_own_columns_are_named() -> None:
    found = only(sheet_of(",".join((*COLUMNS, "Notes")), "a,A,,,,heartbeat,,,,2h,,,,seen"))

    assert (found.state, found.line) == ("ok", "the job list is readable, 1 jobs; not used: Notes")


def test_a_needed_column_that_is_missing_or_mistyped_is_wrong_and_another_is_not() -> None:
    assert only(sheet_of("name,window", "A,2h")).line.startswith("the job list cannot be read: there is no column target")
    mistyped = sheet_of(",".join(COLUMNS).replace("owner_email", "owner_mail"))
    assert states(mistyped) == ["wrong", "ok"]
    assert "perhaps owner_email" in mistyped[0].todo
    assert "not used" not in mistyped[1].line
    fewer = sheet_of("job_id,name,target,window,owner_email", "a,A,heartbeat,2h,")
    assert states(fewer) == ["unsure", "ok"]
    assert "report_from" in fewer[0].line
    assert states(sheet_of(",".join(COLUMNS), "a,A,,,,nowhere,,,,2h,,,")) == ["unsure", "ok"]


def test_a_refusal_names_the_account_to_share_with() -> None:
    found = google.refused(Refused(NOT_SHARED), SHEET, "s@p.iam.gserviceaccount.com")

    assert (found.state, found.todo) == ("wrong", "share the job list with s@p.iam.gserviceaccount.com as Editor")
    assert "Share, s@p, Editor" in google.judge_editor(SHEET, "s@p", may_edit=False).todo
    assert google.judge_editor(SHEET, "s@p", may_edit=True).state == "ok"


def test_a_change_that_is_not_mirrored_for_long_is_wrong() -> None:
    def copy(changed: timedelta, *, same: bool = False) -> Finding:
        version = f"9 {(NOW - changed).isoformat()}"
        mirrored = version if same else "8 2026-01-01T00:00:00Z"
        return google.judge_copy(SHEET, version, mirrored, NOW, now=NOW, prefix="bk")

    assert copy(OLD, same=True).state == "ok"
    assert copy(timedelta(minutes=10)).state == "ok"
    late = copy(timedelta(hours=2))
    assert (late.state, 'bk-drive-sync --cli-binary-format raw-in-base64-out --payload \'{"mode":"sync"}\'' in late.todo) == (
        "wrong",
        True,
    )
    assert google.judge_copy(SHEET, "9 x", "", NOW, now=NOW, prefix="bk").state == "wrong"
    assert google.judge_copy(SHEET, "9 x", "9 x", None, now=NOW, prefix="bk").state == "wrong"
    assert google.judge_copy(SHEET, "9 no date", "8", NOW, now=NOW, prefix="bk").state == "ok"


def test_without_a_sheet_the_object_is_the_list_and_without_that_nothing_is_watched() -> None:
    words = Source(id="", key="rules.txt", name="rules document", kind="text")

    assert [google.not_set_up(SHEET, NOW).state, google.not_set_up(SHEET, None).state] == ["unsure", "wrong"]
    assert [google.not_set_up(words, NOW).state, google.not_set_up(words, None).state] == ["ok", "ok"]


# --- mail ----------------------------------------------------------------------------------------

LANE = mail.Lane(
    region="eu-west-1",
    rule_set="bk-inbound-rules",
    rule="bk-store-reports",
    configuration_set="bk-letters",
    bucket="bk-raw",
    sender="s@example.com",
)
RULE = {"Enabled": True, "Recipients": ["r@b.example.com"], "Actions": [{"S3Action": {"BucketName": "bk-raw"}}]}
HERE = "inbound-smtp.eu-west-1.amazonaws.com"


def test_mail_is_taken_by_our_rule_in_our_own_set_alone() -> None:
    assert mail.judge_rules(LANE, "bk-inbound-rules", [RULE], [RULE]).state == "ok"
    foreign = mail.judge_rules(LANE, "theirs", [{}, RULE], [RULE])
    assert (foreign.state, "move the rules of theirs into bk-inbound-rules" in foreign.todo) == ("wrong", True)
    idle = mail.judge_rules(LANE, "", [], [RULE])
    assert (idle.state, idle.todo) == ("wrong", "aws ses set-active-receipt-rule-set --rule-set-name bk-inbound-rules")
    assert "theirs" in mail.judge_rules(LANE, "theirs", [], [RULE]).line
    assert mail.judge_rules(LANE, "bk-inbound-rules", [], [{**RULE, "Enabled": False}]).state == "wrong"


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([], "wrong"),
        ([Mx(10, HERE)], "ok"),
        ([Mx(10, HERE), Mx(20, "mail.example.com")], "ok"),
        ([Mx(5, "mail.example.com"), Mx(10, HERE)], "wrong"),
        ([Mx(10, "mail.example.com"), Mx(10, HERE)], "wrong"),
        ([Mx(10, "mail.example.com")], "wrong"),
    ],
)
def test_mail_must_come_here_first_and_the_remedy_is_the_record(records: list[Mx], state: str) -> None:
    found = mail.judge_mx(LANE, "b.example.com", records)

    assert found.state == state
    assert state == "ok" or f"10 {HERE}" in found.todo


def test_an_identity_is_verified_signed_and_followed() -> None:
    fine = {"VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"}, "ConfigurationSetName": "bk-letters"}

    def state(told: dict[str, Any] | None, name: str = "example.com") -> str:
        return only(mail.judge_identity(name, told, LANE, sends=True)).state

    assert state(fine) == "ok"
    assert state(None) == "wrong"
    assert state({**fine, "VerifiedForSendingStatus": False}) == "wrong"
    assert state({**fine, "DkimAttributes": {"Status": "PENDING"}}) == "wrong"
    assert state({**fine, "DkimAttributes": {"Status": "NOT_STARTED"}}, "s@example.com") == "ok"
    assert state({**fine, "ConfigurationSetName": "other"}) == "unsure"


def test_the_sandbox_is_told_with_what_it_means() -> None:
    sandbox = only(mail.judge_sending({"SendingEnabled": True, "ProductionAccessEnabled": False}, "s@example.com"))

    assert (sandbox.state, "Request production access" in sandbox.todo) == ("unsure", True)
    assert states(mail.judge_sending({"SendingEnabled": False, "ProductionAccessEnabled": True}, "s@example.com")) == [
        "wrong",
        "ok",
    ]
    assert states(mail.judge_sending({}, "")) == ["ok"]
    assert [mail.judge_allowed(()).state, mail.judge_allowed(("example.com",)).state] == ["wrong", "ok"]


# --- buckets -------------------------------------------------------------------------------------


def test_each_place_of_the_list_is_tried_and_each_bucket_without_rows() -> None:
    listed = [("acme", "orders/"), ("acme", "crm/"), ("acme", "orders/"), ("else", "")]

    assert buckets.places_of(["acme", "idle"], listed) == ["acme/orders/", "acme/crm/", "else", "idle"]


def places(reasons: dict[str, str], empty: list[str] | None = None) -> list[Finding]:
    return list(buckets.judge_places({"acme"}, reasons, empty or [], role="bk-checker-role"))


def test_what_the_role_cannot_list_is_told_with_who_must_open_it() -> None:
    assert only(places({"acme/orders/": "", "acme/crm/": ""})).line == "bk-checker-role lists acme (2 places)"
    assert "make stack ENV=watched" in only(places({"acme": "AccessDenied"})).todo
    assert "WatchedBuckets" in only(places({"else/a/": "AccessDenied"})).todo
    assert only(places({"gone": "NoSuchBucket"})).line.startswith("there is no bucket gone")
    assert only(places({"acme": "SlowDown"})).state == "wrong"
    assert states(places({"acme": ""}, ["acme"])) == ["unsure"]
    assert states(places({"acme/a/": "", "acme/b/": ""}, ["acme/b/"])) == ["unsure", "ok"]
    assert states(places({})) == ["unsure"]


def test_buckets_of_the_own_account_are_warned_of() -> None:
    assert states(buckets.judge_own(["acme"])) == ["unsure"]
    assert states(buckets.judge_own([])) == []


# --- at work -------------------------------------------------------------------------------------


def checks(age: timedelta, **ago: timedelta) -> list[str]:
    return states(running.judge_checks({f"{mode}_at": (NOW - span).isoformat() for mode, span in ago.items()}, age, NOW, "bk"))


def test_checks_that_stay_away_are_wrong_and_on_a_young_stack_not_yet() -> None:
    assert checks(OLD, fast=timedelta(minutes=50), slow=timedelta(hours=20)) == ["ok", "ok"]
    assert checks(OLD, fast=timedelta(minutes=100), slow=timedelta(hours=26)) == ["wrong", "wrong"]
    assert checks(OLD) == ["wrong", "wrong"]
    assert checks(YOUNG) == ["unsure", "unsure"]


def test_calls_are_judged_by_whether_any_was_well() -> None:
    hour = timedelta(hours=1)

    def state(calls: float, errors: float, age: timedelta = OLD) -> str:
        return running.judge_calls("the sync", "bk-drive-sync", hour, calls, errors, age).state

    assert [state(4, 0), state(4, 1), state(4, 4), state(0, 0), state(0, 0, YOUNG)] == [
        "ok",
        "unsure",
        "wrong",
        "wrong",
        "unsure",
    ]


def test_the_weekly_test_is_well_while_one_arrived_lately() -> None:
    def state(news: News | None, age: timedelta = OLD) -> str:
        return running.judge_canary(news, age, NOW, "bk").state

    week = NOW - timedelta(days=6)
    assert state(News(result="arrived", at=week, last_arrived=week)) == "ok"
    assert state(News(result="held_back", at=NOW, last_arrived=week)) == "ok"
    assert state(News(result="missed", at=NOW, last_arrived=week)) == "wrong"
    assert state(News(result=None, at=NOW, last_arrived=None)) == state(None) == "wrong"
    assert state(None, YOUNG) == "unsure"


def alarm(name: str, state: str, *, acts: bool = True) -> dict[str, Any]:
    return {"AlarmName": name, "StateValue": state, "StateReason": "a test", "ActionsEnabled": acts}


def test_alarms_are_told_by_their_state() -> None:
    found = list(
        running.judge_alarms(["a", "b", "c", "d"], [alarm("a", "ALARM"), alarm("b", "OK"), alarm("c", "INSUFFICIENT_DATA")], OLD)
    )

    assert [one.line.split(":")[0] for one in found] == [
        "missing alarms",
        "a is in ALARM",
        "1 alarms have no data yet (nothing was measured for them)",
        "1 alarms are quiet",
    ]
    muted = next(one for one in running.judge_alarms(["a"], [alarm("a", "OK", acts=False)], OLD) if one.state == "wrong")
    assert muted.todo == "aws cloudwatch enable-alarm-actions --alarm-names a"


def test_only_failure_queues_must_be_empty() -> None:
    assert states(running.judge_queues({"bk-dispatch": 9, "bk-dispatch-dlq": 0, "bk-checker-failed": 0})) == ["ok"]
    assert only(running.judge_queues({"bk-dispatch-dlq": 2})).line == "2 in the failure queue bk-dispatch-dlq"
    assert states(running.judge_queues({})) == ["wrong"]


def test_an_address_that_has_not_confirmed_hears_nothing() -> None:
    topic = "arn:aws:sns:eu-west-1:1:bk-alarm"
    waiting = {"Endpoint": "ana@example.com", "SubscriptionArn": "PendingConfirmation"}
    heard = {"Endpoint": "sam@example.com", "SubscriptionArn": f"{topic}:1"}

    assert states(running.judge_subscriptions(topic, [waiting, heard])) == ["wrong", "ok"]
    assert "confirm the mail from Amazon" in only(running.judge_subscriptions(topic, [waiting])).todo
    assert states(running.judge_subscriptions(topic, [])) == ["wrong"]


def test_what_is_switched_off_is_named() -> None:
    assert states(running.judge_schedules({"bk-tick": "ENABLED", "bk-dispatch -> dispatch": "Enabled"})) == ["ok"]
    assert states(running.judge_schedules({"bk-check-shards -> bk-checker": "Disabled", "bk-tick": "ENABLED"})) == ["ok"]
    off = only(running.judge_schedules({"bk-tick": "DISABLED", "b": "ENABLED"}))
    assert off.line == "bk-tick is disabled"
    assert "infra.pause --resume" in off.todo
    paused = only(running.judge_schedules({"bk-tick": "DISABLED", "bk-dispatch -> dispatch": "Disabled", "b": "ENABLED"}))
    assert paused.line == "bk-tick, bk-dispatch -> dispatch are disabled"


@pytest.mark.parametrize(
    ("reason", "state"),
    [("", "ok"), ("ValidationException", "wrong"), ("AccessDeniedException", "unsure"), ("ThrottlingException", "unsure")],
)
def test_a_model_that_is_refused_to_the_operator_may_be_open_to_the_functions(reason: str, state: str) -> None:
    assert running.judge_model("m", reason, "said").state == state


def test_log_groups_are_there_and_do_not_keep_for_ever() -> None:
    assert running.judge_logs(["bk-a"], {"/aws/lambda/bk-a": 7}).state == "ok"
    assert "put-retention-policy" in running.judge_logs(["bk-a"], {"/aws/lambda/bk-a": None}).todo
    assert running.judge_logs(["bk-a"], {}).state == "wrong"
