"""What was typed, on its way to whoever answers it."""

from dataclasses import dataclass

from slack_sdk import WebClient

from listeners.use_cases import UseCases
from workflows.backup.board import Board
from workflows.backup.press import Press
from workflows.kernel.ports import Json, Message
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply

Said = Message | Reply | None
"""What is answered; None where a form has opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line. `rest`: what follows the first word, with single spaces."""

    rest: str
    asker: Asker
    body: Json
    client: WebClient
    use_cases: UseCases

    @property
    def board(self) -> Board | Reply:
        return self.use_cases.boards.board(self.asker.user_id, self.asker.team_id)

    @property
    def response_url(self) -> str:
        return str(self.body.get("response_url") or "")

    @property
    def domain(self) -> str:
        """Of the workspace, as in <domain>.slack.com; a press says it elsewhere than a command."""
        return str(self.body.get("team_domain") or (self.body.get("team") or {}).get("domain") or "")

    def press(self, job_id: str) -> Press:
        """As if a button of this job were pressed, on a surface that shows no break."""
        return Press(job_id=job_id, user_id=self.asker.user_id, team_id=self.asker.team_id)
