"""The Python that Lambda runs, to try artefacts on."""

from pathlib import Path

import pytest

from infra.artefacts.python314 import VERSION, NoPython, python314


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.artefacts)


@pytest.fixture(scope="session")
def lambdas_python() -> str:
    """Where none can be had, the run says so, and that what was to be tried on it was not."""
    try:
        return python314()
    except NoPython as missing:
        pytest.skip(f"not tried on Python {VERSION}: {missing}")
