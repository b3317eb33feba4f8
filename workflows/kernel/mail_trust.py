"""Whether the sender of a mail can be believed, from what the receiving server wrote above it.

A mail server puts its findings above the headers of the sender. Whatever stands further down was written by the sender, also
when it bears the receiver's name.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workflows.kernel.mail_headers import Headers, addresses, canonical, canonical_domain, without_comments

_RECEIVERS = {"return-path", "received", "received-spf", "authentication-results"}
_LAST = "x-ses-receipt"  # the last that the receiver writes before what it received


def untrusted_because(headers: Headers, *, received_by: str, allowed: Sequence[str]) -> str:
    """Why the sender cannot be believed, in plain words; "" when it can.

    Args:
        headers: of the mail as it was stored.
        received_by: the name under which the receiving server states what it checked.
        allowed: addresses and domains whose mail counts; a domain stands for its subdomains too.
    """
    stamped = _stamped(headers)
    for header, danger in (("x-ses-virus-verdict", "a virus"), ("x-ses-spam-verdict", "spam")):
        if any(name == header and value.strip().upper() == "FAIL" for name, value in stamped):
            return f"it was found to be {danger}" if danger == "spam" else f"it was found to hold {danger}"
    senders = [address for value in headers.all("from") for address in addresses(value)]
    if len(senders) != 1 or len(headers.all("from")) != 1:
        return "it names no sender" if not senders else "it names more than one sender"
    return _unproven(senders[0], stamped, received_by, allowed) or _not_allowed(senders[0], allowed)


def sole_sender(headers: Headers) -> str:
    """The one address in From; "" where there is none, or where there are several."""
    found = {address for value in headers.all("from") for address in addresses(value)}
    return found.pop() if len(found) == 1 else ""


def _stamped(headers: Headers) -> list[tuple[str, str]]:
    """What the receiver wrote: the headers at the top, up to the first that a receiver does not write."""
    stamped: list[tuple[str, str]] = []
    for name, value in headers.items:
        again = name == "received" and any(earlier == "received" for earlier, _ in stamped)
        if again or name == _LAST or not (name in _RECEIVERS or name.startswith("x-ses-")):
            break
        stamped.append((name, value))
    return stamped


# --- authentication ------------------------------------------------------------------------------


class _Result(NamedTuple):
    method: str
    verdict: str
    domain: str


_CLAUSE = re.compile(r"\s*(spf|dkim|dmarc|arc|iprev|auth|bimi|x-[a-z-]+)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\s*(client-ip|envelope-from|helo|receiver|identity)=(\S*)\s*", re.IGNORECASE)
_DOMAINS = {
    "spf": (re.compile(r"(?:envelope-from|smtp\.mailfrom)=(?:[^\s;@]*@)?([^\s;@]+)", re.IGNORECASE),),
    "dkim": (
        re.compile(r"header\.d=([^\s;@]+)", re.IGNORECASE),
        re.compile(r"header\.i=(?:[^\s;@]*@)?([^\s;@]+)", re.IGNORECASE),
    ),
    "dmarc": (re.compile(r"header\.from=([^\s;@]+)", re.IGNORECASE),),
}


def _unproven(sender: str, stamped: Iterable[tuple[str, str]], received_by: str, allowed: Sequence[str]) -> str:
    stated = next((value for name, value in stamped if name == "authentication-results"), "")
    results = _results(stated, received_by)
    if results is None:
        return "nothing shows who sent it"
    domain = sender.rpartition("@")[2]
    verdicts = {(result.method, result.verdict) for result in results}
    if ("dmarc", "fail") in verdicts:
        return f"it says that it is from {domain}, whose owner's rules it breaks (DMARC failed)"
    for method, verdict, of in results:
        same = of == domain if method == "dmarc" else aligned(of, domain, allowed)
        if verdict == "pass" and same:
            return ""
    others = sorted({result.domain for result in results if result.verdict == "pass" and result.domain})
    proven = f"only that {' and '.join(others)} sent it" if others else "neither a signature nor the sending server does"
    return f"nothing proves that it is from {domain}: {proven}"


def _results(stated: str, received_by: str) -> tuple[_Result, ...] | None:
    """What was checked; None where the receiver states nothing, or a sender's words got between its own."""
    plain = without_comments(re.sub(r'"(?:[^"\\]|\\.)*+"', '""', stated[:5_000]))
    server, *clauses = plain.split(";")
    if server.strip().lower().split(" ")[0] != received_by.lower():
        return None
    found: list[list[str]] = []
    for clause in clauses:
        if _CLAUSE.match(clause):
            found.append([clause])
        elif clause.strip() and not (found and len(found) == 1 and _PROPERTY.fullmatch(clause)):
            return None  # the sender's words, such as its envelope address, can stand here only right after the first result
        elif clause.strip():
            found[-1].append(clause)
    results = [result for clauses in found if (result := _result(" ".join(clauses))) is not None]
    single = [result.method for result in results if result.method != "dkim"]
    return tuple(results) if len(single) == len(set(single)) else None


def _result(clause: str) -> _Result | None:
    match = _CLAUSE.match(clause)
    method = match[1].lower() if match else ""
    if match is None or method not in _DOMAINS:
        return None
    named = next((domains for pattern in _DOMAINS[method] if (domains := set(pattern.findall(match[3])))), set())
    # a clause that names two domains proves neither
    return _Result(method, match[2].lower(), canonical_domain(named.pop()) if len(named) == 1 else "")


def aligned(proven: str, claimed: str, allowed: Sequence[str]) -> bool:
    """Whether a proven domain speaks for the one that a sender claims: the same, one above or below it, or its sister.

    Sisters count where the domain above both is one whose mail is allowed as a whole: there people have said that it is one
    house, which without a list of public suffixes nothing else would tell.
    """
    if "." not in proven or not claimed:
        return False
    if _within(proven, claimed) or _within(claimed, proven):
        return True
    houses = [canonical_domain(entry) for entry in allowed if "@" not in entry]
    return any(_within(proven, house) and _within(claimed, house) for house in houses)


def _within(domain: str, above: str) -> bool:
    return domain == above or domain.endswith(f".{above}")


def _not_allowed(sender: str, allowed: Sequence[str]) -> str:
    domain = sender.rpartition("@")[2]
    for entry in allowed:
        if canonical(entry) == sender if "@" in entry else _within(domain, canonical_domain(entry)):
            return ""
    return f"{sender} is not among those whose mail counts; to change that, add it or its domain to the parameter mail_allow"
