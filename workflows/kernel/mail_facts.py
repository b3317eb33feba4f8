"""What a mail says, whatever its shape: the texts in it, who sent it, and whether that can be believed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One text of a mail: its body, the body of a mail forwarded in it, or an attachment.

    Attributes:
        text: decoded, with newlines. HTML is told as text, a row of a table as one line with a tab between its cells.
            Of a text that is too long the middle is left out.
        name: file name of an attachment (of a file in a zip: `archive.zip/file`), "" for a body.
        media_type: as declared or found, such as "text/plain", "application/json".
        subject, sender, sent: of the mail this part belongs to: of a forwarded mail, the original's; sender is an address in
            lower case. sent is in UTC; a forwarded mail's time that names no zone is taken in the zone of who forwarded it.
        html: the source of an HTML body, else "".
        comment: what a person wrote above a mail they forward or answer; never what that mail reports.
    """

    text: str
    name: str = ""
    media_type: str = "text/plain"
    subject: str = ""
    sender: str = ""
    sent: datetime | None = None
    html: str = ""
    comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail.

    Attributes:
        id: the same for the same mail however often it arrives: its Message-ID, or where it has none a hash of what it says.
        sender: address in lower case, of the From header; "" where there is none, or more than one. sent: of the Date
            header, in UTC.
        parts: the most likely to be a report first: forwarded originals, deepest first, then bodies, then attachments, then
            comments. At least one: a mail without any text has one empty part, for its subject.
        untrusted: why its sender cannot be believed, or its content is dangerous; "" when it can.
        automatic: "" for a mail of a person or a tool; else what it is: "out of office", "newsletter", "bounce",
            "read receipt". A hint: tools' reports carry some of the same marks.
        problems: parts that could not be read, and why.
    """

    id: str
    sender: str
    subject: str
    sent: datetime | None
    parts: tuple[Part, ...]
    untrusted: str = ""
    automatic: str = ""
    problems: tuple[str, ...] = ()
