"""A mail as it arrived, as what it says: the texts in it, who sent it, and whether that can be believed."""

import hashlib
import re
from collections.abc import Sequence

from workflows.kernel.mail_automatic import automatic
from workflows.kernel.mail_bodies import parts_of
from workflows.kernel.mail_facts import Mail, Part
from workflows.kernel.mail_headers import Headers
from workflows.kernel.mail_mime import Tree, take_apart
from workflows.kernel.mail_notes import Notes
from workflows.kernel.mail_trust import sole_sender, untrusted_because

__all__ = ["Mail", "Part", "read_mail"]

BYTES_MAX = 41 * 1024 * 1024  # receiving servers take 40
_ID_MAX = 200


def read_mail(raw: bytes, *, received_by: str = "amazonses.com", allowed: Sequence[str] = ()) -> Mail:
    """Reads a mail from its bytes. Never raises: what cannot be read is among its problems.

    Args:
        raw: the mail as the receiving server stored it, its own headers on top.
        received_by: the name under which that server states what it checked (Authentication-Results).
        allowed: addresses and domains whose mail counts; a domain stands for its subdomains too. Nobody by default.
    """
    notes = Notes()
    if len(raw) > BYTES_MAX:
        notes.problem(f"the mail is {len(raw):,} bytes long; only its first {BYTES_MAX:,} were read")
        raw = raw[:BYTES_MAX]
    tree = Tree(notes)
    letter = take_apart(_with_lines(raw), tree)
    headers, parts = letter.headers, parts_of(tree.leaves, letter, notes)
    nothing = not any(part.text.strip() and not part.comment for part in parts)
    sender = sole_sender(headers)
    return Mail(
        id=_identity(headers, raw),
        sender=sender,
        subject=headers.text("subject"),
        sent=headers.date(),
        parts=parts,
        untrusted=untrusted_because(headers, received_by=received_by, allowed=allowed),
        automatic=automatic(headers, sender, parts[0].text),
        problems=tuple(notes.problems + (notes.others if nothing else [])),
    )


def _with_lines(raw: bytes) -> bytes:
    """Without what some stores put before the first header, and with line ends that are found."""
    start = raw[:100]
    if start[:1] in b"\r\n \t\xef":
        raw = raw[len(start) - len(start.removeprefix(b"\xef\xbb\xbf").lstrip()) :]
    return raw.replace(b"\r", b"\n") if b"\n" not in raw[:100_000] else raw


def _identity(headers: Headers, raw: bytes) -> str:
    """The Message-ID, or a hash of what the sender wrote: headers that are added on the way are not part of it."""
    stated = re.sub(r"[\s<>\x00-\x1f]", "", headers.first("message-id"))
    if stated.isprintable() and 0 < len(stated) <= _ID_MAX:
        return stated
    written = hashlib.sha256(stated.encode("utf-8", "replace"))
    for name in ("from", "date", "subject", "content-type"):
        written.update(b"\n" + headers.first(name).encode("utf-8", "replace"))
    body = re.search(rb"\r?\n\r?\n", raw)
    written.update(raw[body.end() :] if body else raw)
    return f"sha-{written.hexdigest()[:40]}"
