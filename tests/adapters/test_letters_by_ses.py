"""Letters: in memory, and by SES as moto plays it; and the key that signs their links."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import boto3
import pytest
from botocore.stub import Stubber
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from bolt_app.adapters.link_keys import LinkKeys
from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.ses import SesMailer
from tests.adapters.conftest import REGION
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.ports import Letter, Mailer

SENDER, PAT = "sentinel@example.com", "pat@elsewhere.example"
LETTER = Letter(subject="🔴 Orders & co", text="It broke.\n", html="<p>It broke.</p>")


@dataclass
class Post:
    mailer: Mailer
    arrived: Callable[[], list[tuple[str, str]]]


def arrived_by_ses() -> list[EmailMessage]:
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return [message_from_bytes(one.raw_data.encode(), policy=policy.default) for one in sent]


def in_memory() -> Post:
    memory = MemoryMailer()
    return Post(mailer=memory, arrived=lambda: [(sent.to, sent.letter.subject) for sent in memory.sent])


def by_ses(aws: boto3.Session) -> Post:
    client = aws.client("sesv2")
    if SENDER not in {known["IdentityName"] for known in client.list_email_identities()["EmailIdentities"]}:
        client.create_email_identity(EmailIdentity=SENDER)
    ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages.clear()
    return Post(
        mailer=SesMailer(client, sender=SENDER), arrived=lambda: [(mail["To"], mail["Subject"]) for mail in arrived_by_ses()]
    )


@pytest.fixture(params=["memory", "ses"])
def post(request: pytest.FixtureRequest, aws: boto3.Session) -> Post:
    return in_memory() if request.param == "memory" else by_ses(aws)


def test_a_letter_arrives_and_has_a_name(post: Post) -> None:
    assert post.mailer.send(PAT, LETTER, message_id="m1", thread="t1")
    assert post.arrived() == [(PAT, "🔴 Orders & co")]


def test_a_letter_that_is_sent_again_arrives_again(post: Post) -> None:
    for _ in range(2):
        post.mailer.send(PAT, LETTER, message_id="m1", thread="t1")
    assert len(post.arrived()) == 2


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("TooManyRequestsException", 429, RateLimited),
        ("LimitExceededException", 400, RateLimited),
        ("MessageRejected", 400, Refused),
        ("AccountSuspendedException", 400, Refused),
        ("SendingPausedException", 400, Refused),
        ("AccessDeniedException", 403, Refused),
        ("InternalFailure", 500, Unanswered),
    ],
)
def test_what_ses_answers_is_told_in_our_words(aws: boto3.Session, code: str, status: int, kind: type[OutsideError]) -> None:
    client = aws.client("sesv2")
    with Stubber(client) as stub:
        stub.add_client_error("send_email", code, http_status_code=status)
        with pytest.raises(kind):
            SesMailer(client, sender=SENDER).send(PAT, LETTER, message_id="m1")


def test_an_address_in_other_letters_is_sent_to_as_dns_knows_it(aws: boto3.Session) -> None:
    post = by_ses(aws)
    post.mailer.send("pat@bücher.example", LETTER, message_id="m1")
    assert post.arrived()[0][0] == "pat@xn--bcher-kva.example"
    with pytest.raises(Refused, match="address_not_ascii"):
        post.mailer.send("pät@elsewhere.example", LETTER, message_id="m2")


# --- the key -------------------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def keys(aws: boto3.Session, value: str | None, clock: Clock) -> LinkKeys:
    ssm = aws.client("ssm")
    if value is None:
        return LinkKeys(ssm, name="/bk/config/no_such_key", clock=clock)
    ssm.put_parameter(Name="/bk/config/link_key", Value=value, Type="SecureString", Overwrite=True)
    return LinkKeys(ssm, name="/bk/config/link_key", clock=clock)


def test_the_key_is_read_decrypted_and_kept(aws: boto3.Session) -> None:
    found = keys(aws, "n" * 40 + "\n" + "o" * 40, Clock())

    assert found.get() == ("n" * 40, "o" * 40)
    aws.client("ssm").put_parameter(Name="/bk/config/link_key", Value="x" * 40, Type="SecureString", Overwrite=True)
    assert found.get() == ("n" * 40, "o" * 40)


def test_an_exchanged_key_is_found_after_a_minute_and_asked_for_no_oftener(aws: boto3.Session) -> None:
    clock = Clock()
    found = keys(aws, "n" * 40, clock)
    found.get()
    aws.client("ssm").put_parameter(Name="/bk/config/link_key", Value="x" * 40, Type="SecureString", Overwrite=True)

    assert not found.changed()
    clock.now = 61
    assert found.changed()
    assert found.get() == ("x" * 40,)
    assert not found.changed()


def test_a_key_that_was_taken_away_is_worth_nothing_after_five_minutes(aws: boto3.Session) -> None:
    clock = Clock()
    found = keys(aws, "n" * 40 + " " + "o" * 40, clock)
    found.get()
    aws.client("ssm").put_parameter(Name="/bk/config/link_key", Value="n" * 40, Type="SecureString", Overwrite=True)

    clock.now = 301
    assert found.get() == ("n" * 40,)


def test_a_key_that_was_deleted_is_worth_nothing_after_five_minutes(aws: boto3.Session) -> None:
    clock = Clock()
    found = keys(aws, "n" * 40, clock)
    found.get()
    aws.client("ssm").delete_parameter(Name="/bk/config/link_key")

    clock.now = 301
    for _ in range(2):
        with pytest.raises(Refused, match="ParameterNotFound"):
            found.get()


def test_a_key_that_nobody_tells_for_now_holds_on(aws: boto3.Session) -> None:
    client, clock = aws.client("ssm"), Clock()
    with Stubber(client) as stub:
        stub.add_response("get_parameter", {"Parameter": {"Value": "n" * 40}})
        stub.add_client_error("get_parameter", "ThrottlingException", http_status_code=400)
        found = LinkKeys(client, name="/bk/config/link_key", clock=clock)
        found.get()

        clock.now = 301
        assert found.get() == ("n" * 40,)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("value", [None, "short", "n" * 40 + " short"])
def test_no_key_and_one_that_can_be_guessed_sign_nothing(aws: boto3.Session, value: str | None) -> None:
    with pytest.raises(Refused):
        keys(aws, value, Clock()).get()
