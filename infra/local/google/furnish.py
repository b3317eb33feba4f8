"""What a person would set up for Google by hand: the documents themselves, and the key in its secret."""

import json
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from infra.local.children import StartError
from infra.local.google.account import service_account
from infra.local.google.files import NAMES, RULES_ID, SHEET_ID, VOICE_ID
from infra.local.google.service import KEY_FILE

SECRET = "bk/drive/sa"
FIRST_VOICE = """\
# The voice document: who people are, and how the sentinel speaks. For example:
#
# [people]
# sam@example.com: U0SAM Asia/Singapore
"""


def furnish(session: boto3.Session, folder: Path, *, url: str, registry: str, rules: str) -> None:
    """Documents that are not there yet begin as what is mirrored already. What somebody has set up stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for document_id, bucket in ((SHEET_ID, registry), (RULES_ID, rules), (VOICE_ID, rules)):
        file = folder / NAMES[document_id]
        if not file.exists():
            file.write_text(_mirrored(session, bucket, file.name) or FIRST_VOICE, encoding="utf-8")
    _put_key(session, service_account(folder / KEY_FILE, token_uri=f"{url}token"))


def first_sync(session: boto3.Session) -> None:
    """So that the sentinel knows the documents before anybody changes anything. Raises StartError when it cannot."""
    answer = session.client("lambda").invoke(FunctionName="bk-drive-sync", Payload=json.dumps({"mode": "sync"}).encode())
    if "FunctionError" in answer:
        raise StartError(f"the first sync with the local Google failed: {answer['Payload'].read().decode('utf-8', 'replace')}")


def _mirrored(session: boto3.Session, bucket: str, key: str) -> str:
    try:
        return session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return ""


def _put_key(session: boto3.Session, key: str) -> None:
    vault = session.client("secretsmanager")
    try:
        stored = vault.get_secret_value(SecretId=SECRET)["SecretString"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        stored = ""
    if stored != key:
        vault.put_secret_value(SecretId=SECRET, SecretString=key)
