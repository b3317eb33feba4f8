"""What an app says through a response_url, or as the answer to a slash command."""

from infra.local.slack.args import Args
from infra.local.slack.chat import content
from infra.local.slack.stored import Json
from infra.local.slack.tickets import Response
from infra.local.slack.workspace import Workspace


def respond(workspace: Workspace, response: Response, args: Args, now: float) -> None:
    """Posts to the person (or the channel), or replaces or deletes the message that was pressed. Raises SlackError."""
    original = _original(workspace, response)
    if args.flag("delete_original") and original is not None:
        for kept in (workspace.ephemerals, workspace.messages.get(response.channel, [])):
            if original in kept:
                kept.remove(original)
        return
    said = content(args)
    if args.flag("replace_original") and original is not None:
        workspace.edit(original, {"text": "", "blocks": [], **said}, now)
        return
    if args.text("thread_ts"):
        said["thread_ts"] = args.text("thread_ts")
    if args.get("response_type") == "in_channel":
        workspace.say(response.channel, said, now)
    else:
        workspace.whisper(response.channel, response.user, said, now)


def _original(workspace: Workspace, response: Response) -> Json | None:
    if not response.ts:
        return None
    return workspace.find(response.channel, response.ts) or workspace.whispered(response.channel, response.ts)
