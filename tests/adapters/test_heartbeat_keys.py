from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bolt_app.adapters.heartbeat_keys import HeartbeatKeys, KeyVault
from bolt_app.adapters.secrets import Secrets
from workflows.kernel.errors import Conflict, Refused

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "bk/heartbeat/keys"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator["SecretsManagerClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("secretsmanager", "ap-southeast-1")


def test_keys_are_remembered_and_read_again_at_most_once_a_minute(vault: "SecretsManagerClient") -> None:
    seconds = [0.0]
    vault.create_secret(Name=NAME, SecretString='{"master": "the-first-master-key"}')
    keys = HeartbeatKeys(Secrets(vault, clock=lambda: seconds[0]), name=NAME)
    first = keys.known()
    vault.put_secret_value(SecretId=NAME, SecretString='{"master": "the-second-master-key"}')

    seconds[0] = 59
    assert keys.read_again() is first
    seconds[0] = 61
    assert keys.read_again().master == "the-second-master-key"
    assert keys.known() is keys.read_again()


def test_an_exchanged_key_is_worth_nothing_after_two_minutes_even_where_it_is_still_remembered(
    vault: "SecretsManagerClient",
) -> None:
    seconds = [0.0]
    vault.create_secret(Name=NAME, SecretString='{"master": "the-first-master-key"}')
    keys = HeartbeatKeys(Secrets(vault, clock=lambda: seconds[0]), name=NAME, clock=lambda: seconds[0])
    first = keys.known()
    vault.put_secret_value(SecretId=NAME, SecretString='{"master": "the-second-master-key"}')

    seconds[0] = 50
    assert keys.known() is first
    seconds[0] = 120
    assert keys.known().master == "the-second-master-key"


def test_what_we_changed_ourselves_is_read_at_once(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name=NAME, SecretString='{"master": "the-first-master-key"}')
    keys = HeartbeatKeys(Secrets(vault), name=NAME)
    keys.known()
    vault.put_secret_value(SecretId=NAME, SecretString='{"master": "the-second-master-key"}')

    keys.forget()

    assert keys.known().master == "the-second-master-key"


def test_keys_that_cannot_be_read_again_hold_on(vault: "SecretsManagerClient", caplog: pytest.LogCaptureFixture) -> None:
    seconds = [0.0]
    vault.create_secret(Name=NAME, SecretString='{"master": "the-first-master-key"}')
    keys = HeartbeatKeys(Secrets(vault, clock=lambda: seconds[0]), name=NAME, clock=lambda: seconds[0])
    first = keys.known()
    vault.put_secret_value(SecretId=NAME, SecretString="somebody's slip")

    seconds[0] = 120

    assert keys.known() is first
    assert "hold on" in caplog.text
    assert "slip" not in caplog.text


@pytest.mark.parametrize("secret", ["not json", '{"master": ""}'])
def test_a_secret_that_holds_no_keys_is_refused_without_quoting_it(vault: "SecretsManagerClient", secret: str) -> None:
    vault.create_secret(Name=NAME, SecretString=secret)

    with pytest.raises(Refused, match="bk/heartbeat/keys: the heartbeat keys") as raised:
        HeartbeatKeys(Secrets(vault), name=NAME).known()
    assert "not json" not in str(raised.value)


def test_a_new_value_takes_the_place_of_the_one_that_was_read(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name=NAME, SecretString="one")
    keys = KeyVault(vault, name=NAME)
    read = keys.read()

    keys.replace("two", version=read.version)
    assert keys.read().text == "two"
    assert vault.get_secret_value(SecretId=NAME, VersionStage="AWSPREVIOUS")["SecretString"] == "one"


def test_a_value_that_others_wrote_meanwhile_is_not_written_over(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name=NAME, SecretString="one")
    keys = KeyVault(vault, name=NAME)
    read = keys.read()
    vault.put_secret_value(SecretId=NAME, SecretString="theirs")

    with pytest.raises(Conflict):
        keys.replace("two", version=read.version)
    assert keys.read().text == "theirs"

    keys.replace("two", version=keys.read().version)
    assert keys.read().text == "two"


def test_a_secret_that_is_not_there_is_refused(vault: "SecretsManagerClient") -> None:
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        KeyVault(vault, name=NAME).read()
