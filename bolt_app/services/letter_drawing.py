"""What bk-dispatch draws and sends letters with."""

from bolt_app.adapters import aws
from bolt_app.settings import Settings
from workflows.backup.telling import Letters
from workflows.kernel.ports import Mailer


def letters_and_mailer(told: Settings) -> tuple[Letters, Mailer] | tuple[None, None]:
    """Nothing where this deployment has no address to send from. The key is read for the first letter, not before."""
    if not told.sender:
        return None, None
    from bolt_app.adapters.link_keys import LinkKeys
    from bolt_app.adapters.ses import PATIENCE_SECONDS, SesMailer
    from listeners import letters
    from workflows.kernel.errors import Refused
    from workflows.kernel.links import Link, signed

    keys = LinkKeys(aws.client("ssm"), name=told.link_key_parameter)

    def url(link: Link) -> str:
        if not told.link_url:
            raise Refused("no_link_url", "the parameter link_url is not set: nobody could answer this letter")
        return f"{told.link_url}act/{signed(link, keys.get())}"

    mailer = SesMailer(aws.client("sesv2", patience_seconds=PATIENCE_SECONDS), sender=told.sender)
    return letters.Letters(url=url, zone=told.timezone, admin=told.admin_owner), mailer
