"""E-mail by SES.

A letter is handed over once: whether it was taken cannot be asked afterwards, so that trying again is for those who decide it.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from workflows.kernel.errors import RateLimited, Refused
from workflows.kernel.ports import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

PATIENCE_SECONDS = 5
NAME = "Backup sentinel"
NOT_TAKEN_FOR_NOW = {
    "TooManyRequestsException": 2.0,
    "Throttling": 2.0,
    "ThrottlingException": 2.0,
    "LimitExceededException": 900.0,
}
"""What SES answers where it took nothing, and how long to wait; the last one is the day's quota."""


class SesMailer:
    """Implements `Mailer`. `client`: one that asks only once. `sender`: an address, or an address of a domain, that SES knows."""

    def __init__(self, client: "SESV2Client", *, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, letter: Letter, *, message_id: str, thread: str = "") -> str:
        to = _in_ascii(to)
        mail = mail_of(letter, sender=self._sender, to=to, message_id=message_id, thread=thread, now=datetime.now(UTC))
        with translated():
            try:
                answer = self._client.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [to]},
                    Content={"Raw": {"Data": mail.as_bytes()}},
                )
            except ClientError as error:
                if (seconds := NOT_TAKEN_FOR_NOW.get(code_of(error))) is not None:
                    raise RateLimited(seconds) from error
                raise
        return answer["MessageId"]


def mail_of(letter: Letter, *, sender: str, to: str, message_id: str, thread: str, now: datetime) -> EmailMessage:
    """The letter as a mail: plain text, and the same as HTML.

    SES puts an id of its own in the place of ours. So all mails of one thread name the thread's, which no mail has to have.
    """
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{NAME} <{sender}>"
    mail["To"] = to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    if thread:
        mail["References"] = f"<thread-{thread}@{domain}>"
        mail["In-Reply-To"] = f"<thread-{thread}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that no holiday answers it
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


def _in_ascii(address: str) -> str:
    """SES takes the domain of an address as DNS knows it, and nothing but ASCII before it. Raises Refused."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Refused("address_not_ascii", f"no mail can be sent to {address!r}") from None
