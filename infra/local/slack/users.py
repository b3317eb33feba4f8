"""auth.test, users.* and usergroups.*."""

from infra.local.slack.args import Args
from infra.local.slack.errors import SlackError
from infra.local.slack.people import BOT_ID, BOT_USER, as_user
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace


def auth_test(workspace: Workspace, _args: Args, _now: float) -> Json:
    return {
        "url": "https://local.slack.com/",
        "team": "local",
        "user": "sentinel",
        "team_id": workspace.team,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def lookup_by_email(workspace: Workspace, args: Args, _now: float) -> Json:
    email = args.text("email").lower()
    person = next((p for p in workspace.directory.people.values() if email and p.email.lower() == email), None)
    if person is None or person.deleted:
        raise SlackError("users_not_found")
    return {"user": as_user(person, team=workspace.team, email=True)}


def info(workspace: Workspace, args: Args, _now: float) -> Json:
    person = workspace.person(args.needed("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": as_user(person, team=workspace.team, email="users:read.email" in workspace.manifest.scopes)}


def group_users(workspace: Workspace, args: Args, _now: float) -> Json:
    users = workspace.directory.groups.get(args.needed("usergroup"))
    if users is None:
        raise SlackError("no_such_subteam")
    return {"users": users}
