"""What bk-ack-handler is made of."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring

if TYPE_CHECKING:
    from bolt_app.slack_front import Front

R = TypeVar("R")


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
