"""Where mail for a domain goes."""

from typing import NamedTuple, Protocol

import dns.exception
import dns.resolver

from workflows.kernel.errors import Unanswered

PATIENCE_SECONDS = 5.0


class Mx(NamedTuple):
    """One record: mail goes to the host with the lowest preference first."""

    preference: int
    host: str


class Dns(Protocol):
    """Asks DNS. Hosts come in lower case, without a dot at the end."""

    def mx(self, domain: str) -> tuple[Mx, ...]:
        """The records, lowest preference first; () where the domain has none or does not exist. Raises Unanswered."""
        ...


class PublicDns:
    """Implements `Dns` by the resolver of this machine, or the one given."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def mx(self, domain: str) -> tuple[Mx, ...]:
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            answer = resolver.resolve(domain, "MX", lifetime=PATIENCE_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise Unanswered(type(error).__name__, f"the MX records of {domain}") from error
        records = (Mx(record.preference, record.exchange.to_text(omit_final_dot=True).lower()) for record in answer)
        return tuple(sorted(records))


class MemoryDns:
    """Implements `Dns` for tests: domain -> records. A domain of `silent` is not answered."""

    def __init__(self, *silent: str) -> None:
        self.records: dict[str, tuple[Mx, ...]] = {}
        self.silent = set(silent)

    def mx(self, domain: str) -> tuple[Mx, ...]:
        if domain in self.silent:
            raise Unanswered("LifetimeTimeout", f"the MX records of {domain}")
        return tuple(sorted(self.records.get(domain, ())))
