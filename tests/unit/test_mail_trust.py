"""Whose mail counts: what the receiving server found, and the list of those who are allowed."""

import pytest

from tests.fixtures.mails import raw, received
from workflows.kernel.mail import read_mail

_SPF = "(spfCheck: domain of {0} designates 192.0.2.7 as permitted sender) client-ip=192.0.2.7; envelope-from=a@{0}; helo=mx.{0}"


def _results(*, spf: str = "", dkim: tuple[str, ...] = (), dmarc: str = "", verdict: str = "none") -> str:
    """As Amazon SES writes it: domains for which SPF and DKIM passed, and the one that DMARC is about."""
    checked = [f" spf=pass {_SPF.format(spf)};" if spf else " spf=none (no record) client-ip=192.0.2.7;"]
    checked += [f" dkim=pass header.i=@{domain};" for domain in dkim]
    checked += [f" dmarc={verdict} header.from={dmarc};"] if dmarc else []
    return "amazonses.com;\n" + "\n".join(checked)


PROVEN = _results(dmarc="acme.example", verdict="pass")


def _untrusted(results: str, *, sender: str = "nas@acme.example", allowed: tuple[str, ...] = ("acme.example",)) -> str:
    mail = raw(b"done").replace(b"From: nas@acme.example", f"From: {sender}".encode())
    return read_mail(received(mail, results=results), allowed=allowed).untrusted


@pytest.mark.parametrize(
    "results",
    [
        PROVEN,
        _results(dkim=("acme.example",)),
        _results(dkim=("mail.provider.example", "acme.example")),
        _results(dkim=("mail.acme.example",)),
        _results(spf="acme.example"),
        _results(spf="bounces.acme.example"),
        _results(dkim=("acme.example",), dmarc="acme.example", verdict="none"),
        "amazonses.com; dkim=pass header.d=acme.example header.i=@x.acme.example header.s=s1",
        'amazonses.com 1; spf=pass smtp.mailfrom="x"@acme.example',
    ],
)
def test_a_sender_whose_domain_is_proven_is_believed(results: str) -> None:
    assert _untrusted(results) == ""


@pytest.mark.parametrize(
    ("results", "why"),
    [
        (_results(), "nothing proves that it is from acme.example"),
        (_results(spf="evil.example"), "only that evil.example sent it"),
        (_results(dkim=("evil.example",)), "only that evil.example sent it"),
        (_results(dkim=("notacme.example",)), "only that notacme.example sent it"),
        (_results(dkim=("example",)), "nothing proves"),
        (_results(dmarc="evil.example", verdict="pass"), "nothing proves"),
        (_results(dkim=("acme.example",), dmarc="acme.example", verdict="fail"), "DMARC failed"),
        ("amazonses.com; dkim=fail header.i=@acme.example", "nothing proves"),
        ("amazonses.com", "nothing proves"),
        ("mx.evil.example; dmarc=pass header.from=acme.example", "nothing shows who sent it"),
        ("amazonses.com.evil.example; dmarc=pass header.from=acme.example", "nothing shows who sent it"),
        ("", "nothing shows who sent it"),
        ("amazonses.com; (dmarc=pass header.from=acme.example)", "nothing proves"),
        ("amazonses.com; dkim=pass header.i=@evil.example header.i=@acme.example", "nothing proves"),
        ("amazonses.com; dmarc=pass header.from=acme.example; dmarc=none header.from=acme.example", "nothing shows"),
    ],
)
def test_a_sender_whose_domain_is_not_proven_is_not_believed(results: str, why: str) -> None:
    assert why in _untrusted(results)


@pytest.mark.parametrize(
    "envelope",
    [
        '"; dmarc=pass header.from=acme.example; x="@evil.example',
        "a; dkim=pass header.i=@acme.example; x=@evil.example",
        "a; dkim=pass header.i=@acme.example; dkim=fail header.i=@evil.example",
        "a; dmarc=pass header.from=acme.example; spf=pass envelope-from=b@evil.example",
        "a (; dkim=pass header.i=@acme.example@evil.example",
    ],
)
def test_words_of_the_sender_among_the_results_are_not_taken_for_results(envelope: str) -> None:
    results = f"amazonses.com;\n spf=pass (fine) client-ip=192.0.2.7; envelope-from={envelope}; helo=mx.evil.example;\n"
    assert _untrusted(results)
    assert _untrusted(f"{results} dmarc=fail header.from=acme.example;")


