import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.grants import seen
from tests.e2e.local_stack import LocalStack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One local stack for all end to end tests. In the end, no call of a function may have been denied."""
    with _reported(tmp_path_factory.mktemp("stack")) as local:
        yield local


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One for tests that leave behind what would disturb others: other rules, a full hour of proposals. As strict."""
    with _reported(tmp_path_factory.mktemp("own")) as local:
        yield local


@contextmanager
def _reported(run: Path) -> Iterator[LocalStack]:
    with running(run) as local:
        yield local
        if folder := os.environ.get("GRANTS"):  # make e2e judges it, once all flows were driven
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{os.getpid()}-{run.name}.json").write_text(json.dumps(seen(local)), encoding="utf-8")
