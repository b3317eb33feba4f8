"""What several scripts do with a bucket: store a dated file, let go of old ones, leave an upload open."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEPT = 40
PART_BYTES = 64 * 1024


def store(s3: "S3Client", bucket: str, prefix: str, ending: str, body: bytes) -> int:
    """Stores the file under the time it was made at, and rotates: all but the newest 40 go."""
    s3.put_object(Bucket=bucket, Key=f"{prefix}{_moment()}{ending}", Body=body)
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    for old in sorted(listed, key=lambda stored: stored["LastModified"])[:-KEPT]:
        s3.delete_object(Bucket=bucket, Key=old["Key"])
    return len(body)


def leave_open(s3: "S3Client", bucket: str, prefix: str, ending: str, body: bytes) -> None:
    """Begins an upload and never completes it: it is in no listing, as on S3. One that is open already is enough."""
    if _open(s3, bucket, prefix):
        return
    key = f"{prefix}{_moment()}{ending}"
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=body[:PART_BYTES])


def give_up(s3: "S3Client", bucket: str, prefix: str) -> None:
    """Ends every upload that was left open."""
    for key, upload in _open(s3, bucket, prefix):
        s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)


def _open(s3: "S3Client", bucket: str, prefix: str) -> list[tuple[str, str]]:
    uploads = s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", [])
    return [(upload["Key"], upload["UploadId"]) for upload in uploads if upload["Key"].startswith(prefix)]


def _moment() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
