"""What both halves ask AWS first: who we are there, and how the stack stands."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, InvalidRegionError
from botocore.exceptions import ConnectionError as NotConnected

from infra.deploy.samconfig import Chosen, Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """How a stack stands: its status, "" where there is none yet, what it was told and what it says."""

    status: str = ""
    parameters: "Mapping[str, str]" = field(default_factory=dict)
    outputs: "Mapping[str, str]" = field(default_factory=dict)


def session_of(chosen: Chosen) -> boto3.Session:
    """Raises Unusable."""
    try:
        return boto3.Session(profile_name=chosen.profile or None, region_name=chosen.region)
    except BotoCoreError as error:
        raise Unusable(
            f"AWS cannot be reached so: {error}. The profile is AWS_PROFILE, or profile in samconfig.toml; aws configure "
            "list-profiles shows those that there are."
        ) from None


def caller(session: boto3.Session) -> tuple[str, str]:
    """The account, and who we are in it. Raises Unusable."""
    try:
        told = session.client("sts", config=PATIENT).get_caller_identity()
    except (NotConnected, HTTPClientError, InvalidRegionError) as error:
        raise Unusable(
            f"AWS is not reached: {str(error).rstrip('.')}. Is there a network, and is {session.region_name} a region "
            "(samconfig.toml)?"
        ) from None
    except (BotoCoreError, ClientError) as error:
        raise Unusable(
            f"AWS does not know you: {str(error).rstrip('.')}. Sign in (aws sso login, or aws configure), and say which profile "
            "by AWS_PROFILE, or by profile in samconfig.toml."
        ) from None
    return told["Account"], told["Arn"]


def is_table(session: boto3.Session, name: str) -> bool:
    """Raises Unusable."""
    dynamodb = session.client("dynamodb", config=PATIENT)
    try:
        dynamodb.describe_table(TableName=name)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    except (BotoCoreError, ClientError) as error:
        raise Unusable(f"The table {name} cannot be asked for: {error}") from None
    return True


def stack_of(session: boto3.Session, name: str) -> Stack:
    """Raises Unusable."""
    cloud: Any = session.client("cloudformation", config=PATIENT)
    try:
        [told] = cloud.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return Stack()
        raise Unusable(f"The stack {name} cannot be asked for: {error}") from None
    except BotoCoreError as error:
        raise Unusable(f"The stack {name} cannot be asked for: {error}") from None
    return Stack(
        status=told["StackStatus"],
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in told.get("Parameters", ())},
        outputs={one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", ())},
    )
