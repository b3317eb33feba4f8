"""What bk-ack-handler is made of."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring
from bolt_app.settings import Settings

if TYPE_CHECKING:
    from bolt_app.slack_front import Front
    from listeners.message_text import MessageText
    from listeners.use_cases import BoardCases, ProposalCases
    from workflows.backup.explanation import Explanation
    from workflows.backup.listed_rows import ListedRows
    from workflows.backup.ports import Standings
    from workflows.backup.press import SnoozeChoice
    from workflows.backup.row_form import RowForm
    from workflows.backup.rules import Rules
    from workflows.backup.storm_answer import SnoozedAll, StormPress
    from workflows.backup.viewing import History
    from workflows.kernel.ports import Bus, Directory
    from workflows.kernel.proposal import Proposals
    from workflows.kernel.proposals import Asker
    from workflows.kernel.reply import Reply
    from workflows.kernel.rights import Authority

R = TypeVar("R")
T = TypeVar("T")

SNOOZING_SECONDS = 1.6
"""Of the three that Slack waits: the rest is for reading the card before, and for a cold start."""

CONNECTIONS = 10
"""So many a client keeps open, if it is told nothing else."""


@wiring()
def ack_handler() -> "Front":
    """What bk-ack-handler keeps: Slack's front door, with the app behind it."""
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.adapters.slack import RenewingClient, SlackDirectory
    from bolt_app.app import TIMEOUT_SECONDS, create_app
    from bolt_app.slack_front import Front
    from listeners.use_cases import UseCases
    from workflows.backup import acknowledgement
    from workflows.backup.checking import check_jobs
    from workflows.backup.key_asking import ask_key
    from workflows.backup.let_go import let_go
    from workflows.kernel.rights import Authority

    told = settings()
    secrets = Secrets(aws.client("secretsmanager"))
    dynamodb = aws.client("dynamodb")
    standings = DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table)
    proposals = DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table)
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)
    slack = RenewingClient(lambda: secrets.refresh(told.bot_token_secret), base_url=told.slack_api_url, timeout=TIMEOUT_SECONDS)
    directory = SlackDirectory(slack, team_id=told.team_id)
    authority = Authority(team_id=told.team_id, admin=told.admin_owner, approvers=told.approvers)

    def at_once(use_case: Callable[..., R], **more: object) -> Callable[..., R]:
        return lambda *facts: use_case(
            *facts, standings=standings, bus=bus, directory=directory, authority=authority, now=datetime.now(UTC), **more
        )

    use_cases = UseCases(
        mark_fixed=at_once(acknowledgement.mark_fixed),
        mute=at_once(acknowledgement.mute),
        unmute=at_once(acknowledgement.unmute),
        check_now=at_once(acknowledgement.check_now),
        snooze_form=at_once(acknowledgement.snooze_form),
        snooze=at_once(acknowledgement.snooze),
        boards=_board_cases(told, standings, proposals, bus, directory, authority),
        check=at_once(check_jobs),
        person=directory.member,
        explain=_explaining(told, standings, directory, authority),
        history=_telling(standings, directory, authority),
        proposals=_proposal_cases(told, standings, proposals, bus, directory, authority),
        key=at_once(ask_key, proposals=proposals),
        let_go=at_once(let_go),
        now=lambda: datetime.now(UTC),
        zone=told.timezone,
    )
    return Front(
        read_secrets=lambda: secrets.with_previous(told.signing_secret_secret),
        app_for=lambda secret: create_app(use_cases, team_id=told.team_id, client=slack, signing_secret=secret),
        namespace=told.prefix,
    )


def _board_cases(
    told: Settings,
    standings: "Standings",
    proposals: "Proposals",
    bus: "Bus",
    directory: "Directory",
    authority: "Authority",
) -> "BoardCases":
    """What is seen and done on the board. Many jobs are snoozed side by side, as long as Slack still waits."""
    from bolt_app.adapters.dynamodb_ledger import DynamoLedger
    from listeners.use_cases import BoardCases
    from workflows.backup import board, muting, size_right, storm_answer

    ledger = DynamoLedger(aws.client("dynamodb"), table=told.deliveries_table)
    people: dict[str, Any] = {"directory": directory, "authority": authority}

    def at_once(use_case: Callable[..., R], **more: object) -> Callable[..., R]:
        return lambda *facts: use_case(*facts, standings=standings, bus=bus, now=datetime.now(UTC), **people, **more)

    def snooze_all(press: "StormPress", chosen: "SnoozeChoice") -> "SnoozedAll | Reply":
        until = time.monotonic() + SNOOZING_SECONDS
        return at_once(
            storm_answer.snooze_all, ledger=ledger, concurrently=_side_by_side, in_time=lambda: time.monotonic() < until
        )(press, chosen)

    return BoardCases(
        board=lambda user_id, team_id: board.board_of(
            user_id, team_id, standings=standings, proposals=proposals, now=datetime.now(UTC), **people
        ),
        job=lambda job_id, asker: board.job_view(job_id, asker.user_id, asker.team_id, standings=standings, **people),
        mute_form=at_once(muting.mute_form),
        mute_with=at_once(muting.mute_with),
        accept_size=at_once(size_right.accept_size),
        snooze_all_form=at_once(storm_answer.snooze_all_form, ledger=ledger),
        snooze_all=snooze_all,
        sheet_url=f"https://docs.google.com/spreadsheets/d/{told.jobs_sheet_id}/edit" if told.jobs_sheet_id else "",
    )


