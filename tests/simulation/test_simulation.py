"""Weeks of a small company, with everything going wrong that can: nothing lost, nothing doubled, nothing untrue for long."""

import os

import pytest

from tests.simulation.broken import Broken
from tests.simulation.invariants import Invariants
from tests.simulation.world import World

SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else range(200)


@pytest.mark.simulation
@pytest.mark.parametrize("seed", SEEDS)
def test_a_company_can_trust_it_whatever_fails(seed: int) -> None:
    world = World(seed)
    try:
        world.run(Invariants())
    except Broken as broken:
        tail = "\n".join(world.log[-12:])
        pytest.fail(f"{broken}\nat {world.now}; last of what happened:\n{tail}\nreplay: make simulation SEED={seed}")
