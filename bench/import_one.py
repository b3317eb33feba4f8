"""One Lambda loaded and wired as at its first request, or the floor beside it: prints the seconds of CPU time that it took.

`python -m bench.import_one bk-checker`. Nothing goes over a network: what AWS would answer while a function is wired is put in
its place. Imports stand inside the functions, since they are what is measured.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from time import process_time
from typing import Any

from bench.deployment import PARAMETERS

SECRET = "bench"
SERVICE = {"dispatch": "dispatcher"}


def checker() -> None:
    _loaded("checker").checker()


def ack_handler() -> None:
    _behind_lambda(_loaded("ack_handler").ack_handler().app_for(SECRET))


def dispatch() -> None:
    _loaded("dispatch").dispatcher()


def heartbeat() -> None:
    _loaded("heartbeat").heartbeat()


def drive_sync() -> None:
    _loaded("drive_sync").drive_sync()


def intake() -> None:
    _loaded("intake_ses_parser", "intake").intake()


def summary() -> None:
    _loaded("summary").summary()


def _loaded(name: str, service: str = "") -> Any:  # noqa: ANN401 - its module in bolt_app.services
    """Loads one Lambda. What AWS would answer is put in its place: a first call costs as much as making a client."""
    import_module(f"bolt_app.lambdas.{name}")
    from bolt_app.adapters.parameters import Parameters
    from bolt_app.adapters.secrets import Secrets

    setattr(Parameters, "under", lambda *_: PARAMETERS)  # noqa: B010 - a method is replaced, in this process only
    setattr(Secrets, "get", lambda *_: SECRET)  # noqa: B010 - the same
    setattr(Secrets, "refresh", lambda *_: SECRET)  # noqa: B010 - the same
    return import_module(f"bolt_app.services.{service or SERVICE.get(name, name)}")


def boto3_alone() -> None:
    """The floor of bk-checker."""
    _clients("ssm", "dynamodb", "s3", "events")


def bolt_alone() -> None:
    """The floor of bk-ack-handler."""
    from slack_bolt import App
    from slack_bolt.authorization import AuthorizeResult

    nobody = AuthorizeResult(enterprise_id=None, team_id=None)
    _behind_lambda(App(authorize=lambda: nobody, signing_secret=SECRET, process_before_response=True))
    _clients("ssm", "secretsmanager", "dynamodb", "events")


def _behind_lambda(app: object) -> None:
    from slack_bolt.adapter.aws_lambda import SlackRequestHandler

    SlackRequestHandler(app)  # type: ignore[arg-type] # Bolt's App; naming its type would import it


def _clients(*names: str) -> None:
    import boto3

    for name in names:
        boto3.client(name)  # type: ignore[call-overload] # any service will do


WHAT: dict[str, Callable[[], None]] = {
    "bk-checker": checker,
    "bk-ack-handler": ack_handler,
    "bk-dispatch": dispatch,
    "bk-heartbeat": heartbeat,
    "bk-drive-sync": drive_sync,
    "bk-intake-ses-parser": intake,
    "bk-summary": summary,
    "boto3": boto3_alone,
    "bolt": bolt_alone,
}


def main() -> None:
    began = process_time()
    WHAT[sys.argv[1]]()
    print(process_time() - began)
    if len(sys.argv) > 2:  # what was loaded is to be compiled for later
        from bench.compiled import compile_loaded

        compile_loaded(python_only=sys.argv[2] == "python-only")


if __name__ == "__main__":
    main()
