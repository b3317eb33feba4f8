"""Composition: settings -> adapters -> use cases, one function for each Lambda. Adapters are imported where they are used.

Nothing here runs at import; each function is called at the first request of an environment, and its result kept.
"""

import gc
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bolt_app.adapters import aws
from bolt_app.settings import Settings, load_settings
from workflows.kernel.ports import Event, Json

if TYPE_CHECKING:
    from bolt_app.slack_front import Front
    from workflows.backup.check import Order
    from workflows.backup.fleet import Sources

T = TypeVar("T")
R = TypeVar("R")

Checker = Callable[["Order", Callable[[], timedelta]], Json]
Dispatcher = Callable[[str, str], None]
Heartbeat = Callable[[Json], Json]

LISTINGS_AT_ONCE = 32
_log = logging.getLogger(__name__)


@contextmanager
def wiring() -> Iterator[None]:
    """While a Lambda is wired no garbage is collected, and what it loaded is never looked through later.

    All of it stays for good: a hundred thousand objects, most of them the models of AWS services. Looking for garbage among
    them, again and again, was a third of what wiring bk-checker cost.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def settings() -> Settings:
    """Read once an environment; whoever calls keeps it."""
    from bolt_app.adapters.parameters import Parameters

    return load_settings(os.environ, Parameters(aws.client("ssm")).under)


@wiring()
def checker() -> Checker:
    """What bk-checker runs: an order and the time it has left; answers with counts for the log."""
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.s3_objects import S3Objects
    from workflows.backup.check import Memory, check
    from workflows.backup.full_run import close_run

    told = settings()
    dynamodb, s3 = aws.client("dynamodb"), aws.client("s3", connections=LISTINGS_AT_ONCE)
    standings = DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table)
    check_ins = DynamoCheckIns(dynamodb, table=told.heartbeats_table)
    bus = EventBridge(aws.client("events"), bus=told.bus)
    wanted = sources(told)
    documents = S3Documents(
        s3, {wanted.jobs_key: told.registry_bucket, wanted.rules_key: told.rules_bucket, wanted.voice_key: told.rules_bucket}
    )
    objects, memory = S3Objects(s3), Memory()

    def run(order: "Order", time_left: Callable[[], timedelta]) -> Json:
        now = datetime.now(UTC)
        report = check(
            order,
            documents=documents,
            standings=standings,
            check_ins=check_ins,
            objects=objects,
            bus=bus,
            concurrently=side_by_side,
            sources=wanted,
            memory=memory,
            time_left=time_left,
            now=now,
        )
        if order.mode in {"fast", "slow"}:
            close_run(order.mode, report, standings=standings, bus=bus, now=now)
        for job_id, why in report.failed.items():
            _log.error("Job %s could not be checked: %s", job_id, why)
        return {"mode": order.mode, "looked": report.looked, "changed": report.changed, "complete": report.complete}

    return run


def side_by_side(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Runs over items in threads: a check waits for listings most of its time."""
    todo = list(items)
    if len(todo) < 2:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(min(LISTINGS_AT_ONCE, len(todo))) as threads:
        return list(threads.map(work, todo))


def sources(told: Settings) -> "Sources":
    """Where the documents lie, and what the configuration adds to the rules."""
    from workflows.backup.fleet import Sources

    config = {
        "shrink_threshold": "" if told.shrink_threshold is None else str(told.shrink_threshold),
        "max_snoozes_per_break": str(told.max_snoozes_per_break),
        "quiet_hours": told.quiet_hours,
        "holidays": ", ".join(told.holidays),
    }
    return Sources(
        jobs_key="jobs.csv",
        rules_key="rules.txt",
        voice_key="voice.txt",
        timezone=told.timezone,
        admin=told.admin_owner,
        config={name: value for name, value in config.items() if value},
    )


