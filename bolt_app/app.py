"""The Bolt app: who may talk to it, and how it talks back. Nothing happens at import, and building it asks nothing of Slack."""

from slack_bolt import App, BoltContext
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
    bot_token: str,
    signing_secret: str,
    bot_user_id: str = "",
    slack_api_url: str = WebClient.BASE_URL,
) -> App:
    """An app for one workspace.

    Args:
        use_cases: what people can do.
        team_id: our workspace; requests of any other are refused.
        bot_token: xoxb-…
        signing_secret: checked once more by Bolt, after the front did.
        bot_user_id: may be empty; only used to ignore what we ourselves do.
        slack_api_url: the base of the Web API, other than Slack's own in tests and on a local stack.
    """
    ours = AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=bot_token, bot_user_id=bot_user_id or None)

    def authorize(context: BoltContext) -> AuthorizeResult | None:
        return ours if context.team_id == team_id else None

    app = App(
        name="backup-sentinel",
        client=WebClient(base_url=slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]),
        authorize=authorize,  # type: ignore[arg-type]  # None is how Bolt is told "not installed there"
        signing_secret=signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ssl_check_enabled=False,
        user_facing_authorize_error_message=FOREIGN,
    )
    register(app, use_cases)
    return app
