from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bolt_app.adapters.heartbeat_keys import HeartbeatKeys
from bolt_app.adapters.secrets import Secrets
from workflows.kernel.errors import Refused

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


@pytest.mark.parametrize("secret", ["not json", '{"master": ""}'])
def test_a_secret_that_holds_no_keys_is_refused_without_quoting_it(vault: "SecretsManagerClient", secret: str) -> None:
    vault.create_secret(Name=NAME, SecretString=secret)

    with pytest.raises(Refused, match="bk/heartbeat/keys: the heartbeat keys") as raised:
        HeartbeatKeys(Secrets(vault), name=NAME).known()
    assert "not json" not in str(raised.value)
