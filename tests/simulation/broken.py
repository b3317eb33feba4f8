"""What is raised where the simulated company could not trust us."""


class Broken(AssertionError):
    """An invariant does not hold."""
