"""What runs without being on the list comes to the list if people say so, once, and only then, whatever fails."""

import os

import pytest

from tests.simulation.broken import Broken
from tests.simulation.proposing.company import Company
from tests.simulation.proposing.invariants import Invariants

SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else range(60)


@pytest.mark.simulation
@pytest.mark.parametrize("seed", SEEDS)
def test_every_proposal_ends_as_people_decided_whatever_fails(seed: int) -> None:
    company = Company(seed)
    try:
        company.run(Invariants())
    except Broken as broken:
        tail = "\n".join(company.log[-12:])
        pytest.fail(f"{broken}\nat {company.now}; last of what happened:\n{tail}\nreplay: make simulation SEED={seed}")
