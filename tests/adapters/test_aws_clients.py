"""Every client can be made, and wiring a Lambda leaves the process as it was."""

import gc

import pytest

from bolt_app.adapters.aws import SERVICES, session
from bolt_app.services.wiring import wiring


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("name", SERVICES)
def test_a_client_of_every_service_we_use_can_be_made(name: str) -> None:
    made = session().client(name, region_name="ap-southeast-1")  # type: ignore[call-overload] # mypy wants one name
    assert made.meta.service_model.service_name == name


def test_garbage_is_collected_again_once_a_lambda_is_wired_or_could_not_be() -> None:
    @wiring()
    def wire() -> None:
        assert not gc.isenabled()
        raise ValueError("no settings")

    with pytest.raises(ValueError, match="no settings"):
        wire()
    assert gc.isenabled()
    gc.unfreeze()
