"""S3 on this machine, with one bucket, for tools that want nothing else of AWS."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from infra.local.children import Child
from infra.local.stack import REGION, ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "acme-tools"
ROOT_KEY = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalS3:
    """Attributes: `environment` is what a tool must see to be let in."""

    address: str
    client: "S3Client"

    @property
    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": ROOT_KEY, "AWS_SECRET_ACCESS_KEY": ROOT_KEY, "AWS_DEFAULT_REGION": REGION}

    def keys(self, prefix: str) -> list[str]:
        listed = self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        assert not listed["IsTruncated"]
        return [stored["Key"] for stored in listed.get("Contents", [])]

    def copy(self, source: str, prefix: str) -> None:
        """A folder of the bucket once more; the new objects are of now."""
        for key in self.keys(source):
            self.client.copy_object(
                Bucket=BUCKET, Key=prefix + key.removeprefix(source), CopySource={"Bucket": BUCKET, "Key": key}
            )

    def delete(self, prefix: str) -> None:
        for key in self.keys(prefix):
            self.client.delete_object(Bucket=BUCKET, Key=key)


@contextmanager
def running(run: Path) -> Iterator[LocalS3]:
    address = f"http://127.0.0.1:{(port := _free_port())}"
    environ = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(run),
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MS_IAM_LOG": str(run / "iam.jsonl"),
    }
    aws = Child("The local S3", "infra.local.launcher", [], environ=environ, log=run / "aws.log", root=ROOT)
    try:
        aws.wait_until_ready(f"{address}/_ministack/ready")
        session = boto3.Session(ROOT_KEY, ROOT_KEY, region_name=REGION)
        client = session.client("s3", endpoint_url=address)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield LocalS3(address=address, client=client)
    finally:
        aws.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
