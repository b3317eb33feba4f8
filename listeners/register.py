"""Everything that Slack can ask of us, and who answers."""

import re

from slack_bolt import App

from listeners import (
    board_menus,
    board_pages,
    cards,
    command_answers,
    first_run,
    forms,
    job_menu,
    notices,
    proposal_cards,
    row_form,
    storm_cards,
)
from listeners.actions import (
    board,
    check,
    closer,
    job,
    key,
    let_go,
    mark_fixed,
    meant,
    mute,
    proposal,
    snooze,
    storm,
    unknown,
    unmute,
    waiting,
)
from listeners.commands import backup
from listeners.events.app_home_opened import app_home_opened
from listeners.failing import failed
from listeners.shortcuts import register_report
from listeners.use_cases import UseCases
from listeners.views import mute as mute_view
from listeners.views import row as row_view
from listeners.views import search as search_view
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
    app.action(closer.PAGES)(closer.turn(use_cases))
    app.action(meant.ANY_OF_THEM)(meant.meant(use_cases))
    _register_board(app, use_cases)
    _register_proposals(app, use_cases)
    app.action(ANY)(unknown.unknown)

    app.view(forms.SNOOZE_FORM)(snooze_view.snooze(use_cases))
    app.view(forms.SNOOZE_ALL_FORM)(snooze_view.snooze_all(use_cases))
    app.view(forms.MUTE_FORM)(mute_view.mute(use_cases))
    app.view(board_menus.SEARCH_FORM)(search_view.search(use_cases))
    app.view(row_form.ROW_FORM)(row_view.row(use_cases))
    app.view(ANY)(unknown_view.unknown)
    app.view_closed(ANY)(unknown_view.closed)

    app.command(backup.COMMAND)(backup.backup(use_cases))
    app.shortcut(register_report.REGISTER_REPORT)(register_report.register_report(use_cases))

    app.event("app_home_opened")(app_home_opened(use_cases))

    app.error(failed)


def _register_board(app: App, use_cases: UseCases) -> None:
    for menu in (board_menus.STATE, board_menus.OWNER, board_menus.GROUP):
        app.action(menu)(board.choose(use_cases))
    for turn in (board_pages.EARLIER, board_pages.LATER):
        app.action(turn)(board.turn(use_cases))
    app.action(board_menus.SEARCH)(board.search(use_cases))
    app.action(board_menus.REFRESH)(board.refresh(use_cases))
    app.action(board_menus.EVERYTHING)(board.everything(use_cases))
    app.action(storm_cards.SNOOZE_ALL)(storm.snooze_all(use_cases))
    app.action(storm_cards.OPEN_BOARD)(storm.open_board(use_cases))
    app.action(first_run.ADD)(job.add(use_cases))
    acts = {
        job_menu.DETAILS: job.details(use_cases),
        job_menu.EDIT: job.edit(use_cases),
        job_menu.SIZE_RIGHT: job.size_right(use_cases),
        job_menu.MUTE_ASK: mute.ask(use_cases),
        cards.EXPLAIN: closer.explain(use_cases),
        cards.HISTORY: closer.history(use_cases),
    }
    for act, callback in acts.items():
        app.action(act)(callback)
    answers = {cards.CHECK: check.check(use_cases), cards.UNMUTE: unmute.unmute(use_cases)}
    app.action(job_menu.MENU)(job.menu(acts | answers))


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
