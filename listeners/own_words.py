"""First lines in a company's own words: the templates of the voice document, with what is now true in their fields."""

from collections.abc import Callable, Mapping
from datetime import datetime

from listeners import faces, texts
from listeners.faces import Face
from workflows.backup.standing import Standing
from workflows.kernel.quantities import age_text, size_text

OwnWords = Callable[[str, Mapping[str, str]], str | None]
"""The line of one kind of message with its fields filled in; None where the voice document has none, or a field is empty."""

_KIND: dict[Face, str] = {
    "alert": "alert",
    "warn": "warn",
    "escalated": "escalate",
    "pending": "pending_fixed",
    "fine": "recovered",
}


def own_line(standing: Standing, shown: Face, own: OwnWords | None, *, now: datetime, zone: str, reminder: bool = False) -> str:
    """The line as mrkdwn, "" where the built-in words stand. What a field holds is somebody's text, and stays text."""
    if own is None or shown not in _KIND:
        return ""
    line = own("reminder" if reminder else _KIND[shown], _fields(standing, now=now, zone=zone))
    return f"{faces.EMOJI[shown]}  {texts.words(line)}" if line else ""


def _fields(standing: Standing, *, now: datetime, zone: str) -> dict[str, str]:
    good, findings = faces.newest_good(standing), faces.findings(standing)
    missed = standing.missed

    def at(moment: datetime | None) -> str:
        return texts.plain_moment(moment, now=now, zone=zone) if moment else ""

    return {
        "job": faces.plain_title(standing),
        "what": standing.row.get("what", ""),
        "group": standing.row.get("group", ""),
        "owner": standing.recipients[0] if standing.recipients else "",
        "finding": faces.trouble(standing) if findings or standing.unseen else "",
        "age": age_text(now - good.at) if good else "",
        "limit": findings[0].threshold if findings else "",
        "size": size_text(good.size) if good and good.size else "",
        "missed": str(missed) if missed else "",
        "last_good": at(good.at if good else None),
        "next_look": at(standing.due),
        "lasted": age_text(standing.ended_at - standing.broke_at) if standing.ended_at and standing.broke_at else "",
        "by": standing.answer.by if standing.answer else "",
    }
