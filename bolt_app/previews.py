"""Programs that open an address because somebody wrote it down: link previews, mail scanners, search engines, prefetching.

They are told by what they call themselves. curl, wget, PowerShell, the libraries of all languages and browsers are none of them.
"""

import re
from collections.abc import Mapping

_PREVIEWERS = re.compile(
    r"""
      bot\b | crawler | spider | preview | \bscan(ner|ning)?\b | unfurl | headless   # what most call themselves
    | slack-imgproxy | facebookexternalhit | facebookcatalog | meta-externalagent | whatsapp | telegram | skype | embedly
    | iframely | vkshare | pinterest | flipboard | snapchat | viber | kakaotalk | mattermost | rocket\.chat | mastodon
    | google-safety | google-read-aloud | googleimageproxy | google-inspectiontool | apis-google | mediapartners-google
    | bingpreview | microsoft\ office | ms-office | msoffice | \bmsteams\b | safelinks | yahoomailproxy | yahoo!\ slurp
    | proofpoint | mimecast | barracuda | fortiguard | forcepoint | websense | symantec | trendmicro | sophos | kaspersky
    | urlscan | virustotal | zscaler | ironport | censys | zgrab | masscan | nuclei | nmap
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PURPOSES = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def is_preview(headers: Mapping[str, str]) -> bool:
    """Whether a GET with these headers (names in lower case) comes from such a program, by its own word."""
    if any("pre" in headers.get(name, "").lower() for name in _PURPOSES):  # prefetch, prerender, preview
        return True
    return _PREVIEWERS.search(headers.get("user-agent", "")) is not None
