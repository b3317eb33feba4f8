"""*This size is right*: sizes start anew from the run that was found wrong."""

from datetime import datetime

from workflows.backup.acting import Acting, carry_out
from workflows.backup.answers import size_accepted
from workflows.backup.findings import Finding
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply
from workflows.backup.standing import Standing
from workflows.kernel.ports import Bus, Directory
from workflows.kernel.rights import Authority

COMPARED = frozenset({"shrank", "identical"})
"""The rules that compare sizes with earlier ones. What a row asks for at least, and 0 bytes, nobody can call right."""


def compared_findings(standing: Standing) -> tuple[Finding, ...]:
    """The findings that a person can say no to: this size is right."""
    return tuple(finding for finding in standing.findings if finding.rule in COMPARED)


def accept_size(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Reply:
    """From now on sizes are compared with this run and later ones; it is checked at once."""

    def decide(standing: Standing) -> Standing | Reply:
        wrong = compared_findings(standing)
        if not wrong:
            return Reply(kind="already", text=_nothing_to_accept(standing))
        since = max(finding.at or now for finding in wrong)
        if standing.baseline_from is not None and standing.baseline_from >= since:
            return Reply(kind="already", text="That was said of this size already; it is being looked at.")
        return size_accepted(standing, since, now)

    reply = carry_out("size_right", press, decide, Acting(standings, bus, directory, authority, now), check="check_now")
    if reply.kind != "done":
        return reply
    return Reply(kind="done", text="Sizes are compared with this one from now on. Looking at it now.")


def _nothing_to_accept(standing: Standing) -> str:
    rules = {finding.rule for finding in standing.findings}
    if "empty" in rules:
        return "A backup of 0 bytes is never right. Nothing was changed."
    if "under_min_size" in rules:
        return "It is smaller than its row asks for. If that is right, change *At least* with *Edit*."
    return "Its size is as usual. Nothing was changed."
