from collections.abc import Iterator

import pytest

from tests.listeners.door import Door, Outside, made_door, outside


@pytest.fixture(scope="session")
def running_outside() -> Iterator[Outside]:
    with outside() as seen:
        yield seen


@pytest.fixture
def door(running_outside: Outside) -> Door:
    running_outside.calls.clear()
    running_outside.answers.clear()
    return made_door(running_outside)
