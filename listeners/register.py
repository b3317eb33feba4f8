"""Everything that Slack can ask of us, and who answers."""

import re

from slack_bolt import App

from listeners import cards, forms
from listeners.actions import check, mark_fixed, mute, snooze, unknown, unmute
from listeners.events.app_home_opened import app_home_opened
from listeners.failing import failed
from listeners.use_cases import UseCases
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
    app.action(ANY)(unknown.unknown)

    app.view(forms.SNOOZE_FORM)(snooze_view.snooze(use_cases))
    app.view(ANY)(unknown_view.unknown)
    app.view_closed(ANY)(unknown_view.closed)

    app.event("app_home_opened")(app_home_opened(use_cases))

    app.error(failed)
