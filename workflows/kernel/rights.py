"""Who may do what: owners act on their own, the admin and approvers on all, guests and other workspaces on nothing.

One rule, for buttons, commands, modals and links.
"""

from dataclasses import dataclass

from workflows.kernel.ports import Directory, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who stands above the owners: the admin's e-mail address; approvers as e-mail addresses or Slack user group ids (S…)."""

    team_id: str
    admin: str
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Who a thing belongs to: e-mail addresses, the owner's first, and the Slack ids known to be theirs."""

    emails: tuple[str, ...]
    user_ids: frozenset[str] = frozenset()


def refusal(
    user_id: str, team_id: str, *, owners: Owners, authority: Authority, directory: Directory, by_link: bool = False
) -> str:
    """Why this person may not act, and who could; "" when they may. Raises what the directory raises.

    `by_link`: `user_id` is an e-mail address, proved by a link that was signed for it and sent there; no account is needed.
    """
    if not by_link and team_id != authority.team_id:
        return "Only people of this workspace can do that."
    member = Member(user_id="", email=user_id) if by_link else directory.member(user_id)
    if member is None or member.guest:
        return f"Guests cannot do that. {_who_could(owners, authority)}"
    if _owns(member, owners) or _stands_above(member, authority, directory):
        return ""
    return _who_could(owners, authority)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody of this workspace who looks at many things at once: asked about once, so that no thing costs a call.

    Attributes:
        above: stands above the owners.
    """

    member: Member
    above: bool

    def owns(self, owners: Owners) -> bool:
        return _owns(self.member, owners)

    def may(self, owners: Owners) -> bool:
        """As `refusal`: "" means True."""
        return self.above or self.owns(owners)


def viewer_of(user_id: str, team_id: str, *, authority: Authority, directory: Directory) -> Viewer | None:
    """Who looks; None for guests and other workspaces, who see nothing. Raises what the directory raises."""
    member = directory.member(user_id) if team_id == authority.team_id else None
    if member is None or member.guest:
        return None
    return Viewer(member=member, above=_stands_above(member, authority, directory))


def _owns(member: Member, owners: Owners) -> bool:
    return member.user_id in owners.user_ids or (member.email != "" and member.email.lower() in owners.emails)


def _stands_above(member: Member, authority: Authority, directory: Directory) -> bool:
    email = member.email.lower()
    if email and (email == authority.admin or email in authority.approvers):
        return True
    groups = (name for name in authority.approvers if "@" not in name and member.user_id)
    return any(member.user_id in directory.group(group) for group in groups)


def _who_could(owners: Owners, authority: Authority) -> str:
    owner = owners.emails[0] if owners.emails else ""
    people = " or ".join(dict.fromkeys(name for name in (owner, authority.admin) if name))
    return f"Only {people}, or an approver, can do that."
