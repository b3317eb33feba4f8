"""What the pages behind links in letters are made of. Slack's client is no part of it: these people have no account there."""

from collections.abc import Callable
from datetime import UTC, datetime

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring
from workflows.kernel.ports import Json, Member


class NoDirectory:
    """Implements `Directory` for those who are known by their address alone."""

    def member(self, user_id: str) -> Member | None:  # noqa: ARG002 - the port's name
        return None

    def group(self, group_id: str) -> frozenset[str]:  # noqa: ARG002 - the port's name
        return frozenset()


@wiring()
def link_pages() -> Callable[[Json], Json]:
    """What bk-ack-handler runs for each request below /act/."""
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.link_keys import LinkKeys
    from bolt_app.link_front import Pages, respond
    from workflows.backup import linked
    from workflows.kernel.links import Link, read_link
    from workflows.kernel.rights import Authority

    told = settings()
    standings = DynamoStandings(aws.client("dynamodb"), state=told.state_table, audit=told.audit_table)
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)
    keys = LinkKeys(aws.client("ssm"), name=told.link_key_parameter)
    directory = NoDirectory()
    authority = Authority(team_id=told.team_id, admin=told.admin_owner, approvers=told.approvers)

    def read(token: str) -> Link | None:
        link = read_link(token, keys.get())
        if link is None and keys.changed():
            link = read_link(token, keys.get())
        return link

    pages = Pages(
        read=read,
        look=lambda link, now: linked.look(link, standings=standings, directory=directory, authority=authority, now=now),
        act=lambda link, chosen, now: linked.act(
            link, chosen, standings=standings, bus=bus, directory=directory, authority=authority, now=now
        ),
        now=lambda: datetime.now(UTC),
        admin=told.admin_owner,
    )
    return lambda event: respond(event, pages)
