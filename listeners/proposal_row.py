"""The row that a proposal would add, or what it would change in one, as fields of its card. Pure."""

from collections.abc import Mapping

from listeners import block_kit, texts
from listeners.landing import landing
from workflows.kernel.ports import Json
from workflows.kernel.proposal import Proposal

CHANGES_MAX = 10

_LABELS = {
    "job_id": "Id",
    "name": "Name",
    "what": "What",
    "group": "Group",
    "owner_email": "Owner",
    "target": "Lands in",
    "layout": "Layout",
    "schedule": "Runs",
    "timezone": "Zone",
    "window": "Late after",
    "min_size": "At least",
    "critical": "Critical",
    "report_from": "Reports as",
}


def row_fields(proposal: Proposal) -> list[Json]:
    """The row it would add, or what it would change in one."""
    if proposal.op == "change":
        changes = [(_LABELS.get(column, texts.name(column)), _change(proposal, column)) for column in proposal.cells]
        shown = [block_kit.fields(*changes[:CHANGES_MAX])] if changes else []
        more = len(changes) - CHANGES_MAX
        return [*shown, block_kit.context(f"and {texts.counted(more, 'more cell')}")] if more > 0 else shown
    cells = proposal.cells
    known = [
        ("Name", texts.name(cells.get("name", "")) if cells.get("name") else ""),
        ("What", texts.words(cells.get("what", ""), 200)),
        ("Runs", _runs(cells)),
        ("Late after", texts.words(cells.get("window", ""), 60)),
        ("At least", texts.words(cells.get("min_size", ""), 60)),
        ("Owner", _owner(cells)),
        landing(cells.get("target", "")),
        ("Layout", texts.words(cells.get("layout", ""), 60)),
        ("Critical", texts.words(cells.get("critical", ""), 20)),
    ]
    return [block_kit.fields(*((label, value) for label, value in known if value))]


def _runs(cells: Mapping[str, str]) -> str:
    schedule, zone = texts.words(cells.get("schedule", ""), 100), texts.words(cells.get("timezone", ""), 60)
    if schedule:
        return f"{schedule} ({zone})" if zone else schedule
    return "" if cells.get("window") else "not known yet"


def _owner(cells: Mapping[str, str]) -> str:
    group = f"group *{texts.name(cells['group'], 60)}*" if cells.get("group") else ""
    if cells.get("owner_email"):
        return f"{texts.name(cells['owner_email'], 120)}{f' ({group})' if group else ''}"
    return f"whoever owns {group}" if group else "the admin, until someone is named"


def _change(proposal: Proposal, column: str) -> str:
    before, after = (texts.words(one.get(column, ""), 200) or "_blank_" for one in (proposal.expected_old, proposal.cells))
    return f"{before} → {after if after == '_blank_' else f'*{after}*'}"
