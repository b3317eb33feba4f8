"""Signed check-ins, as a backup script sends them: the key of its own job, and the address of the sentinel."""

import http.client
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local.demo.script import ScriptError
from workflows.backup.heartbeat import read_keys, sign

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

PATIENCE_SECONDS = 20


class Sentinel:
    """Where one job checks in."""

    def __init__(self, job_id: str, *, url: str, vault: "SecretsManagerClient") -> None:
        self._job_id = job_id
        self._url = urlsplit(url)
        self._key = read_keys(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"]).of(job_id)

    def say(self, status: str, **more: object) -> None:
        """Says how it went. Raises ScriptError when it is not taken."""
        body, timestamp = json.dumps({"status": status, **more}), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "X-Backup-Timestamp": str(timestamp),
            "X-Backup-Signature": sign(self._key, timestamp, self._job_id, body),
        }
        line = http.client.HTTPConnection(self._url.netloc, timeout=PATIENCE_SECONDS)
        try:
            line.request("POST", f"{self._url.path}{self._job_id}", body, headers)
            answer = line.getresponse()
            said = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        if answer.status != 200:
            raise ScriptError(f"the check-in was answered {answer.status}: {said[:200]}")
