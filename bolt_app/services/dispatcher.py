"""What bk-dispatch is made of."""

import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from bolt_app.adapters import aws
from bolt_app.services.sources import sources
from bolt_app.services.wiring import settings, wiring
from bolt_app.settings import Settings
from workflows.kernel.ports import Event

if TYPE_CHECKING:
    from bolt_app.adapters.slack import SlackMessenger
    from workflows.backup.ports import Standings
    from workflows.backup.telling import StormMember
    from workflows.kernel.ports import Delivery, Ledger, Messenger, Nudges
    from workflows.kernel.proposal import Proposals

_log = logging.getLogger(__name__)

Dispatcher = Callable[[str, str, Callable[[], float]], None]

DELIVERY_FAILED = "DeliveryFailed"
"""The metric: 1 for a row of the ledger that ends as failed, 0 for one that ends as delivered; so its average is the rate.

What was only asked to wait has not ended."""

DELIVERY_DELAY = "DeliveryDelay"
"""The metric: for how many seconds something was put off by now, each time that no answer comes or the rate is refused.

Each time it is a new message of the queue, whose age therefore never says how long an outage lasts."""


@wiring()
def dispatcher() -> Dispatcher:
    """What bk-dispatch runs for each nudge: the body of a queue message, a name for this attempt, and its seconds left."""
    from bolt_app.adapters.dynamodb_ledger import DynamoLedger
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.schedules import DEFERRED, Schedules
    from bolt_app.adapters.sqs import DispatchQueue
    from bolt_app.services.letter_drawing import letters_and_mailer
    from listeners.cards import closed_message, living_message, thread_line
    from listeners.meanwhile import meanwhile
    from listeners.notices import notice_message
    from listeners.storm_cards import storm_card, storm_details, storm_news
    from workflows.backup.telling import Telling
    from workflows.backup.words import read_words
    from workflows.kernel.dispatch import Ports, dispatch, notice, open_up
    from workflows.kernel.posting import facts_of, when_due
    from workflows.kernel.returned import RETURNED, take_back

    told = settings()
    dynamodb = aws.client("dynamodb")
    standings = DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table)
    proposals = DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table)
    ledger = DynamoLedger(dynamodb, table=told.deliveries_table, written=lambda row: count_outcome(row, told.prefix))
    wanted = sources(told)
    documents = S3Documents(aws.client("s3"), dict.fromkeys((wanted.rules_key, wanted.voice_key), told.rules_bucket))
    deferrals = Schedules(
        aws.client("scheduler"),
        queue_arn=told.dispatch_queue_arn,
        role_arn=told.deferral_role_arn,
        prefix=told.prefix,
        group=told.deferral_group,
    )
    queue = DispatchQueue(aws.client("sqs"), url=told.dispatch_queue_url)
    messenger = _messenger(told)
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)

    letters, mailer = letters_and_mailer(told)
    aside = _asides(told, standings=standings, proposals=proposals, ledger=ledger, messenger=messenger, nudges=queue)

    def run(body: str, holder: str, seconds_left: Callable[[], float]) -> None:
        now = datetime.now(UTC)
        read = read_nudge(body)
        if read is None:
            _log.warning("The mail service told of something that is about no returned letter; it is let go")
            return
        nudge = when_due(read, queue, now)
        if nudge is None:
            return
        if aside(nudge, holder, now):
            return
        words = cache(lambda: read_words(documents, wanted, last_good=lambda: standings.fleet().get("texts", {})))
        ports = Ports(
            subjects=Telling(
                standings=standings,
                living=lambda standing, at: living_message(standing, now=at, zone=standing.zone, own=words().voice.line),
                line=lambda standing, at: thread_line(standing, now=at, zone=standing.zone, own=words().voice.line),
                over=lambda standing, at: closed_message(standing, now=at, zone=standing.zone),
                card=lambda recipient, members, at: storm_card(
                    members, recipient=recipient, now=at, zone=_zone_of(members, told)
                ),
                details_of=lambda members, at: storm_details(members, now=at, zone=_zone_of(members, told)),
                news_of=lambda members, _: storm_news(members),
                gone=lambda gone, at: meanwhile(gone, now=at, zone=gone[0][1].zone),
                hours=lambda email: words().hours(email),
                now=now,
                letters=letters,
            ),
            ledger=ledger,
            messenger=messenger,
            nudges=queue,
            deferrals=deferrals,
            admin=told.admin_owner,
            holder=holder,
            mailer=mailer,
            seconds_left=seconds_left,
            put_off=partial(count_delay, namespace=told.prefix),
            bus=bus,
        )
        if nudge.kind == DEFERRED:
            open_up(nudge, str(nudge.detail["recipient"]), ports=ports, now=now)
        elif nudge.kind == RETURNED:
            if not take_back(nudge, ports=ports, now=now):
                _log.warning("A letter came back that is not known here; it is let go", extra={"letter": nudge.detail["letter"]})
        elif nudge.kind == "bk.notice":
            notice(
                nudge,
                notice_message(facts_of(nudge)),
                (json.dumps(facts_of(nudge), sort_keys=True),),
                ports=ports,
                now=now,
            )
        else:
            dispatch(nudge, str(nudge.detail["job_id"]), ports=ports, now=now)

    return run


