"""What bk-dispatch answers those with who wait for a check."""

import logging
from collections.abc import Callable
from datetime import datetime

from bolt_app.adapters.response_urls import ResponseUrls
from bolt_app.log_fields import about
from bolt_app.settings import Settings
from listeners.status_view import checked_message
from workflows.backup.checked import answer_check, read_checked
from workflows.backup.ports import Standings
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json, Ledger

_log = logging.getLogger(__name__)


def check_answers(told: Settings, *, standings: Standings, ledger: Ledger) -> Callable[[Json, datetime], None]:
    """Takes the detail of a `bk.checked`. What can never be told is logged and dropped: nobody else may be told instead."""
    whispers = ResponseUrls(slack_api_url=told.slack_api_url)

    def answer(detail: Json, now: datetime) -> None:
        try:
            answer_check(
                read_checked(detail),
                standings=standings,
                ledger=ledger,
                whispers=whispers,
                say=lambda found, failed: checked_message(found, failed, now=now, zone=told.timezone),
                now=now,
            )
        except (OutsideError, ValueError) as error:
            if isinstance(error, OutsideError) and not error.permanent:
                raise
            _log.error("Somebody waits for a check and cannot be told: %s", error, extra=about(detail))

    return answer
