"""AWS clients, made in one place, and its errors told in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own name
from botocore.parsers import ResponseParserError

from workflows.kernel.errors import OutsideError, Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
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
        "TransactionInProgressException",
    }
)
"""Error codes that pass by themselves, whatever the HTTP status they come with."""


@overload
def client(name: Literal["dynamodb"], *, connections: int = ...) -> "DynamoDBClient": ...
@overload
def client(name: Literal["events"], *, connections: int = ...) -> "EventBridgeClient": ...
@overload
def client(name: Literal["s3"], *, connections: int = ...) -> "S3Client": ...
@overload
def client(name: Literal["scheduler"], *, connections: int = ...) -> "EventBridgeSchedulerClient": ...
@overload
def client(name: Literal["secretsmanager"], *, connections: int = ...) -> "SecretsManagerClient": ...
@overload
def client(name: Literal["sqs"], *, connections: int = ...) -> "SQSClient": ...
@overload
def client(name: Literal["ssm"], *, connections: int = ...) -> "SSMClient": ...
def client(name: Any, *, connections: int = 10) -> Any:
    """A client that gives up soon: three tries, short waits, so that a Lambda's own timeout is never what ends a call.

    Making it opens no connection. `connections` is how many calls may run side by side.
    """
    config = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=connections,
    )
    return boto3.client(name, config=config)


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
