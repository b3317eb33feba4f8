"""The raw mail bucket on S3, read only."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from workflows.kernel.errors import CannotLook, OutsideError
from workflows.kernel.raw_mail import MAIL_BYTES_MAX, RawMail

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3RawMails:
    """Implements `RawMails`. The role must be allowed to list the bucket, or S3 answers AccessDenied for a mail that is gone."""

    def __init__(self, client: "S3Client", *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, key: str) -> RawMail | None:
        try:
            with translated():
                return self._fetch(key)
        except OutsideError as error:
            raise CannotLook(error.reason, error.detail) from error

    def link(self, key: str) -> str:
        region = self._client.meta.region_name
        place = f"{self._bucket}?region={region}&prefix={quote(key, safe='')}"
        return f"https://{region}.console.aws.amazon.com/s3/object/{place}"

    def _fetch(self, key: str) -> RawMail | None:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise
        size, body = answer["ContentLength"], answer["Body"]
        try:
            raw = body.read() if size <= MAIL_BYTES_MAX else b""
        finally:
            body.close()
        return RawMail(key=key, raw=raw, received=answer["LastModified"], size=size)
