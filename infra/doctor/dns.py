"""Where mail for a domain goes."""

from typing import NamedTuple, Protocol

from workflows.kernel.errors import Unanswered


class Mx(NamedTuple):
    """One record: mail goes to the host with the lowest preference first."""

    preference: int
    host: str


class Dns(Protocol):
    """Asks DNS. Hosts come in lower case, without a dot at the end."""

    def mx(self, domain: str) -> tuple[Mx, ...]:
        """The records, lowest preference first; () where the domain has none or does not exist. Raises Unanswered."""
        ...


class MemoryDns:
    """Implements `Dns` for tests: domain -> records. A domain of `silent` is not answered."""

    def __init__(self, *silent: str) -> None:
        self.records: dict[str, tuple[Mx, ...]] = {}
        self.silent = set(silent)

    def mx(self, domain: str) -> tuple[Mx, ...]:
        if domain in self.silent:
            raise Unanswered("LifetimeTimeout", f"the MX records of {domain}")
        return tuple(sorted(self.records.get(domain, ())))
