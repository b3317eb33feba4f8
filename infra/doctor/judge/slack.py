"""Slack: the app may do what it needs, and everybody and every place that the settings name is there."""

from collections.abc import Collection, Iterator

from infra.doctor.finding import Finding, ok, unsure, wrong
from infra.doctor.judge.secrets import SLACK_APP, of_bot_token
from workflows.kernel.ports import Member
from workflows.kernel.posting import SPEECHLESS

REINSTALL = (
    f"{SLACK_APP}: paste the output of make manifest under App Manifest, save; then Install App, Reinstall, "
    "and put the token again if it changed"
)


def judge_token(secret: str, reason: str, team: str, team_wanted: str, team_name: str) -> Finding:
    """`reason`: Slack's word when it refuses; "" where it takes the token. `team`: the workspace it belongs to."""
    if reason in SPEECHLESS:
        return wrong(f"Slack does not take the bot token: {reason}", of_bot_token(secret))
    if reason:
        return unsure(f"could not ask Slack: {reason}", "see https://slack-status.com, and run this again")
    if team != team_wanted:
        return wrong(
            f"the bot token is of the workspace {team} ({team_name}), team_id names {team_wanted}: nobody there may act",
            f"set TeamId to {team} in samconfig.toml, then make deploy; or put the token of the app in {team_wanted}",
        )
    return ok(f"the bot token is taken, workspace {team_name} ({team})")


def judge_scopes(granted: Collection[str], wanted: Collection[str]) -> Finding:
    if not granted:
        return unsure(
            "Slack did not tell the app's scopes",
            f"compare them with manifest.json: {SLACK_APP}, OAuth & Permissions, Bot Token Scopes",
        )
    missing, more = sorted(set(wanted) - set(granted)), sorted(set(granted) - set(wanted))
    if missing:
        return wrong(f"the app lacks the scopes {', '.join(missing)}", f"reinstall the app. {REINSTALL}")
    if more:
        return unsure(
            f"the app has scopes that it does not need: {', '.join(more)}",
            f"{SLACK_APP}, OAuth & Permissions, Bot Token Scopes: remove them; then Install App, Reinstall",
        )
    return ok(f"the app has the {len(set(wanted))} scopes of manifest.json")


def judge_admin(email: str, member: Member | None) -> Finding:
    change = "set AdminOwner in samconfig.toml to the e-mail address of a full member, then make deploy"
    if member is None:
        return wrong(f"admin_owner {email} is not in this workspace: nobody hears what nobody owns", change)
    if member.guest:
        return wrong(f"admin_owner {email} is a guest, a bot or deactivated, and may not act", change)
    return ok(f"admin_owner {email} is {member.name or member.user_id}")


def judge_approver(email: str, member: Member | None) -> Finding | None:
    """None for an approver who is well."""
    change = f"remove {email} from Approvers in samconfig.toml or put another, then make deploy"
    if member is None:
        return wrong(f"the approver {email} is not in this workspace", change)
    return wrong(f"the approver {email} is a guest, a bot or deactivated, and may not approve", change) if member.guest else None


def judge_group(group: str, people: int, reason: str) -> Finding | None:
    """`reason`: Slack's word when it does not tell the group's members; "" where it does. None for a group that is well."""
    change = "in Slack: People, User groups, the group, Copy group ID; set it in Approvers of samconfig.toml, then make deploy"
    if reason == "missing_scope":
        return wrong(f"the app may not read the user group {group}", f"reinstall the app. {REINSTALL}")
    if reason:
        return wrong(f"the user group {group} among the approvers cannot be read: {reason}", change)
    return (
        None
        if people
        else wrong(f"the user group {group} among the approvers is empty", "in Slack: People, User groups, the group: add people")
    )


def judge_approvers(count: int, found: Collection[Finding]) -> Iterator[Finding]:
    yield from found
    if not count:
        yield ok("no approvers are named: the admin alone approves")
    elif not found:
        yield ok(f"{count} approvers are there")


def judge_channel(setting: str, channel: str, reason: str) -> Finding:
    """`reason`: why what is said there cannot be read; "" where it can."""
    where = f"{setting} {channel}"
    of_stack = "".join(word.capitalize() for word in setting.split("_"))
    if not reason:
        return ok(f"{where} is there, and the app is in it")
    if reason == "not_in_channel":
        return wrong(f"the app is not in {where}", "in that channel: /invite @Backup Sentinel")
    if reason in {"channel_not_found", "is_archived"}:
        return wrong(
            f"{where} is not there, is archived, or is private and without the app",
            f"in that channel: /invite @Backup Sentinel; or set {of_stack} in samconfig.toml to the id at the foot of the right "
            "channel's details, then make deploy",
        )
    if reason == "missing_scope":
        return wrong(f"the app may not read {where}", f"reinstall the app. {REINSTALL}")
    return unsure(f"could not ask Slack for {where}: {reason}", "run this again in a minute")


def not_chosen(setting: str, instead: str) -> Finding:
    of_stack = "".join(word.capitalize() for word in setting.split("_"))
    return ok(f"no {setting} is chosen: {instead} ({of_stack} in samconfig.toml)")


def judge_request_url(url: str) -> Finding:
    """Slack tells nobody where it sends clicks."""
    return unsure(
        "Slack does not tell where it sends clicks and commands",
        f"type /backup help in Slack; where nothing answers: {SLACK_APP}, App Manifest must name {url or 'the output SlackUrl'} "
        "in four places (make manifest prints it)",
    )
