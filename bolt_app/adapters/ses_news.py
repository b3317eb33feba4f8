"""What SES tells of letters it was handed, as SNS brings it to the dispatch queue: in an envelope, never raw.

SES tries a new topic with a sentence in plain words; in its envelope even that is JSON, and is let go here instead of failing.
"""

import json
from typing import Any

from workflows.kernel.ports import Event, Json
from workflows.kernel.returned import RETURNED, Kind

WHY_LENGTH_MAX = 200


def news_of(envelope: Json) -> Event | None:
    """The nudge that follows from it; None where it is about no letter that failed, or nothing that SES would say."""
    try:
        told: Any = json.loads(envelope["Message"])
        letter, kind, why = told["mail"]["messageId"], _kind_of(told), _why(told)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    if kind is None or not isinstance(letter, str) or not letter:
        return None
    return Event(kind=RETURNED, detail={"v": 1, "letter": letter[:WHY_LENGTH_MAX], "kind": kind, "why": why[:WHY_LENGTH_MAX]})


def _kind_of(told: Json) -> Kind | None:
    """A bounce that is not for good is also final for its letter: SES tells of it once it has given up."""
    match told["eventType"]:
        case "Bounce" if _is_automatic_answer(told["bounce"]):
            return None
        case "Bounce":
            return "bounced" if told["bounce"]["bounceType"] == "Permanent" else "delayed"
        case "Complaint":
            return "complained"
        case "Reject":
            return "rejected"
    return None


def _is_automatic_answer(bounce: Json) -> bool:
    """Who is out of office has the letter all the same. SES calls such an answer a bounce; no mail server gave it a status."""
    return (bounce["bounceType"], bounce.get("bounceSubType")) == ("Transient", "General") and not _status_of(bounce)


def _status_of(bounce: Json) -> str:
    return next((str(one["status"]) for one in bounce.get("bouncedRecipients", ()) if one.get("status")), "")


def _why(told: Json) -> str:
    """The sub-type and the status code, which are SES's own words; never what a mail server wrote, which quotes anything."""
    kind = told["eventType"]
    if kind == "Bounce":
        bounce = told["bounce"]
        return " ".join(word for word in (str(bounce.get("bounceSubType", "")), _status_of(bounce)) if word)
    if kind == "Complaint":
        return str(told["complaint"].get("complaintFeedbackType") or "")
    return "SES would not send it"
