"""The nudge that goes on the bus: where to look, never what to say."""

from workflows.backup.standing import Standing, State
from workflows.kernel.ports import Event

_KIND: dict[State, str] = {"warn": "bk.warn", "alert": "bk.alert", "escalate": "bk.escalate"}


def nudge_about(standing: Standing) -> Event:
    """Someone is behind on this job."""
    kind = _KIND.get(standing.state) or ("bk.recovered" if standing.state != "pending_fixed" else _KIND_BY_LEVEL[standing.level])
    said = "recovered" if kind == "bk.recovered" else (standing.loud_kind or "opened")
    return Event(kind=kind, detail={"v": 1, "job_id": standing.job_id, "say": standing.say, "kind": said})


_KIND_BY_LEVEL = {"warn": "bk.warn", "alert": "bk.alert", "unseen": "bk.warn", "green": "bk.recovered", "waiting": "bk.recovered"}
