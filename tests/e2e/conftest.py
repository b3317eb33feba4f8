from collections.abc import Iterator

import pytest

from tests.e2e.local_stack import LocalStack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One local stack for all end to end tests. In the end, no call of a function may have been denied."""
    with running(tmp_path_factory.mktemp("stack")) as local:
        yield local
        denied = local.denied()

    assert not denied, "calls that the functions' roles do not allow:\n" + "\n".join(sorted(set(denied)))
