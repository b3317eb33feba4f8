"""What comes to the Function URLs, as these hand it over."""

import json
from urllib.parse import urlencode

from bench.bill.outside import CHANNEL, TEAM
from workflows.kernel.ports import Json

HTTP = {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"}


def request(path: str, text: str, headers: dict[str, str]) -> Json:
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "*/*", "host": "abc.lambda-url.ap-southeast-1.on.aws", **headers},
        "requestContext": {"http": {**HTTP, "path": path}, "requestId": "0" * 36},
        "body": text,
        "isBase64Encoded": False,
    }


def home_opened(who: str, place: int) -> str:
    """Slack's event; `place` makes its id."""
    inner = {"type": "app_home_opened", "user": who, "channel": "D" + who[1:], "tab": "home", "event_ts": "1.1"}
    return json.dumps(
        {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0LOCAL", "event": inner, "event_id": f"Ev{place}"}
    )


def command(who: str) -> str:
    """/backup, and nothing behind it."""
    form = {
        "team_id": TEAM,
        "user_id": who,
        "user_name": "one",
        "channel_id": CHANNEL,
        "channel_name": "backups",
        "command": "/backup",
        "text": "",
        "api_app_id": "A0LOCAL",
        "trigger_id": "1.2.3",
        "response_url": "",
    }
    return urlencode(form)
