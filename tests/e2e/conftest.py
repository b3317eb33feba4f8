import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.grants import seen
from tests.e2e.local_stack import LocalStack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One local stack for all end to end tests. In the end, no call of a function may have been denied."""
    with running(tmp_path_factory.mktemp("stack")) as local:
        yield local
        denied = local.denied()
        if folder := os.environ.get("GRANTS"):  # make e2e judges it, once all flows were driven
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{os.getpid()}.json").write_text(json.dumps(seen(local)), encoding="utf-8")

    assert not denied, "calls that the functions' roles do not allow:\n" + "\n".join(sorted(set(denied)))
