"""A company's choices, kept in Parameter Store."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from workflows.kernel.errors import OutsideError, Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class Parameters:
    def __init__(self, client: "SSMClient") -> None:
        self._client = client

    def under(self, path: str) -> Mapping[str, str]:
        """The parameters right below `path`, by their name without it. SecureStrings are left out: they are read by name.

        Raises Refused or Unanswered.
        """
        try:
            pages = self._client.get_paginator("get_parameters_by_path").paginate(Path=path)
            found = [parameter for page in pages for parameter in page["Parameters"]]
        except (ClientError, BotoCoreError) as error:
            raise _translated(error, path) from error
        return {one["Name"].rsplit("/", 1)[1]: one["Value"] for one in found if one["Type"] != "SecureString"}


def _translated(error: ClientError | BotoCoreError, path: str) -> OutsideError:
    if isinstance(error, ClientError) and error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
        reason = error.response["Error"]["Code"]
        if "Throttl" not in reason:
            return Refused(reason, f"reading the parameters under {path}")
    return Unanswered(type(error).__name__, f"reading the parameters under {path}: {error}")
