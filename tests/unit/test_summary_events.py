"""What bk-summary is asked for."""

from typing import Any

import pytest

from bolt_app.lambdas.summary import handler


@pytest.mark.parametrize("event", [{}, {"mode": "hourly"}, {"detail-type": "bk.check"}])
def test_anything_but_the_daily_summary_is_refused_before_anything_is_read(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="it knows daily"):
        handler(event, None)
