"""`make up`: the sentinel on this machine, from the template that AWS gets, until Ctrl-C.

Environment, all optional:
    UP_JSON                file that gets the addresses once all is ready (default: up.json in the run folder)
    RUN_DIR                where state and logs are kept, so that a second start goes on (default: .run)
    AWS_PORT, SLACK_PORT, GOOGLE_PORT   where the local AWS, Slack and Google listen (4700, 4701 and 4703)
    MODEL_PORT             where the stand-in for the language model listens (4704)
    LETTERS_PORT           where the letters that were sent are shown (4705)
    SLACK_API_URL          another Slack: none of ours is started
    SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET   what the two secrets hold
    WATCHED_BUCKETS        names of the buckets to watch, comma separated (acme-backups,acme-nas)
    ADMIN_OWNER            e-mail of the admin (ana@example.com)
"""

import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import boto3

from infra.local import furniture
from infra.local.children import Child, StartError, check_port
from infra.local.google.furnish import first_sync, furnish
from infra.local.page.build import building
from infra.local.stack import REGION, ROOT, DeploymentError, deploy

ACCOUNT = "000000000000"
STAND_IN = "No language model runs here: a plain text extractor stands in for it and reads the mails in unknown formats."
Beside = Callable[["Plan", str], Child]
"""Starts what shall run beside the sentinel, as soon as that is deployed. Given the plan, and where check-ins go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to start, as the environment asks for it.

    Attributes:
        slack_api: another Slack's; empty when our own shall be started.
        panel: the address of a panel that the page of our own Slack shows; "" for none.
    """

    run: Path
    json: Path
    aws_port: int
    slack_port: int
    google_port: int
    model_port: int
    letters_port: int
    slack_api: str
    watched: list[str]
    panel: str = ""

    @property
    def aws(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def model(self) -> str:
        return f"http://127.0.0.1:{self.model_port}"

    @property
    def mail(self) -> Path:
        """The folder where a file is a mail that arrived."""
        return self.run / "mail"

    @property
    def letters(self) -> str:
        return f"http://127.0.0.1:{self.letters_port}/"

    @property
    def own_slack(self) -> str:
        return "" if self.slack_api else f"http://127.0.0.1:{self.slack_port}"

    @property
    def google(self) -> str:
        return f"http://127.0.0.1:{self.google_port}/"

    @property
    def documents(self) -> Path:
        """Where the sheet and the two documents lie."""
        return self.run / "google"

    @property
    def slack(self) -> str:
        return self.slack_api or f"{self.own_slack}/api/"


def plan(environ: Mapping[str, str], *, panel: str = "") -> Plan:
    """Raises StartError."""
    run = Path(environ.get("RUN_DIR") or ROOT / ".run").resolve()
    slack_api = environ.get("SLACK_API_URL", "")
    return Plan(
        run=run,
        json=Path(environ.get("UP_JSON") or run / "up.json").resolve(),
        aws_port=port_of(environ, "AWS_PORT", 4700),
        slack_port=port_of(environ, "SLACK_PORT", 4701),
        google_port=port_of(environ, "GOOGLE_PORT", 4703),
        model_port=port_of(environ, "MODEL_PORT", 4704),
        letters_port=port_of(environ, "LETTERS_PORT", 4705),
        slack_api=slack_api.rstrip("/") + "/" if slack_api else "",
        watched=[name.strip() for name in (environ.get("WATCHED_BUCKETS") or "acme-backups,acme-nas").split(",") if name.strip()],
        panel=panel,
    )


def port_of(environ: Mapping[str, str], name: str, usual: int) -> int:
    text = environ.get(name) or str(usual)
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise StartError(f"{name} is {text!r}; it wants a port number from 1024 to 65535")
    return int(text)


def aws_environ(what: Plan, environ: Mapping[str, str]) -> dict[str, str]:
    """All that the local AWS, and so each function, gets to see: nothing of this shell that would not be there on AWS."""
    kept = {name: environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in environ}
    return kept | {
        "AUTH": "true",
        "GATEWAY_PORT": str(what.aws_port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(what.run / "aws"),
        "S3_DATA_DIR": str(what.run / "s3"),
        "TMPDIR": str(what.run / "tmp"),
        "MS_IAM_LOG": str(what.run / "iam.jsonl"),
        "MINISTACK_BEDROCK_PROXY_URL": what.model,
        "SLACK_API_URL": what.slack,
        "GOOGLE_API_URL": what.google,
    }


def start_aws(what: Plan) -> Child:
    (what.run / "tmp").mkdir(parents=True, exist_ok=True)
    environ = aws_environ(what, os.environ)
    return Child("The local AWS", "infra.local.launcher", [], environ=environ, log=what.run / "aws.log", root=ROOT)


def start_model(what: Plan) -> Child:
    arguments = ["--port", str(what.model_port)]
    log = what.run / "model.log"
    return Child("The stand-in for the model", "infra.local.model", arguments, environ=os.environ, log=log, root=ROOT)


def start_post(what: Plan, bucket: str) -> Child:
    what.mail.mkdir(parents=True, exist_ok=True)  # there when its name is told
    arguments = ["--folder", str(what.mail), "--aws", what.aws, "--bucket", bucket]
    arguments += ["--port", str(what.letters_port), "--account", ACCOUNT]
    return Child("The local post", "infra.local.mail", arguments, environ=os.environ, log=what.run / "mail.log", root=ROOT)


def start_slack(what: Plan, app: furniture.SlackApp) -> Child:
    port, state = str(what.slack_port), str(what.run / "slack.json")
    known = ["--bot-token", app.bot_token, "--signing-secret", app.signing_secret]
    panel = ["--panel-url", what.panel] if what.panel else []
    arguments = ["--port", port, "--state", state, *known, *panel]
    return Child("The local Slack", "infra.local.slack", arguments, environ=os.environ, log=what.run / "slack.log", root=ROOT)


def start_google(what: Plan) -> Child:
    arguments = ["--port", str(what.google_port), "--folder", str(what.documents), "--aws", what.aws]
    return Child("The local Google", "infra.local.google", arguments, environ=os.environ, log=what.run / "google.log", root=ROOT)


def function_url(what: Plan, url: str) -> str:
    """The address at which the local AWS serves a Function URL: its own port, the function by its id."""
    label = (urlsplit(url).hostname or "").split(".")[0]
    return f"{what.aws}/_aws/lambda-url/{label}/"


def introduce(what: Plan, slack_url: str) -> None:
    """Tells our Slack where clicks go, and its page what is played here besides."""
    body = json.dumps({"slack_url": slack_url, "note": STAND_IN}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{what.own_slack}/_local/settings", body, headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        answer.read()


def bring_up(what: Plan, running: ExitStack, beside: Beside | None = None) -> tuple[dict[str, str], list[Child]]:
    """Starts and fills everything; returns the addresses and what runs. Raises StartError or DeploymentError."""
    check_port(what.aws_port, "the local AWS", "AWS_PORT")
    check_port(what.model_port, "the stand-in for the model", "MODEL_PORT")
    check_port(what.google_port, "the local Google", "GOOGLE_PORT")
    check_port(what.letters_port, "the letters that were sent", "LETTERS_PORT")
    if what.own_slack:
        check_port(what.slack_port, "the local Slack", "SLACK_PORT")
        building()  # the page, meanwhile: the first time takes seconds
    aws = start_aws(what)
    running.callback(aws.stop)
    model = start_model(what)
    running.callback(model.stop)
    aws.wait_until_ready(f"{what.aws}/_ministack/ready")
    model.wait_until_ready(f"{what.model}/_local/ready")
    children = [aws, model]

    os.environ["AWS_ENDPOINT_URL"] = what.aws
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - its root key
    furniture.watched_buckets(session, what.watched)
    chosen = furniture.choices(session, channel=furniture.CHANNEL if what.own_slack else "", environ=os.environ)
    outputs = deploy(session, account=ACCOUNT, parameters={"WatchedBuckets": ",".join(what.watched), **chosen})
    app = furniture.slack_app(session, os.environ)
    enrolment = furniture.heartbeat_keys(session)
    registry, rules = outputs["RegistryBucketName"], outputs["RulesBucketName"]
    furniture.documents(session, registry, rules)
    furnish(session, what.documents, url=what.google, registry=registry, rules=rules)
    google = start_google(what)
    running.callback(google.stop)
    children.append(google)

    slack_url, heartbeat_url = function_url(what, outputs["SlackUrl"]), function_url(what, outputs["HeartbeatUrl"])
    furniture.letters(session, slack_url)
    if beside is not None:
        companion = beside(what, heartbeat_url)
        running.callback(companion.stop)
        children.append(companion)
    if what.own_slack:
        slack = start_slack(what, app)
        running.callback(slack.stop)
        slack.wait_until_ready(f"{what.own_slack}/_local/ready")
        introduce(what, slack_url)
        children.append(slack)
    team = furniture.team_of(what.slack, app.bot_token)
    furniture.corrections(session, team=team, heartbeat_url=heartbeat_url)
    post = start_post(what, outputs["RawMimeBucketName"])
    running.callback(post.stop)
    children.append(post)
    google.wait_until_ready(f"{what.google}_local/ready")
    first_sync(session)
    addresses = {
        "aws": what.aws,
        "region": REGION,
        "account": ACCOUNT,
        "slack_api": what.slack,
        "google_api": what.google,
        "sheet": str(what.documents / "jobs.csv"),
        "slack_url": slack_url,
        "heartbeat_url": heartbeat_url,
        "first_check_in": f"{heartbeat_url}{enrolment}/my-first-job?create=1&size=2GB",
        "page": f"{what.own_slack}/" if what.own_slack else "",
        "bot_token": app.bot_token,
        "signing_secret": app.signing_secret,
        "mail": str(what.mail),
        "letters": what.letters,
        "model": what.model,
    }
    return addresses, children


def publish(what: Plan, addresses: Mapping[str, str]) -> None:
    """Writes the addresses in one step: whoever sees the file sees all of it."""
    what.json.parent.mkdir(parents=True, exist_ok=True)
    draft = what.json.with_name(f".{what.json.name}.{os.getpid()}")
    draft.write_text(json.dumps(addresses, indent=2) + "\n", encoding="utf-8")
    draft.replace(what.json)


def tell(what: Plan, addresses: Mapping[str, str]) -> None:
    slack = f"Slack, played here   {addresses['page']}" if what.own_slack else f"Slack                {what.slack} (not ours)"
    print(
        f"""
The backup sentinel runs on this machine.

  {slack}
  where clicks arrive  {addresses["slack_url"]}
  check-ins            {addresses["heartbeat_url"]}
  a first check-in     curl '{addresses["first_check_in"]}'
  AWS, played here     {what.aws}   (region {REGION}, keys test / test)
  watched buckets      {", ".join(what.watched)}
  mail                 {what.mail}   (a file *.eml put here is a mail that arrived)
  letters              {what.letters}   (what people without a Slack account get, with links that act)
  the language model   {what.model}   (no model: a plain text extractor stands in for it)
  job list             {addresses["sheet"]}   (the sheet: edit it with whatever you like; rules.txt and voice.txt lie beside it)
  these addresses      {what.json}
  state and logs       {what.run}   (who called what, and whether it was allowed: iam.jsonl)

Ctrl-C stops it. The next start goes on from here; to begin anew, delete {what.run}.""",
        flush=True,
    )


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    for more in (signal.SIGTERM, signal.SIGINT):
        signal.signal(more, signal.SIG_IGN)  # stopping takes seconds; a second Ctrl-C shall not cut it short
    raise SystemExit(0)


def stay(children: list[Child]) -> NoReturn:
    """Until a signal comes, a child ends by itself (StartError), or the make that started us is gone."""
    starter = os.getppid() if "MAKELEVEL" in os.environ else None
    while True:
        time.sleep(0.5)
        for child in children:
            child.check()
        if starter and os.getppid() != starter:
            raise SystemExit(0)


def run(
    planned: Callable[[], Plan], *, beside: Beside | None = None, say: Callable[[Plan, Mapping[str, str]], None] = tell
) -> int:
    """Starts what is planned, says so, and stays until a signal. The exit status; what is wrong is told on standard error."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        what = planned()
        with ExitStack() as running:
            what.json.unlink(missing_ok=True)  # nobody shall take the addresses of a former run
            addresses, children = bring_up(what, running, beside)
            running.callback(what.json.unlink, missing_ok=True)
            publish(what, addresses)
            say(what, addresses)
            stay(children)
    except (StartError, DeploymentError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(run(lambda: plan(os.environ)))