def _side_by_side(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return list(threads.map(work, items))


def _explaining(
    told: Settings, standings: "Standings", directory: "Directory", authority: "Authority"
) -> "Callable[[str, Asker], Explanation | Reply]":
    """The judge and the rules are loaded when somebody first asks why."""

    def explain(job_id: str, asker: "Asker") -> "Explanation | Reply":
        from workflows.backup.viewing import explain_job

        return explain_job(
            job_id,
            asker,
            standings=standings,
            rules=lambda: _rules(told, standings),
            timezone=told.timezone,
            directory=directory,
            authority=authority,
            now=datetime.now(UTC),
        )

    return explain


def _telling(standings: "Standings", directory: "Directory", authority: "Authority") -> "Callable[[str, Asker], History | Reply]":
    def history(job_id: str, asker: "Asker") -> "History | Reply":
        from workflows.backup.viewing import history_of

        return history_of(job_id, asker, standings=standings, directory=directory, authority=authority)

    return history


def _proposal_cases(
    told: Settings,
    standings: "Standings",
    proposals: "Proposals",
    bus: "Bus",
    directory: "Directory",
    authority: "Authority",
) -> "ProposalCases":
    """What is decided about rows. The list's own checks, and the readers of reports, are loaded when they are first needed."""
    from listeners.use_cases import ProposalCases
    from workflows.backup import row_asking
    from workflows.kernel import proposals as decisions

    people: dict[str, Any] = {"directory": directory, "authority": authority}

    def rows() -> "ListedRows":
        from workflows.backup.listed_rows import ListedRows

        return ListedRows(standings=standings, rules=lambda: _rules(told, standings), timezone=told.timezone)

    def at_once(use_case: Callable[..., R]) -> Callable[..., R]:
        return lambda *facts: use_case(*facts, proposals=proposals, bus=bus, now=datetime.now(UTC), **people)

    def on_rows(use_case: Callable[..., R], **more: object) -> Callable[..., R]:
        return lambda *facts: use_case(*facts, proposals=proposals, rows=rows(), bus=bus, now=datetime.now(UTC), **people, **more)

    def match(proposal_id: str, job_id: str, asker: "Asker") -> "Reply":
        return on_rows(decisions.answer)(proposal_id, asker, job_id)

    def report_form(message: "MessageText", asker: "Asker") -> "RowForm":
        from workflows.backup.report_form import report_form

        blank = row_asking.blank_form(asker, **people)
        return report_form(
            message.text,
            subject=message.subject,
            sender=message.sender,
            zone=told.timezone,
            approves=blank.approves,
            said=blank.said,
            now=datetime.now(UTC),
        )

    return ProposalCases(
        approve=on_rows(decisions.approve),
        discard=at_once(decisions.discard),
        retry=at_once(decisions.retry),
        match=match,
        may_add=lambda asker: row_asking.may_ask(asker, **people),
        add_form=lambda name, asker: row_asking.add_form(name, asker, **people),
        change_form=lambda typed, asker: row_asking.change_form(typed, asker, standings=standings, **people),
        edit_form=lambda proposal_id, asker: row_asking.edit_form(
            proposal_id, asker, proposals=proposals, standings=standings, **people
        ),
        report_form=report_form,
        save_row=on_rows(row_asking.save_row, standings=standings),
        waiting=lambda asker: row_asking.waiting(asker, proposals=proposals, **people),
    )


def _rules(told: Settings, standings: "Standings") -> "Rules":
    """The rules that were in force at the last full check: the front door itself reads no documents."""
    from bolt_app.services.sources import sources
    from workflows.backup.rules import parse_rules

    where = sources(told)
    text = str(standings.fleet().get("texts", {}).get(where.rules_key, ""))
    return parse_rules(text, config=where.config)
