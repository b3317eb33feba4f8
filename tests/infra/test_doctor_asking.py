"""Questions that are not answered become findings, whatever happens on the other side."""

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from infra.doctor.asking import asking, carried_out
from infra.doctor.finding import Finding, ok
from workflows.kernel.errors import Unanswered


def aws_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "said"}}, "DescribeAlarms")


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (aws_error("AccessDenied"), "your credentials need cloudwatch:DescribeAlarms"),
        (aws_error("ExpiredToken"), "log in to AWS"),
        (aws_error("ThrottlingException"), "run this again"),
        (NoCredentialsError(), "log in to AWS"),
        (EndpointConnectionError(endpoint_url="https://x"), "whether this machine reaches it"),
        (Unanswered("503", "Drive"), "run this again"),
        (TimeoutError("slow"), "run this again"),
        (KeyError("MetricAlarms"), "newest version"),
        (TypeError("none"), "newest version"),
    ],
)
def test_whatever_a_question_raises_is_told_with_what_to_do(raised: Exception, says: str) -> None:
    def look() -> Iterator[Finding]:
        yield ok("before")
        with asking("the alarms", "cloudwatch:DescribeAlarms"):
            raise raised

    before, told = carried_out(look)
    assert before == ok("before")
    assert (told.state, "the alarms" in told.line) == ("unsure", True)
    assert says in told.todo


@pytest.mark.parametrize("raised", [aws_error("Strange"), OSError("gone"), KeyError("x"), ValueError("no JSON")])
def test_what_is_raised_beside_a_question_is_no_traceback_either(raised: Exception) -> None:
    def look() -> Iterator[Finding]:
        if raised:
            raise raised
        yield ok("never")

    assert [one.state for one in carried_out(look)] == ["unsure"]


def test_what_an_unknown_answer_raises_is_not_quoted_for_it_may_quote_a_secret() -> None:
    def slack() -> Finding:
        raise ValueError("Invalid header value b'Bearer xoxb-11111'")

    def look() -> Iterator[Finding]:
        with asking("the bot token at Slack"):
            yield slack()

    [told] = carried_out(look)
    assert "ValueError" in told.line
    assert "xoxb" not in told.line + told.todo


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    def stop() -> Iterator[Finding]:
        raise AssertionError("a bug")

    looks: list[Callable[[], Iterator[Finding]]] = [stop]
    with pytest.raises(AssertionError):
        carried_out(looks[0])
