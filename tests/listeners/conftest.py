from collections.abc import Iterator

import pytest

from tests.listeners.door import Door, Outside, made_door, outside


@pytest.fixture(scope="session")
def running_outside() -> Iterator[Outside]:
    with outside() as seen:
        yield seen


@pytest.fixture
def door(running_outside: Outside) -> Iterator[Door]:
    """Whatever a test makes the app say, Slack would have taken it."""
    running_outside.calls.clear()
    running_outside.answers.clear()
    running_outside.refusable.clear()
    yield made_door(running_outside)
    assert running_outside.refusable == []
