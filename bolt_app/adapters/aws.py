"""AWS clients, made in one place, and its errors told in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own name
from botocore.loaders import Loader
from botocore.parsers import ResponseParserError
from botocore.session import Session, get_session
from botocore.utils import parse_timestamp

from workflows.kernel.errors import OutsideError, Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

PASSING = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Error codes that pass by themselves, whatever the HTTP status they come with."""


USER_AGENT = f"backup-sentinel boto3/{boto3.__version__}"
"""botocore's own names its surroundings, and is put together anew for every call: a tenth of what a call costs."""

SERVICES = ("bedrock-runtime", "dynamodb", "events", "lambda", "s3", "scheduler", "secretsmanager", "sesv2", "sqs", "ssm")


@overload
def client(name: Literal["bedrock-runtime"], *, connections: int = ..., patience_seconds: int) -> "BedrockRuntimeClient": ...
@overload
def client(name: Literal["dynamodb"], *, connections: int = ..., validate: bool = ...) -> "DynamoDBClient": ...
@overload
def client(name: Literal["events"], *, connections: int = ..., validate: bool = ...) -> "EventBridgeClient": ...
@overload
def client(name: Literal["lambda"], *, connections: int = ...) -> "LambdaClient": ...
@overload
def client(name: Literal["s3"], *, connections: int = ...) -> "S3Client": ...
@overload
def client(name: Literal["scheduler"], *, connections: int = ...) -> "EventBridgeSchedulerClient": ...
@overload
def client(name: Literal["secretsmanager"], *, connections: int = ...) -> "SecretsManagerClient": ...
@overload
def client(name: Literal["sesv2"], *, connections: int = ..., patience_seconds: int) -> "SESV2Client": ...
@overload
def client(name: Literal["sqs"], *, connections: int = ...) -> "SQSClient": ...
@overload
def client(name: Literal["ssm"], *, connections: int = ...) -> "SSMClient": ...
def client(name: Any, *, connections: int = 10, patience_seconds: int = 0, validate: bool = True) -> Any:
    """A client that gives up soon: three tries, short waits, so that a Lambda's own timeout is never what ends a call.

    Making it opens no connection. `connections` is how many calls may run side by side. With `patience_seconds` it waits so
    long for one answer, and asks only once: for what takes its time, and whose caller comes again by itself. Without `validate`
    botocore does not look through each request before AWS does: for requests of one shape, by the thousand.
    """
    config = Config(
        connect_timeout=2,
        read_timeout=patience_seconds or 5,
        retries={"mode": "standard", "total_max_attempts": 1 if patience_seconds else 3},
        max_pool_connections=connections,
        user_agent=USER_AGENT,
        parameter_validation=validate,
    )
    return session().client(name, config=config)


@cache
def session() -> boto3.Session:
    """What all clients are made of."""
    core = get_session()
    core.register_component("data_loader", _Models())
    quick_timestamps(core)
    return boto3.Session(botocore_session=core)


class _Models(Loader):
    """Reads the models of services. botocore's own looks through four hundred folders to learn that there is one called s3."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        return list(SERVICES)


def quick_timestamps(core: Session) -> None:
    """Lets the session's clients read ISO dates with the C parser of the standard library.

    Half of what decoding a page of 1,000 keys costs is the general date parser, run once for every key.
    """
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_timestamp)


def _timestamp(value: Any) -> datetime:  # noqa: ANN401 - as botocore hands it over
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            pass  # the dates of HTTP headers
        else:
            if moment.tzinfo:
                return moment
    return parse_timestamp(value)


@contextmanager
def translated() -> Iterator[None]:
    """Raises what AWS raises as Refused or Unanswered. Catch what a caller expects (a failed condition) inside of it."""
    try:
        yield
    except ClientError as error:
        raise in_our_words(error) from error
    except (ConnectionError, HTTPClientError, ResponseParserError) as error:
        raise Unanswered(type(error).__name__, str(error)) from error
    except BotoCoreError as error:
        raise Refused(type(error).__name__, str(error)) from error


def in_our_words(error: ClientError) -> OutsideError:
    """Unanswered where the same call may succeed later (throttled, a fault on their side), else Refused."""
    code = code_of(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind = Unanswered if code in PASSING or status >= 500 else Refused
    return kind(code, f"{error.operation_name}: {error.response.get('Error', {}).get('Message', '')}")


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
