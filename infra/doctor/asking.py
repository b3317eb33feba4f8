"""Questions that were not answered: each becomes a finding, and never a traceback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException

from botocore.exceptions import BotoCoreError, ClientError

from infra.doctor.finding import Finding, unsure
from workflows.kernel.errors import OutsideError

FORBIDDEN = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
    "403",
}
NO_CREDENTIALS = {
    "CredentialRetrievalError",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "NoCredentialsError",
    "PartialCredentialsError",
    "ProfileNotFound",
    "RequestExpired",
    "SSOTokenLoadError",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
    "UnrecognizedClientException",
}
OUTSIDE = (ClientError, BotoCoreError, OutsideError, OSError, HTTPException)
STRANGE = (LookupError, TypeError, ValueError, AttributeError)
"""What code raises that met an answer of another form than it knows."""


class Unable(Exception):
    """A look cannot go on; its finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.line)
        self.finding = finding


@contextmanager
def asking(what: str, needs: str = "") -> Iterator[None]:
    """Around each question to the outside. `needs`: the permissions of AWS that it takes. Raises Unable."""
    try:
        yield
    except OUTSIDE as error:
        raise Unable(unanswered(what, reason_of(error), str(error), needs)) from error
    except STRANGE as error:
        raise Unable(strange(what, error)) from error


def carried_out(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """All that a look finds, up to where it cannot go on."""
    found: list[Finding] = []
    try:
        found.extend(look())
    except Unable as unable:
        found.append(unable.finding)
    except OUTSIDE as error:
        found.append(unanswered("something", reason_of(error), str(error), ""))
    except STRANGE as error:
        found.append(strange("something", error))
    return found


def reason_of(error: BaseException) -> str:
    """The other side's own word for it."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "ClientError"
    return error.reason if isinstance(error, OutsideError) else type(error).__name__


def unanswered(what: str, reason: str, said: str, needs: str) -> Finding:
    line = f"could not ask for {what}: {reason}"
    if reason in FORBIDDEN:
        grant = f"your credentials need {needs}" if needs else "your credentials need one more permission"
        return unsure(line, f"{grant}; the policy stands in docs/operations.md, The doctor")
    if reason in NO_CREDENTIALS:
        return unsure(
            line, "log in to AWS (aws sso login, or export AWS_PROFILE=...), see aws sts get-caller-identity, and run this again"
        )
    return unsure(
        f"{line} ({said[:160]})" if said and said != reason else line, "see whether this machine reaches it, and run this again"
    )


def strange(what: str, error: Exception) -> Finding:
    """The error's own words stay unsaid: they may quote what was sent, such as a token."""
    return unsure(
        f"the answer about {what} has a form that is not known here ({type(error).__name__})",
        "update to the newest version (git pull, make deploy), and run this again",
    )
