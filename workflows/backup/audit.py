"""What an audit row keeps of a standing: enough to explain every state, and no more."""

from workflows.backup.standing import Standing
from workflows.kernel.ports import Json


def outline(standing: Standing) -> Json:
    """The facts that a person would ask about, as JSON."""
    outline: Json = {"state": standing.state, "say": standing.say, "break": standing.break_id}
    if standing.findings:
        outline["findings"] = [finding.rule for finding in standing.findings]
    if standing.snooze_until is not None:
        outline["snooze_until"] = standing.snooze_until.isoformat()
    if standing.muted:
        outline["muted"] = True
        if standing.answer is not None and standing.answer.until is not None:
            outline["muted_until"] = standing.answer.until.isoformat()
    if standing.baseline_from is not None:
        outline["sizes_from"] = standing.baseline_from.isoformat()
    if standing.runs:
        outline["newest_run"] = standing.runs[-1].id
    return outline