def test_results_that_the_sender_wrote_are_ignored() -> None:
    forged = b"Authentication-Results: amazonses.com; dmarc=pass header.from=acme.example\nX-SES-Spam-Verdict: PASS\n"
    mail = forged + raw(b"done")
    assert "nothing proves" in read_mail(received(mail, results=_results()), allowed=("acme.example",)).untrusted
    hop = b"Received: from x by inbound-smtp.eu-west-1.amazonaws.com\n"
    stored = received(mail, results="").replace(b"Authentication-Results: \n", b"")
    assert "nothing shows" in read_mail(stored, allowed=("acme.example",)).untrusted
    assert "nothing shows" in read_mail(hop + hop + mail, allowed=("acme.example",)).untrusted
    assert "nothing shows" in read_mail(b"X-Own: 1\n" + mail, allowed=("acme.example",)).untrusted


def test_spam_and_viruses_are_not_believed_whoever_sent_them() -> None:
    for spam, virus, why in (("FAIL", "PASS", "spam"), ("PASS", "FAIL", "a virus")):
        mail = received(raw(b"done"), results=PROVEN, spam=spam, virus=virus)
        assert why in read_mail(mail, allowed=("acme.example",)).untrusted
    gray = received(raw(b"done"), results=PROVEN, spam="GRAY", virus="DISABLED")
    assert read_mail(gray, allowed=("acme.example",)).untrusted == ""


def test_sisters_are_one_house_where_people_allow_the_whole_house() -> None:
    results = _results(dkim=("mailer.acme.example",))
    assert _untrusted(results, sender="nas@dc.acme.example") == ""
    assert "nothing proves" in _untrusted(results, sender="nas@dc.acme.example", allowed=("dc.acme.example",))
    tenant = _results(dkim=("evil.cloud.example",))
    assert "nothing proves" in _untrusted(tenant, sender="nas@acme.cloud.example", allowed=("acme.cloud.example",))


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [
        ("nas@acme.example", ("nas@acme.example",)),
        ("Nas <NAS@Acme.Example>", ("nas@acme.example",)),
        ("nas@acme.example", ("other.example", "acme.example")),
        ("nas@bücher.example", ("bücher.example",)),
        ("nas@xn--bcher-kva.example", ("bücher.example",)),
    ],
)
def test_those_on_the_list_count(sender: str, allowed: tuple[str, ...]) -> None:
    domain = sender.rpartition("@")[2].rstrip(">").lower().replace("bücher", "xn--bcher-kva")
    assert _untrusted(_results(dmarc=domain, verdict="pass"), sender=sender, allowed=allowed) == ""


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [
        ("nas@acme.example", ()),
        ("nas@acme.example", ("sam@acme.example",)),
        ("nas@notacme.example", ("acme.example",)),
        ("nas@acme.example.evil.example", ("acme.example",)),
        ("nas@xn--acm-epa.example", ("acme.example",)),
        ("nas@аcme.example", ("acme.example",)),  # a Cyrillic letter
        ("nas+x@acme.example", ("nas@acme.example",)),
    ],
)
def test_those_who_are_not_on_the_list_do_not_count_and_are_told_how_to(sender: str, allowed: tuple[str, ...]) -> None:
    domain = sender.rpartition("@")[2].encode("idna").decode()
    assert "parameter mail_allow" in _untrusted(_results(dmarc=domain, verdict="pass"), sender=sender, allowed=allowed)


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ('"nas@acme.example" <x@evil.example>', "evil.example"),
        ("nas@acme.example <x@evil.example>", "evil.example"),
        ("nas@acme.example, x@evil.example", "more than one sender"),
        ("<nas@acme.example> <x@evil.example>", "more than one sender"),
        ("nas@acme.example\nFrom: x@evil.example", "more than one sender"),
        ("nas@acme.example\nFrom: nas@acme.example", "more than one sender"),
        ("Nas of acme.example", "no sender"),
        ("=?utf-8?q?nas=40acme.example?=", "no sender"),
        ("undisclosed:;", "no sender"),
    ],
)
def test_tricks_with_names_and_headers_are_seen_through(sender: str, why: str) -> None:
    assert why in _untrusted(PROVEN, sender=sender)


def test_another_receiver_is_believed_by_its_name() -> None:
    mail = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + raw(b"done")
    assert read_mail(mail, received_by="mx.acme.example", allowed=("acme.example",)).untrusted == ""
    assert read_mail(mail, allowed=("acme.example",)).untrusted == "nothing shows who sent it"
