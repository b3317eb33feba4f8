"""Watched buckets on S3, listed and never read: the port `Objects`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Object, Page

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")


class S3Objects:
    """ListObjectsV2, nothing else.

    The client's own settings decide on timeouts and retries; what is still an error after them becomes CannotLook with
    AWS's code ("AccessDenied", "NoSuchBucket", "SlowDown") or the name of the failure ("ReadTimeoutError") as its reason.
    """

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page:
        # Owners are not fetched, and keys travel URL-encoded: botocore asks for that and decodes them, so that a key with a
        # control character does not break the XML.
        request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, "MaxKeys": max_keys}
        if start_after and not token:
            request["StartAfter"] = start_after
        if delimiter:
            request["Delimiter"] = delimiter
        if token:
            request["ContinuationToken"] = token
        answer = _ask(lambda: self._client.list_objects_v2(**request))
        return Page(
            tuple(
                Object(item["Key"], item["Size"], item["LastModified"], item.get("ETag", "").strip('"'))
                for item in answer.get("Contents", ())
            ),
            tuple(item["Prefix"] for item in answer.get("CommonPrefixes", ())),
            answer.get("NextContinuationToken", "") if answer.get("IsTruncated") else "",
        )


def _ask(call: Callable[[], T]) -> T:
    try:
        return call()
    except ClientError as error:
        said = error.response.get("Error", {})
        raise CannotLook(said.get("Code") or "ClientError", said.get("Message", "")) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise CannotLook(type(error).__name__, str(error)) from error