@wiring()
def dispatcher() -> Dispatcher:
    """What bk-dispatch runs for each nudge: the body of a queue message, and a name for this attempt."""
    from bolt_app.adapters.dynamodb_ledger import DynamoLedger
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.adapters.slack import SlackMessenger, slack_client
    from bolt_app.adapters.sqs import DispatchQueue
    from listeners.cards import closed_message, living_message, thread_line
    from listeners.notices import notice_message
    from workflows.backup.telling import Telling
    from workflows.kernel.dispatch import Ports, dispatch, notice

    told = settings()
    dynamodb = aws.client("dynamodb")
    standings = DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table)
    ledger = DynamoLedger(dynamodb, table=told.deliveries_table)
    queue = DispatchQueue(aws.client("sqs"), url=told.dispatch_queue_url)
    secrets = Secrets(aws.client("secretsmanager"))
    token = secrets.get(told.bot_token_secret)
    messenger = SlackMessenger(slack_client(token, base_url=told.slack_api_url), team_id=told.team_id)

    def run(body: str, holder: str) -> None:
        now = datetime.now(UTC)
        nudge = read_nudge(body)
        ports = Ports(
            subjects=Telling(
                standings=standings,
                living=lambda standing, at: living_message(standing, now=at, zone=standing.zone),
                line=lambda standing, at: thread_line(standing, now=at, zone=standing.zone),
                over=lambda standing, at: closed_message(standing, now=at, zone=standing.zone),
                now=now,
            ),
            ledger=ledger,
            messenger=messenger,
            nudges=queue,
            admin=told.admin_owner,
            holder=holder,
        )
        if nudge.kind == "bk.notice":
            notice(nudge, notice_message(nudge.detail), (json.dumps(nudge.detail, sort_keys=True),), ports=ports, now=now)
        else:
            dispatch(nudge, str(nudge.detail["job_id"]), ports=ports, now=now)

    return run


def read_nudge(body: str) -> Event:
    """A queue message, from the bus or from ourselves. Raises ValueError on anything else."""
    envelope = json.loads(body)
    try:
        return Event(kind=envelope["detail-type"], detail=dict(envelope["detail"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"a nudge wants detail-type and detail; this has {sorted(envelope)}") from error


@wiring()
def ack_handler() -> "Front":
    """What bk-ack-handler keeps: Slack's front door, with the app behind it."""
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.adapters.slack import SlackDirectory, slack_client
    from bolt_app.app import TIMEOUT_SECONDS, create_app
    from bolt_app.slack_front import Front
    from listeners.use_cases import UseCases
    from workflows.backup import acknowledgement
    from workflows.kernel.rights import Authority

    told = settings()
    secrets = Secrets(aws.client("secretsmanager"))
    token = secrets.get(told.bot_token_secret)
    standings = DynamoStandings(aws.client("dynamodb"), state=told.state_table, audit=told.audit_table)
    bus = EventBridge(aws.client("events"), bus=told.bus)
    slack = slack_client(token, base_url=told.slack_api_url, timeout_seconds=TIMEOUT_SECONDS)
    directory = SlackDirectory(slack, team_id=told.team_id)
    authority = Authority(team_id=told.team_id, admin=told.admin_owner, approvers=told.approvers)

    def at_once(use_case: Callable[..., R]) -> Callable[..., R]:
        return lambda *facts: use_case(
            *facts, standings=standings, bus=bus, directory=directory, authority=authority, now=datetime.now(UTC)
        )

    use_cases = UseCases(
        mark_fixed=at_once(acknowledgement.mark_fixed),
        mute=at_once(acknowledgement.mute),
        unmute=at_once(acknowledgement.unmute),
        check_now=at_once(acknowledgement.check_now),
        snooze_form=at_once(acknowledgement.snooze_form),
        snooze=at_once(acknowledgement.snooze),
        board=lambda user_id, team_id: acknowledgement.board(
            user_id, team_id, standings=standings, directory=directory, authority=authority
        ),
        now=lambda: datetime.now(UTC),
        zone=told.timezone,
    )
    return Front(
        read_secrets=lambda: secrets.with_previous(told.signing_secret_secret),
        app_for=lambda secret: create_app(
            use_cases, team_id=told.team_id, bot_token=token, signing_secret=secret, slack_api_url=told.slack_api_url
        ),
    )


@wiring()
def heartbeat() -> Heartbeat:
    """What bk-heartbeat runs for each request to its Function URL."""
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.heartbeat_keys import HeartbeatKeys
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.heartbeat_front import respond

    told = settings()
    keys = HeartbeatKeys(Secrets(aws.client("secretsmanager")), name=told.heartbeat_keys_secret)
    check_ins = DynamoCheckIns(aws.client("dynamodb"), table=told.heartbeats_table)
    bus = EventBridge(aws.client("events"), bus=told.bus)
    return lambda event: respond(event, keys=keys, check_ins=check_ins, bus=bus, now=datetime.now(UTC))
