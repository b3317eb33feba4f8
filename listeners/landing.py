"""Where a backup lands, as a row says it; or who tells of it, where nothing of it is seen landing. Pure."""

from listeners import texts

_TOLD_BY = {"heartbeat": "its check-ins", "report": "its reports"}


def landing(target: str, length_max: int = 200) -> tuple[str, str]:
    """A label, and what stands beside it as mrkdwn. `target`: the cell as it was typed; "" where it is not known."""
    told = [_TOLD_BY.get(part) for part in target.lower().replace(",", " ").replace(";", " ").split()]
    if told and all(told):
        return "Told by", " and ".join(part for part in told if part)
    return "Lands in", texts.code(target, length_max) if target else "not known yet"
