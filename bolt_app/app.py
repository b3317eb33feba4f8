"""The Bolt app: who may talk to it, and how it talks back. Nothing happens at import, and building it asks nothing of Slack."""

from collections.abc import Callable

from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from listeners.register import register
from listeners.use_cases import UseCases

TIMEOUT_SECONDS = 2  # of each call to Slack: a presser waits three seconds in all
FOREIGN = "This app watches the backups of another workspace."


def create_app(
    use_cases: UseCases,
    *,
    team_id: str,
    client: WebClient,
    signing_secret: str,
    bot_user_id: str = "",
) -> App:
    """An app for one workspace.

    Args:
        use_cases: what people can do.
        team_id: our workspace; requests of any other are refused.
        client: whose calls have the bot token that is in force, also after it was exchanged; see `TIMEOUT_SECONDS`.
        signing_secret: checked once more by Bolt, after the front did.
        bot_user_id: may be empty; only used to ignore what we ourselves do.
    """

    def authorize(context: BoltContext) -> AuthorizeResult | None:
        if context.team_id != team_id:
            return None
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=client.token, bot_user_id=bot_user_id or None)

    def lend_client(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name for it
        context["client"] = client  # Bolt made one of its own for this request, which would keep a token that was revoked
        return next()

    app = App(
        name="backup-sentinel",
        client=WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[]),  # never asks; see lend_client
        authorize=authorize,  # type: ignore[arg-type]  # None is how Bolt is told "not installed there"
        signing_secret=signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ssl_check_enabled=False,
        user_facing_authorize_error_message=FOREIGN,
    )
    app.use(lend_client)
    register(app, use_cases)
    return app
