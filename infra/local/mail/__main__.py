"""`python -m infra.local.mail`: takes each .eml file that is put into a folder for a mail that arrived, until told to stop.

As SES does, it writes above the mail what it found out about its sender, and stores it under an id of its own. Whoever is named
in From is taken to be its sender; in a file whose name begins with "forged" that is found to be untrue. What was taken lies in
`taken`. With --port it also shows, as a page, what was sent.
"""

import argparse
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.mail.sent import Mailboxes
from infra.local.stack import REGION
from workflows.kernel.mail_headers import read_headers
from workflows.kernel.mail_trust import sole_sender

LOOK_SECONDS = 0.3
TAKEN = "taken"


def received(raw: bytes, mail_id: str, now: datetime, *, forged: bool = False) -> bytes:
    """The mail with the headers that SES puts above it."""
    sender = sole_sender(read_headers(raw, 0, len(raw))[0]) or "nobody@invalid"
    domain = sender.rpartition("@")[2]
    verdict = "fail" if forged else "pass"
    checked = f"client-ip=192.0.2.25; envelope-from={sender}; helo=mail.{domain};"
    above = {
        "Return-Path": f"<{sender}>",
        "Received": f"from mail.{domain} (mail.{domain} [192.0.2.25]) by inbound-smtp.{REGION}.amazonaws.com with SMTP"
        f" id {mail_id} for backups@in.example.com; {format_datetime(now)}",
        "X-SES-Spam-Verdict": "PASS",
        "X-SES-Virus-Verdict": "PASS",
        "Received-SPF": f"{verdict} (spfCheck: by the local post) {checked}",
        "Authentication-Results": f"amazonses.com; spf={verdict} (spfCheck: by the local post) {checked}"
        f" dkim={verdict} header.i=@{domain}; dmarc={verdict} header.from={domain};",
        "X-SES-RECEIPT": secrets.token_urlsafe(24),
    }
    return "".join(f"{name}: {value}\r\n" for name, value in above.items()).encode() + raw


class Post:
    """Watches the folder. A file is taken when it has not grown since the last look: whoever wrote it has finished."""

    def __init__(self, folder: Path, store: Callable[[str, bytes], None]) -> None:
        self._folder = folder
        self._store = store
        self._seen: dict[str, int] = {}
        (folder / TAKEN).mkdir(parents=True, exist_ok=True)

    def look(self) -> int:
        """How many mails were taken now."""
        there = {file.name: file.stat().st_size for file in self._folder.iterdir() if file.suffix.lower() == ".eml"}
        whole = sorted(name for name, size in there.items() if size and self._seen.get(name) == size)
        self._seen = there
        for name in whole:
            self._take(self._folder / name)
        return len(whole)

    def _take(self, file: Path) -> None:
        mail_id = secrets.token_hex(20)
        self._store(mail_id, received(file.read_bytes(), mail_id, datetime.now(UTC), forged=file.name.startswith("forged")))
        file.replace(self._folder / TAKEN / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{mail_id[:6]}-{file.name}")
        print(f"{file.name} arrived as {mail_id}", flush=True)


class Store:
    """The raw mail bucket."""

    def __init__(self, aws: str, bucket: str) -> None:
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - its root key
        self._s3 = session.client("s3", endpoint_url=aws)
        self._bucket = bucket

    def __call__(self, mail_id: str, raw: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=mail_id, Body=raw)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.mail", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--aws", required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", default="")
    told = parser.parse_args()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    mailboxes = Mailboxes(port=told.port, aws=told.aws, account=told.account) if told.port else None
    post = Post(told.folder, Store(told.aws, told.bucket))
    while not stop.wait(LOOK_SECONDS):
        try:
            post.look()
        except (OSError, ClientError, BotoCoreError) as wrong:  # it stays in the folder, and is tried again
            print(f"a mail could not be taken: {wrong}", file=sys.stderr, flush=True)
    if mailboxes is not None:
        mailboxes.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
