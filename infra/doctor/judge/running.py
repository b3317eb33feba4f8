"""The sentinel at work: what ran last, what failed, and who is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.doctor.finding import Finding, few, ok, unsure, wrong
from workflows.backup.canary import News
from workflows.backup.gaps import LOOKED_EVERY

NAMES = {"fast": "hourly", "slow": "daily"}
RUNBOOK = "docs/operations.md"
WOKEN = "-check-shards"
"""The trigger of this queue sleeps until the checker has something in it."""

CANARY_EVERY = timedelta(days=15)
"""Two Mondays: one may be a holiday."""


def judge_checks(fleet: Mapping[str, Any], age: timedelta, now: datetime, prefix: str) -> Iterator[Finding]:
    """`fleet`: the note that full checks leave. `age`: of the stack."""
    for mode, limit in LOOKED_EVERY.items():
        name = NAMES[mode]
        log = f"aws logs tail /aws/lambda/{prefix}-checker --since 2h"
        start = _invoke(f"{prefix}-checker", f'{{"mode":"{mode}"}}')
        last = fleet.get(f"{mode}_at")
        if last is None and age <= limit:
            yield unsure(f"no {name} check was completed yet; the stack is young", f"wait for it, or {start}")
        elif last is None:
            yield wrong(f"no {name} check was ever completed: nobody watches", f"{start}; then {log}")
        elif now - (moment := datetime.fromisoformat(last)) > limit:
            yield wrong(f"the last {name} check was completed {_ago(now - moment)} ago", f"{start}; then {log}")
        else:
            yield ok(f"the last {name} check was completed {_ago(now - moment)} ago")


def judge_calls(what: str, function: str, within: timedelta, calls: float, errors: float, age: timedelta) -> Finding:
    """What Lambda counted of a function within its time."""
    log = f"aws logs tail /aws/lambda/{function} --since {max(1, round(within.total_seconds() / 3600))}h"
    if not calls and age <= within:
        return unsure(f"{what} did not run yet; the stack is young", "run this again later")
    if not calls:
        return wrong(f"{what} did not run within {_ago(within)}", f"see its schedule below, and {log}")
    if errors >= calls:
        return wrong(f"{what} failed every time within {_ago(within)} ({calls:g} of {calls:g})", f"see why: {log}")
    if errors:
        return unsure(f"{what} ran {calls:g} times within {_ago(within)}, and failed {errors:g} times", f"see why: {log}")
    return ok(f"{what} ran within {_ago(within)}")


def judge_canary(news: News | None, age: timedelta, now: datetime, prefix: str) -> Finding:
    start = _invoke(f"{prefix}-heartbeat", '{"canary":"weekly"}')
    if news is not None and news.result == "missed":
        return wrong(
            f"the last weekly test, {news.at:%Y-%m-%d}, did not reach the admin", f"{RUNBOOK}, The weekly test did not arrive"
        )
    if news is not None and news.last_arrived is not None and now - news.last_arrived <= CANARY_EVERY:
        return ok(f"the weekly test last reached the admin {news.last_arrived:%Y-%m-%d}")
    if age <= CANARY_EVERY:
        return unsure(
            "no weekly test has reached the admin yet; the stack is young",
            f"wait for Monday, or {start}, again ten minutes later, and run this again",
        )
    return wrong(
        "no weekly test has reached the admin for more than two weeks",
        f"{start}, again ten minutes later; then {RUNBOOK}, The weekly test did not arrive",
    )


def judge_alarms(wanted: Sequence[str], alarms: Sequence[Mapping[str, Any]], age: timedelta) -> Iterator[Finding]:
    """`wanted`: the stack's. `alarms`: as CloudWatch tells them."""
    told = {str(alarm["AlarmName"]): alarm for alarm in alarms}
    runbook = f"{RUNBOOK}, An alarm came by mail"
    if missing := [name for name in wanted if name not in told]:
        yield wrong(f"missing alarms: {few(missing)}", "make deploy")
    for name, alarm in told.items():
        if alarm["StateValue"] == "ALARM":
            yield wrong(f"{name} is in ALARM: {str(alarm.get('StateReason', ''))[:120]}", runbook)
        if not alarm.get("ActionsEnabled", True):
            yield wrong(f"{name} tells nobody: its actions are off", f"aws cloudwatch enable-alarm-actions --alarm-names {name}")
    unseen = [name for name, alarm in told.items() if alarm["StateValue"] == "INSUFFICIENT_DATA"]
    if unseen:
        why = "the stack is young" if age < timedelta(days=1) else "nothing was measured for them"
        yield unsure(
            f"{len(unseen)} alarms have no data yet ({why}): {few(unseen)}",
            "run this again tomorrow; to try one: aws cloudwatch set-alarm-state --alarm-name "
            f"{unseen[0]} --state-value ALARM --state-reason test",
        )
    if fine := [name for name, alarm in told.items() if alarm["StateValue"] == "OK"]:
        yield ok(f"{len(fine)} alarms are quiet")


