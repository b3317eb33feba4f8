"""What every adapter of the port `Dns` does alike: in memory, and on a server that speaks DNS."""

import socketserver
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from infra.doctor import public_dns
from infra.doctor.dns import Dns, MemoryDns, Mx
from infra.doctor.public_dns import PublicDns
from workflows.kernel.errors import Unanswered

pytestmark = pytest.mark.thorough

RECORDS = {"backup.example.com": (Mx(10, "inbound-smtp.eu-west-1.amazonaws.com"), Mx(5, "mail.example.com"))}
BARE, UNKNOWN, SILENT, FAILING = "bare.example.com", "unknown.example.com", "silent.example.com", "failing.example.com"


class Zone(socketserver.BaseRequestHandler):
    """Answers as a resolver does; of one name nothing at all."""

    def handle(self) -> None:
        packet, connection = self.request
        query = dns.message.from_wire(packet)
        answer, [question] = dns.message.make_response(query), query.question
        answer.flags |= dns.flags.RA
        name = question.name.to_text(omit_final_dot=True)
        if name == SILENT:
            return
        if name in RECORDS:
            told = [f"{record.preference} {record.host.upper()}." for record in RECORDS[name]]
            answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", "MX", *told))
        elif name == UNKNOWN:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif name == FAILING:
            answer.set_rcode(dns.rcode.SERVFAIL)
        connection.sendto(answer.to_wire(), self.client_address)


@pytest.fixture(params=["memory", "server"])
def names(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dns]:
    if request.param == "memory":
        memory = MemoryDns(SILENT, FAILING)
        memory.records.update(RECORDS)
        yield memory
        return
    monkeypatch.setattr(public_dns, "PATIENCE_SECONDS", 0.4)
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Zone) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        yield PublicDns(resolver)
        server.shutdown()


def test_records_come_in_the_order_in_which_mail_tries_them(names: Dns) -> None:
    assert names.mx("backup.example.com") == (Mx(5, "mail.example.com"), Mx(10, "inbound-smtp.eu-west-1.amazonaws.com"))


@pytest.mark.parametrize("domain", [BARE, UNKNOWN])
def test_a_domain_without_records_and_one_that_is_not_there_have_none(names: Dns, domain: str) -> None:
    assert names.mx(domain) == ()


@pytest.mark.parametrize("domain", [SILENT, FAILING])
def test_no_answer_is_never_taken_for_no_record(names: Dns, domain: str) -> None:
    with pytest.raises(Unanswered):
        names.mx(domain)
