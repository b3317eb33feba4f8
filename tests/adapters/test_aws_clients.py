"""Every client can be made, and leaves the process as it was."""

import gc

import pytest

from bolt_app.adapters.aws import SERVICES, client, session


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("name", SERVICES)
def test_a_client_of_every_service_we_use_can_be_made(name: str) -> None:
    made = session().client(name, region_name="ap-southeast-1")  # type: ignore[call-overload] # mypy wants one name
    assert made.meta.service_model.service_name == name


@pytest.mark.usefixtures("aws")
def test_garbage_is_collected_again_once_a_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    assert gc.isenabled()
    client("sqs")
    assert gc.isenabled()
