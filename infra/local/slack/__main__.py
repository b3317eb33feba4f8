"""`python -m infra.local.slack`: a workspace on a port, until it is told to stop."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from infra.local.page.build import building
from infra.local.slack.server import LocalSlack
from infra.local.slack.service import Options

DEFAULTS = Options()


def main(arguments: list[str] | None = None) -> int:
    told = _parser().parse_args(arguments)
    options = Options(
        bot_token=told.bot_token,
        signing_secret=told.signing_secret,
        slack_url=told.slack_url,
        team=told.team,
        state=told.state,
        people=told.people,
        scopes=frozenset(told.scopes.split(",")) if told.scopes else None,
        posts_per_second=told.posts_per_second,
        posts_burst=told.posts_burst,
        page=building(),
        panel_url=told.panel_url,
    )
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    try:
        workspace = LocalSlack(options, host=told.host, port=told.port)
    except (ValueError, OSError) as wrong:
        print(f"the local Slack does not start: {wrong}", file=sys.stderr)
        return 1
    with workspace:
        print(f"local Slack at {workspace.url} (Web API under {workspace.api_url})", flush=True)
        stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=4750, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, help="file that keeps messages and views over a restart")
    parser.add_argument("--bot-token", default=DEFAULTS.bot_token)
    parser.add_argument("--signing-secret", default=DEFAULTS.signing_secret)
    parser.add_argument("--slack-url", default="", help="where the app listens; can be set later: POST /_local/settings")
    parser.add_argument("--panel-url", default="", help="who answers for the panel beside the page; POST /_local/settings too")
    parser.add_argument("--team", default="T0LOCAL")
    parser.add_argument("--people", type=Path, help="JSON with people, channels and groups instead of the usual ones")
    parser.add_argument("--scopes", default="", help="comma separated, instead of those in manifest.json")
    parser.add_argument("--posts-per-second", type=float, default=1.0, help="messages a second and channel; 0 is no limit")
    parser.add_argument("--posts-burst", type=int, default=5)
    return parser


if __name__ == "__main__":
    sys.exit(main())
