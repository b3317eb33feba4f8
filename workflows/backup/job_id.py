"""What may be the id of a job, whoever names it: a row of the list, or a check-in of a job that is on no list yet."""

import re
import unicodedata

JOB_ID_MAX = 80
JOB_ID_RIGHT = f"an id of at most {JOB_ID_MAX} letters, digits, dots, hyphens and underscores, such as orders-db"

CANARY = "sentinel-canary"
"""The id under which the sentinel tests itself (see `canary`). It stands in no list, and no row or script may take it."""

_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def is_job_id(text: str) -> bool:
    """Whether `text`, in NFC, is one: letters and digits of any alphabet, and . _ - between them."""
    if _PLAIN_ID.fullmatch(text):
        return True
    return 0 < len(text) <= JOB_ID_MAX and text[0].isalnum() and all(c in "._-" or of_a_word(c) for c in text)


def is_reserved(job_id: str) -> bool:
    """Whether this id, in whatever case, is the sentinel's own."""
    return job_id.casefold() == CANARY


def of_a_word(c: str) -> bool:
    """Whether this character belongs to a word: letters and digits, and the marks that some alphabets write over them."""
    return c.isalnum() or unicodedata.category(c) in {"Mn", "Mc"}
