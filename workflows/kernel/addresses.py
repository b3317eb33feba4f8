"""E-mail addresses as people type them. The lower-case address is how a person is known everywhere."""

import re
from functools import lru_cache

from workflows.kernel.quantities import UnreadableError

EMAIL_RIGHT = "an e-mail address such as sam@acme.example"
_SHAPE = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w-]{2,63}")
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")


@lru_cache(maxsize=4096)
def read_email(text: str) -> str:
    """One address in lower case, from "Sam@Acme.example", "mailto:…" or "Sam <sam@acme.example>".

    Raises:
        UnreadableError: for anything that does not look like one address.
    """
    named = _NAMED.fullmatch(text.strip())
    address = (named[1] if named else text).strip().lower().removeprefix("mailto:")
    if len(address) > 254 or not address.isprintable() or not _SHAPE.fullmatch(address):
        raise UnreadableError(text, EMAIL_RIGHT)
    return address


def read_emails(text: str) -> tuple[str, ...]:
    """Several addresses, parted by commas, semicolons or spaces; each once, in the order typed.

    Raises:
        UnreadableError: when one of them is not an address, or there is none.
    """
    addresses = tuple(dict.fromkeys(read_email(part) for part in re.split(r"[\s,;]+", text.strip()) if part))
    if not addresses:
        raise UnreadableError(text, EMAIL_RIGHT)
    return addresses
