from collections.abc import Iterator

import pytest

from tests.e2e.real_tools.local_s3 import LocalS3, running


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalS3]:
    with running(tmp_path_factory.mktemp("s3")) as local:
        yield local
