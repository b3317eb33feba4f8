"""A press of a button, signed, as Slack sends it and a Function URL hands it over."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

USER, TEAM = "U0BENCH", "T0BENCH"
JOB, BREAK = "orders-db", "20261120T080000-1"
_serial = itertools.count(1)


def body(action_id: str, *, job_id: str = JOB, break_id: str = BREAK, user: str = USER, team: str = TEAM) -> str:
    number = next(_serial)
    payload: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": team, "domain": "bench"},
        "user": {"id": user, "username": "bench", "name": "bench", "team_id": team},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "message", "message_ts": f"{number}.1", "channel_id": "D1", "is_ephemeral": False},
        "trigger_id": f"{number}.2.3",
        "channel": {"id": "D1", "name": "directmessage"},
        "message": {"type": "message", "ts": f"{number}.1", "text": "Orders database has no fresh backup", "blocks": []},
        "state": {"values": {}},
        "response_url": "",
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "b",
                "value": f"{job_id} {break_id}",
                "action_ts": f"{number}.4",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)})


def signed(text: str, secret: str) -> dict[str, str]:
    """The headers that go with this body."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{text}".encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


def click(action_id: str, secret: str) -> dict[str, Any]:
    text = body(action_id)
    return {
        "version": "2.0",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": signed(text, secret),
        "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "203.0.113.7"}},
        "body": text,
        "isBase64Encoded": False,
    }