def is_failure_queue(name: str) -> bool:
    return name.endswith(("-failed", "-dlq"))


def judge_queues(depths: Mapping[str, int]) -> Iterator[Finding]:
    """`depths`: queue -> messages in it."""
    failed = {name: depth for name, depth in depths.items() if is_failure_queue(name)}
    for name, depth in failed.items():
        if depth:
            yield wrong(f"{depth} in the failure queue {name}", f"{RUNBOOK}, first table, says what it is and what to do")
    if not failed:
        yield wrong("the stack has no failure queues", "make deploy")
    elif not any(failed.values()):
        yield ok(f"{len(failed)} failure queues are empty")


def judge_subscriptions(topic: str, subscriptions: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    name = topic.rpartition(":")[2]
    pending = [str(one["Endpoint"]) for one in subscriptions if one["SubscriptionArn"] == "PendingConfirmation"]
    heard = [str(one["Endpoint"]) for one in subscriptions if str(one["SubscriptionArn"]).startswith("arn:")]
    for endpoint in pending:
        yield wrong(
            f"{endpoint} has not confirmed {name}, and hears of no alarm",
            "confirm the mail from Amazon (AWS Notification - Subscription Confirmation); none there, or older than 3 days: "
            f"aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint {endpoint}",
        )
    if heard:
        yield ok(f"{name} is heard by {few(heard)}")
    elif not pending:
        yield wrong(
            f"nobody hears {name}", "set AlarmEmail in samconfig.toml, then make deploy, and confirm the mail from Amazon"
        )


def judge_schedules(states: Mapping[str, str]) -> Iterator[Finding]:
    """`states`: name of a schedule, rule or trigger -> "ENABLED", "Enabled" or what it is instead."""
    wanted = {name: state for name, state in states.items() if WOKEN not in name}
    off = {name: state for name, state in wanted.items() if state.upper() not in {"ENABLED", "ENABLING", "CREATING", "UPDATING"}}
    for state in sorted({state.lower() for state in off.values()}):
        names = ", ".join(name for name, its in off.items() if its.lower() == state)
        yield wrong(
            f"{names} {'are' if ', ' in names else 'is'} {state}",
            "where somebody paused it: .venv/bin/python -m infra.pause --resume; else AWS console, EventBridge (Schedules, "
            f"Rules) or Lambda (Triggers), {names}, Enable; a deployment does not do it",
        )
    if not off:
        yield ok(f"{len(wanted)} schedules, rules and triggers are enabled")


def judge_model(model_id: str, reason: str, said: str) -> Finding:
    """`reason`: why a question of one word was not answered; "" where it was."""
    access = f"AWS console, Amazon Bedrock, Model catalog: open the model behind {model_id} and fill in what its maker asks"
    if not reason:
        return ok(f"the model {model_id} answers")
    if reason in {"ResourceNotFoundException", "ValidationException"}:
        return wrong(
            f"the model {model_id} cannot be used: {reason} ({said[:120]})",
            f"{access}; or set another ModelId in samconfig.toml, then make deploy",
        )
    if "Denied" in reason:
        return unsure(
            f"the model {model_id} was not answered to you: {reason}",
            f"{access}; or your own credentials lack bedrock:InvokeModel, which the functions have",
        )
    return unsure(
        f"the model {model_id} did not answer: {reason}",
        "run this again; without it mails in unknown formats wait, all else goes on",
    )


def judge_logs(functions: Sequence[str], groups: Mapping[str, int | None]) -> Finding:
    """`groups`: log group -> days for which it is kept; None for ever."""
    for function in functions:
        name = f"/aws/lambda/{function}"
        if name not in groups:
            return wrong(f"there is no log group {name}", "make deploy")
        if groups[name] is None:
            return wrong(
                f"{name} keeps its lines for ever, and costs more each month",
                f"aws logs put-retention-policy --log-group-name {name} --retention-in-days 7",
            )
    kept = sorted({str(groups[f"/aws/lambda/{function}"]) for function in functions})
    return ok(f"{len(functions)} log groups, kept for {few(kept)} days")


def _invoke(function: str, payload: str) -> str:
    return f"aws lambda invoke --function-name {function} --cli-binary-format raw-in-base64-out --payload '{payload}' /dev/stdout"


def _ago(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} hours" if minutes < 2880 else f"{round(minutes / 1440)} days"
