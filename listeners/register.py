"""Everything that Slack can ask of us, and who answers."""

import re

from slack_bolt import App

from listeners import cards, command_answers, forms, notices, proposal_cards, row_form
from listeners.actions import check, closer, key, let_go, mark_fixed, mute, proposal, snooze, unknown, unmute, waiting
from listeners.commands import backup
from listeners.events.app_home_opened import app_home_opened
from listeners.failing import failed
from listeners.shortcuts import register_report
from listeners.use_cases import UseCases
from listeners.views import row as row_view
from listeners.views import snooze as snooze_view
from listeners.views import unknown as unknown_view

ANY = re.compile("")


def register(app: App, use_cases: UseCases) -> None:
    """Binds ids to callbacks; the first that fits answers, so what is unknown comes last."""
    app.action(cards.MARK_FIXED)(mark_fixed.mark_fixed(use_cases))
    app.action(cards.SNOOZE)(snooze.snooze(use_cases))
    app.action(cards.MUTE)(mute.mute(use_cases))
    app.action(cards.UNMUTE)(unmute.unmute(use_cases))
    app.action(cards.CHECK)(check.check(use_cases))
    app.action(cards.EXPLAIN)(closer.explain(use_cases))
    app.action(cards.HISTORY)(closer.history(use_cases))
    app.action(closer.PAGES)(closer.turn(use_cases))
    _register_proposals(app, use_cases)
    app.action(ANY)(unknown.unknown)

    app.view(forms.SNOOZE_FORM)(snooze_view.snooze(use_cases))
    app.view(row_form.ROW_FORM)(row_view.row(use_cases))
    app.view(ANY)(unknown_view.unknown)
    app.view_closed(ANY)(unknown_view.closed)

    app.command(backup.COMMAND)(backup.backup(use_cases))
    app.shortcut(register_report.REGISTER_REPORT)(register_report.register_report(use_cases))

    app.event("app_home_opened")(app_home_opened(use_cases))

    app.error(failed)


def _register_proposals(app: App, use_cases: UseCases) -> None:
    cases = use_cases.proposals
    app.action(proposal_cards.APPROVE)(proposal.decide(cases.approve, use_cases))
    app.action(proposal_cards.DISCARD)(proposal.decide(cases.discard, use_cases))
    app.action(proposal_cards.RETRY)(proposal.decide(cases.retry, use_cases))
    app.action(proposal_cards.NEW)(proposal.new_job(use_cases))
    app.action(proposal_cards.MATCH)(proposal.match(use_cases))
    app.action(proposal_cards.EDIT)(proposal.edit(use_cases))
    app.action(proposal_cards.SHOW_WAITING)(waiting.waiting(use_cases))
    app.action(proposal_cards.SHOW_KEY)(key.show(use_cases))
    app.action(command_answers.ROTATE_KEY)(key.rotate(use_cases))
    app.action(notices.LET_GO)(let_go.let_go(use_cases))
