"""What Google answers when it will not serve a document, told so that the admin knows what to do."""

from workflows.kernel.errors import Refused
from workflows.kernel.sheet import Fault, Source

NOT_FOUND = "not_found"
NOT_SHARED = "not_shared"
NO_KEY = "no_key"
BAD_KEY = "bad_key"
API_OFF = "api_off"
NOT_GOOGLES = "not_googles"
IN_THE_BIN = "in_the_bin"
TOO_LARGE = "too_large"
NO_TEXT = "no_text"
"""The reasons of a Refused that adapters of `Sheet` and `Drive` raise; any other is Google's own word."""

_KIND = {"sheet": "Google Sheet", "text": "Google Doc"}


def explained(refusal: Refused, source: Source, account: str) -> Fault:
    """A refusal as a problem with its document, and what to do about it."""
    role = "Editor" if source.kind == "sheet" else "Viewer"
    share = f"share the {source.name} with {account or 'the service account'} as {role}"
    kind = _KIND[source.kind]
    known = {
        NOT_FOUND: (
            f"Google knows no document {source.id}, or it is not shared",
            f"{share}, and check its id: the long part of its address, after /d/",
        ),
        NOT_SHARED: ("Google does not let the service account use it", share),
        NO_KEY: (f"there is no usable key of the service account: {refusal.detail}", "put its JSON key into the secret"),
        BAD_KEY: (
            f"Google does not accept the service account's key: {refusal.detail}",
            "make a new key, and put it into the secret",
        ),
        API_OFF: (
            "the project of the service account may not use Google's APIs",
            "enable the Google Drive API and the Google Sheets API in that project",
        ),
        NOT_GOOGLES: (f"it is no {kind}: {refusal.detail}", f"open it there, save it as a {kind}, and set up the id of that one"),
        IN_THE_BIN: ("it is in the bin", "restore it, or set up the id of another one"),
        TOO_LARGE: ("Google does not export documents of this size", "a shorter one"),
        NO_TEXT: ("what Google sent is no text", "open the document and see whether it is what it should be"),
    }
    problem, fix = known.get(refusal.reason, (f"Google refuses: {refusal}", f"see whether it opens; {share}"))
    return Fault(problem, fix)
