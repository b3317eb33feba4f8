"""Which job a person means: by its id, its name, or as much of either as no other job has."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from workflows.backup.standing import Standing
from workflows.kernel.documents import folded
from workflows.kernel.quantities import shown
from workflows.kernel.reply import Reply, harmless

NAMED_MAX = 5


def find_job(typed: str, standings: Iterable[Standing]) -> Standing | Reply:
    """The job on the list that is meant, or what to answer instead, with the nearest names."""
    wanted = folded(typed)
    jobs = [standing for standing in standings if standing.state != "off_list"]
    if not wanted:
        return Reply(kind="invalid", text="Say which job: its id, its name, or how either begins.")
    for fits in (_is, _begins, _holds):
        found = [job for job in jobs if any(fits(name, wanted) for name in _names(job))]
        if len(found) == 1:
            return found[0]
        if found:
            said = f"“{harmless(shown(typed))}” could be {_listed(found)}. Say which, by its id."
            return Reply(kind="invalid", text=said, choices=_choices(found))
    near = _near(wanted, jobs)
    meant = f" Did you mean {_listed(near)}?" if near else ""
    return Reply(kind="gone", text=f"There is no job “{harmless(shown(typed))}” on the list.{meant}", choices=_choices(near))


def _is(name: str, wanted: str) -> bool:
    return name == wanted


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted)


def _holds(name: str, wanted: str) -> bool:
    return wanted in name


def _names(job: Standing) -> tuple[str, str]:
    return folded(job.job_id), folded(job.row.get("name", ""))


def _near(wanted: str, jobs: Sequence[Standing]) -> list[Standing]:
    known = {name: job for job in jobs for name in _names(job) if name}
    near = get_close_matches(wanted[:80], known, n=NAMED_MAX, cutoff=0.6)
    return list({known[name].job_id: known[name] for name in near}.values())


def _choices(jobs: Sequence[Standing]) -> tuple[tuple[str, str], ...]:
    return tuple((job.job_id, job.row.get("name", "") or job.job_id) for job in jobs[:NAMED_MAX])


def _listed(jobs: Sequence[Standing]) -> str:
    named = [shown(job.job_id) for job in jobs[:NAMED_MAX]]
    if len(jobs) > NAMED_MAX:
        named.append(f"{len(jobs) - NAMED_MAX} more")
    return " or ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
