"""The mirrored job list, rules and voice: objects in S3, read again only when they changed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from workflows.kernel.errors import CannotLook, OutsideError
from workflows.kernel.ports import Document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOT_MODIFIED = "304"


class S3Documents:
    """Implements `Documents`, and `Mirror` for a role that may write.

    An unchanged document is the very object that was read before: no transfer, nothing to parse.

    Args:
        buckets: object key -> the bucket it lies in. The role must be allowed to list the bucket, or S3 answers
            AccessDenied where an object is only missing.
    """

    def __init__(self, client: "S3Client", buckets: Mapping[str, str]) -> None:
        self._client = client
        self._buckets = dict(buckets)
        self._known: dict[str, Document] = {}

    def read(self, key: str) -> Document | None:
        if key not in self._buckets:
            raise ValueError(f"no bucket is set for the document {key!r}; there is one for {sorted(self._buckets)}")
        known = self._known.get(key)
        try:
            with translated():
                found = self._fetch(key, known)
        except OutsideError as error:
            raise CannotLook(error.reason, error.detail) from error
        if found is not None:
            self._known[key] = found
        return found

    def put(self, key: str, text: str) -> None:
        """Writes the document. Raises Refused or Unanswered: then it may have been written."""
        kind = "text/csv" if key.endswith(".csv") else "text/plain"
        with translated():
            self._client.put_object(Bucket=self._buckets[key], Key=key, Body=text.encode(), ContentType=f"{kind}; charset=utf-8")

    def _fetch(self, key: str, known: Document | None) -> Document | None:
        bucket = self._buckets[key]
        try:
            if known is None:
                answer = self._client.get_object(Bucket=bucket, Key=key)
            else:
                answer = self._client.get_object(Bucket=bucket, Key=key, IfNoneMatch=known.version)
            body = answer["Body"].read()
        except ClientError as error:
            if code_of(error) == NOT_MODIFIED:
                return known
            if code_of(error) == "NoSuchKey":
                return None
            raise
        # not UTF-8 is shown as U+FFFD, where a person can see it, and harms no other row
        return Document(text=body.decode("utf-8-sig", errors="replace"), version=answer["ETag"], modified=answer["LastModified"])
