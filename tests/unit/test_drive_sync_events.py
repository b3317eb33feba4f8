"""What bk-drive-sync is asked for."""

from typing import Any

import pytest

from bolt_app.lambdas.drive_sync import proposal_of


def test_a_registration_names_its_proposal_and_a_schedule_none() -> None:
    assert proposal_of({"detail-type": "bk.register", "detail": {"v": 1, "proposal_id": "mail-1", "rows": []}}) == "mail-1"
    assert proposal_of({"mode": "sync"}) == ""


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ({"detail-type": "bk.register", "detail": {"proposal_id": 7}}, "it wants a proposal_id"),
        ({"detail-type": "bk.register", "detail": {}}, "it wants a proposal_id"),
        ({"mode": "fast"}, "asked for mode 'fast'; it knows sync, and the event bk.register"),
        ({}, "asked for mode None"),
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(event: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        proposal_of(event)