def _asides(
    told: Settings,
    *,
    standings: "Standings",
    proposals: "Proposals",
    ledger: "Ledger",
    messenger: "Messenger",
    nudges: "Nudges",
) -> Callable[[Event, str, datetime], bool]:
    """Follows what is about no subject that people are told of: cards of proposals, and those who wait for a check."""
    from bolt_app.services.card_drawing import card_ports
    from bolt_app.services.check_answers import check_answers
    from workflows.backup.checked import CHECKED
    from workflows.kernel.proposal_cards import show_proposal

    answer_check = check_answers(told, standings=standings, ledger=ledger)

    def follow(nudge: Event, holder: str, now: datetime) -> bool:
        """False where it is none of these."""
        if nudge.kind == CHECKED:
            answer_check(nudge.detail, now)
        elif nudge.kind == "bk.proposal":
            cards = card_ports(
                told,
                proposals=proposals,
                standings=standings,
                ledger=ledger,
                messenger=messenger,
                nudges=nudges,
                holder=holder,
                put_off=partial(count_delay, namespace=told.prefix),
            )
            show_proposal(nudge, str(nudge.detail["proposal_id"]), ports=cards, now=now)
        else:
            return False
        return True

    return follow


def count_outcome(row: "Delivery", namespace: str) -> None:
    """Prints the metric for a row that was just written."""
    from bolt_app.adapters.metrics import metric_line
    from workflows.kernel.errors import RATE_LIMITED

    waits = row.outcome == "failed" and row.why.startswith(RATE_LIMITED)
    if row.outcome in {"delivered", "failed"} and not waits:
        sys.stdout.write(metric_line(namespace, DELIVERY_FAILED, int(row.outcome == "failed"), at=datetime.now(UTC)))


def count_delay(seconds: float, *, namespace: str) -> None:
    """Prints the metric for what was just put off once more, `seconds` after it was first."""
    from bolt_app.adapters.metrics import metric_line

    sys.stdout.write(metric_line(namespace, DELIVERY_DELAY, seconds, at=datetime.now(UTC), unit="Seconds"))


def _zone_of(members: "Sequence[StormMember]", told: Settings) -> str:
    return next((member.standing.zone for member in members if member.standing), told.timezone)


def _messenger(told: Settings) -> "SlackMessenger":
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.adapters.slack import RenewingClient, SlackMessenger

    secrets = Secrets(aws.client("secretsmanager"))
    client = RenewingClient(lambda: secrets.refresh(told.bot_token_secret), base_url=told.slack_api_url)
    return SlackMessenger(client, team_id=told.team_id)


def read_nudge(body: str) -> Event | None:
    """A queue message, from the bus, from ourselves, or from the mail service; None where that tells nothing we follow.

    Raises ValueError on anything else.
    """
    envelope = json.loads(body)
    if not isinstance(envelope, dict):
        raise ValueError("a nudge is a JSON object; this is something else")  # noqa: TRY004 - to the queue it is a bad value
    if envelope.get("Type") == "Notification":
        from bolt_app.adapters.ses_news import news_of

        return news_of(envelope)
    try:
        return Event(kind=envelope["detail-type"], detail=dict(envelope["detail"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"a nudge wants detail-type and detail; this has {sorted(envelope)}") from error
