from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

from bolt_app.adapters.parameters import Parameters
from bolt_app.adapters.secrets import Secrets
from workflows.kernel.errors import OutsideError, Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

REGION = "ap-southeast-1"
NOWHERE = "http://127.0.0.1:9"
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield


@pytest.fixture
def ssm() -> "SSMClient":
    return boto3.client("ssm", REGION)


@pytest.fixture
def vault() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", REGION)


def test_parameters_come_by_their_name_over_all_pages(ssm: "SSMClient") -> None:
    for number in range(12):  # a page holds ten
        ssm.put_parameter(Name=f"/bk/config/choice_{number:02}", Value=str(number), Type="String")
    ssm.put_parameter(Name="/xy/config/choice", Value="another deployment's", Type="String")

    assert Parameters(ssm).under("/bk/config") == {f"choice_{number:02}": str(number) for number in range(12)}


def test_encrypted_parameters_are_left_to_those_who_read_them_by_name(ssm: "SSMClient") -> None:
    ssm.put_parameter(Name="/bk/config/link_key", Value="hush", Type="SecureString")

    assert Parameters(ssm).under("/bk/config") == {}


def test_a_parameter_store_that_does_not_answer_is_unanswered() -> None:
    with pytest.raises(Unanswered, match="/bk/config"):
        Parameters(boto3.client("ssm", REGION, endpoint_url=NOWHERE, config=ONCE)).under("/bk/config")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [("AccessDeniedException", 400, Refused), ("ThrottlingException", 400, Unanswered), ("InternalServerError", 500, Unanswered)],
)
def test_what_parameter_store_refuses_is_told_from_what_may_pass_later(
    ssm: "SSMClient", code: str, status: int, kind: type[OutsideError]
) -> None:
    with Stubber(ssm) as stub:
        stub.add_client_error("get_parameters_by_path", code, http_status_code=status)
        with pytest.raises(kind):
            Parameters(ssm).under("/bk/config")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDeniedException", 400, Refused),
        ("ThrottlingException", 400, Unanswered),
        ("InternalServiceError", 500, Unanswered),
    ],
)
def test_what_the_vault_refuses_is_told_from_what_may_pass_later(
    vault: "SecretsManagerClient", code: str, status: int, kind: type[OutsideError]
) -> None:
    with Stubber(vault) as stub:
        stub.add_client_error("get_secret_value", code, http_status_code=status)
        with pytest.raises(kind):
            Secrets(vault).get("s")


def test_a_secret_is_read_once(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name="bk/slack/bot-token", SecretString="xoxb-1")
    secrets = Secrets(vault)
    assert secrets.get("bk/slack/bot-token") == "xoxb-1"

    vault.put_secret_value(SecretId="bk/slack/bot-token", SecretString="xoxb-2")

    assert secrets.get("bk/slack/bot-token") == "xoxb-1"


def test_a_rotated_secret_is_picked_up_but_asked_for_at_most_once_a_minute(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name="s", SecretString="old")
    moment = [100.0]
    secrets = Secrets(vault, clock=lambda: moment[0])
    secrets.get("s")
    vault.put_secret_value(SecretId="s", SecretString="new")

    moment[0] += 59
    assert secrets.refresh("s") == "old"
    moment[0] += 1
    assert secrets.refresh("s") == "new"
    assert secrets.get("s") == "new"


def test_the_value_before_an_exchange_can_be_had_too(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name="s", SecretString="old")
    secrets = Secrets(vault)
    assert secrets.with_previous("s") == ("old",)

    vault.put_secret_value(SecretId="s", SecretString="new")

    assert secrets.with_previous("s") == ("new", "old")
    assert secrets.get("s") == "new"


def test_a_first_refresh_reads(vault: "SecretsManagerClient") -> None:
    vault.create_secret(Name="s", SecretString="value")

    assert Secrets(vault).refresh("s") == "value"


def test_a_secret_without_a_value_is_named(vault: "SecretsManagerClient") -> None:
    with pytest.raises(Refused, match="bk/slack/signing-secret does not exist or has no value yet") as caught:
        Secrets(vault).get("bk/slack/signing-secret")
    assert caught.value.permanent


def test_an_empty_secret_is_none(vault: "SecretsManagerClient") -> None:
    with Stubber(vault) as stub:
        stub.add_response("get_secret_value", {"SecretString": " "})
        with pytest.raises(Refused, match="has no value yet"):
            Secrets(vault).get("s")


def test_a_vault_that_does_not_answer_is_unanswered() -> None:
    with pytest.raises(Unanswered, match="reading the secret s"):
        Secrets(boto3.client("secretsmanager", REGION, endpoint_url=NOWHERE, config=ONCE)).get("s")
