"""DNS as this machine sees it."""

import dns.exception
import dns.resolver

from infra.doctor.dns import Mx
from workflows.kernel.errors import Unanswered

PATIENCE_SECONDS = 5.0


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
