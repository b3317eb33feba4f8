"""The bot token is exchanged while the function lives: whoever presses notices nothing, and no flood of reads follows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bolt_app.adapters.secrets import REFRESH_SECONDS_MIN, Secrets
from bolt_app.adapters.slack import RenewingClient, SlackDirectory
from bolt_app.app import create_app
from bolt_app.slack_front import Front
from infra.local.slack.testing import RunningWorkspace, running_workspace
from tests.listeners.door import Door, Outside, Pressed, home_opened, request

SAM = "U0SAM"


@dataclass
class Vault:
    """Secrets Manager with one secret; counts who reads it."""

    value: str
    reads: list[str] = field(default_factory=list)

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803 - as AWS names them
        self.reads.append(f"{SecretId} {VersionStage}")
        return {"SecretString": self.value}


@dataclass
class Office:
    slack: RunningWorkspace
    vault: Vault
    door: Door
    client: RenewingClient
    now: list[float]

    def open_home(self) -> int:
        status: int = self.door.hear(home_opened(user=SAM, team=self.slack.team))["statusCode"]
        return status


@pytest.fixture
def office() -> Iterator[Office]:
    now = [1000.0]
    with running_workspace(posts_per_second=0, tiers=False) as slack:
        vault = Vault(slack.bot_token)
        secrets = Secrets(cast("Any", vault), clock=lambda: now[0])
        client = RenewingClient(lambda: secrets.refresh("bk/slack/bot-token"), base_url=slack.api_url, timeout=2)
        pressed, lines = Pressed(), list[str]()
        front = Front(
            read_secrets=lambda: ("signing-secret",),
            app_for=lambda secret: create_app(pressed.use_cases(), team_id=slack.team, client=client, signing_secret=secret),
            namespace="bk",
            write_line=lines.append,
        )
        door = Door(outside=Outside(url=""), pressed=pressed, front=front, lines=lines)
        yield Office(slack=slack, vault=vault, door=door, client=client, now=now)


def revoked(office: Office) -> None:
    """What we hold is worth nothing from now on; the secret holds the app's new token."""
    office.client.token = "xoxb-revoked"
    office.now[0] += REFRESH_SECONDS_MIN


def test_a_board_is_drawn_with_the_token_that_is_in_force_by_now(office: Office) -> None:
    assert office.open_home() == 200
    revoked(office)
    assert office.open_home() == 200

    assert len(office.vault.reads) == 2
    assert office.client.token == office.vault.value


def test_who_presses_is_looked_up_with_it_too(office: Office) -> None:
    revoked(office)
    found = SlackDirectory(office.client, team_id=office.slack.team).member(SAM)

    assert found is not None
    assert found.user_id == SAM


def test_while_the_secret_holds_no_better_one_it_is_read_once_a_minute(office: Office) -> None:
    office.vault.value = "xoxb-also-revoked"
    revoked(office)
    reads = len(office.vault.reads)
    for _ in range(5):
        assert office.open_home() == 500
        office.now[0] += REFRESH_SECONDS_MIN / 10
    assert len(office.vault.reads) == reads + 1

    office.now[0] += REFRESH_SECONDS_MIN
    office.vault.value = office.slack.bot_token
    assert office.open_home() == 200
    assert len(office.vault.reads) == reads + 2


def test_a_wrong_signature_reads_no_token(office: Office) -> None:
    reads = len(office.vault.reads)
    for _ in range(5):
        assert office.door.send(request("{}", signed_with="wrong", kind="application/json"))["statusCode"] == 401
        office.now[0] += REFRESH_SECONDS_MIN
    assert len(office.vault.reads) == reads
