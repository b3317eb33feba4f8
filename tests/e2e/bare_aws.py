"""The local AWS with nothing in it, for tests that bring up stacks themselves."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.stack import REGION
from infra.local.up import ACCOUNT, plan, start_aws


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of it, whose key is root."""

    aws: str
    session: boto3.Session
    id: str = ACCOUNT

    def client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.aws)


@contextmanager
def bare_aws(run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Begins where the last one in this folder ended. Programs that are turned by AWS_ENDPOINT_URL find it too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    what = plan({"RUN_DIR": str(run), "AWS_PORT": str(port)})
    running = start_aws(what)
    try:
        running.wait_until_ready(f"{what.aws}/_ministack/ready")
        with monkeypatch.context() as patched:
            patched.setenv("AWS_ENDPOINT_URL", what.aws)
            for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", REGION)):
                patched.setenv(name, value)
            patched.delenv("AWS_PROFILE", raising=False)
            yield Account(aws=what.aws, session=boto3.Session("test", "test", region_name=REGION))
    finally:
        running.stop()
