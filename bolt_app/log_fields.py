"""What a line of the log is about, as fields beside its message: on AWS each becomes one of its JSON, with the request's id.

Only ids and counts: neither what people or programs wrote, nor anything that opens a door.
"""

from collections.abc import Mapping

LENGTH_MAX = 200
IDS = ("job_id", "proposal_id", "recipient", "letter", "about", "mode", "run", "shard")
"""Of the detail of an event, these say what it is about."""


def about(detail: Mapping[str, object], **more: str | int) -> dict[str, str | int]:
    """For `extra`: the ids that this detail of an event has, and what else is known."""
    ids = {name: str(detail[name])[:LENGTH_MAX] for name in IDS if isinstance(detail.get(name), str | int)}
    jobs = detail.get("job_ids")
    if isinstance(jobs, list | tuple) and jobs:
        ids |= {"job_id": str(jobs[0])[:LENGTH_MAX], "jobs": str(len(jobs))}
    return {**ids, **more}
