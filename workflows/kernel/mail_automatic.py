"""Mails that no one wrote on purpose: answers of an absent person, newsletters, bounces.

Tools and cron jobs send automatic mail too (Auto-Submitted: auto-generated, Precedence: bulk): those marks alone say nothing.
"""

import re

from workflows.kernel.mail_headers import Headers
from workflows.kernel.mail_words import AWAY, CAMPAIGN, UNSUBSCRIBE

_CAMPAIGN_HEADER = re.compile(
    r"list-unsubscribe-post|feedback-id|x-(?:hs-|mailchimp-)?campaign(?:-?id)?|x-mc-user|x-csa-complaints"
)


def automatic(headers: Headers, sender: str, text: str) -> str:
    """What kind of automatic mail this is; "" for a mail of a person or a tool. `text` is the beginning of what it says."""
    if kind := _reported(headers, sender):
        return kind
    if _away(headers):
        return "out of office"
    return "newsletter" if _newsletter(headers, text[:20_000]) else ""


def _reported(headers: Headers, sender: str) -> str:
    media_type, parameters = headers.typed("content-type")
    if media_type == "multipart/report":
        about = parameters.get("report-type", "").lower()
        return {"delivery-status": "bounce", "disposition-notification": "read receipt"}.get(about, "")
    user = sender.partition("@")[0]
    undelivered = headers.first("x-failed-recipients") or headers.first("auto-submitted").lower().startswith("auto-replied")
    if user == "mailer-daemon" or (user == "postmaster" and undelivered):
        return "bounce"
    return ""


def _away(headers: Headers) -> bool:
    return (
        headers.first("auto-submitted").lower().startswith("auto-replied")
        or headers.first("x-autoreply").lower() in {"yes", "true", "1"}
        or bool(headers.first("x-autorespond") or headers.first("x-autoresponder"))
        or headers.first("precedence").lower() in {"auto_reply", "auto-reply"}
        or AWAY.match(headers.text("subject")) is not None
    )


def _newsletter(headers: Headers, text: str) -> bool:
    """A list from which one can be taken off, and a second mark of a campaign: in the headers or in the text."""
    listed = bool(headers.first("list-unsubscribe"))
    campaign = any(_CAMPAIGN_HEADER.fullmatch(header.name) for header in headers.items)
    unsubscribe, worded = UNSUBSCRIBE.search(text) is not None, CAMPAIGN.search(text) is not None
    bulk = re.search(r"bulk|list|marketing", headers.first("precedence").lower()) is not None
    return (listed and (campaign or worded or (bulk and unsubscribe))) or (unsubscribe and worded)
