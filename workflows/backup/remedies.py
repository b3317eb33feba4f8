"""What would put a finding right, in words for whoever looks after the backup. Pure, and quick to load."""

from workflows.backup.findings import Finding

_FRESH = "a good run"
_REMEDIES = {
    "failed": "a later run that ends well",
    "with_warnings": "a later run that ends without warnings",
    "not_ended": "the run that is going ends well, or a newer one does",
    "runs_long": "the run that is going ends well",
    "said_not_landed": "the backup that was said to be done lands, or the next one does",
    "landed_not_said": "its script or tool says so again; if it never will, take that target out of its row",
    "too_old": _FRESH,
    "slot_missed": _FRESH,
    "never_ran": "its first good run; if it lands elsewhere, mend the target in its row",
    "nothing_left": "a good run that stays where it landed; find out who deleted the others",
    "cannot_see": "it can be read again",
    "unsure": "a run that leaves no doubt; a check-in at its end says more than a listing",
    "unsure_listing": "a listing that leaves no doubt, at the next full look",
    "empty": "a run that is not empty",
    "shrank": "a run of its usual size; or, if it is meant to be this small, say that this size is right",
    "identical": "a run with other content; see that it does not back up a copy that stands still",
}
_OF_TEST = {
    "finished": "a later run that ends well",
    "recent": _FRESH,
    "right_size": "a run of the usual size",
    "look": "it can be read again",
}


def remedy(finding: Finding) -> str:
    """To be read after "What would make it green:", without a full stop."""
    if finding.rule == "under_min_size":
        return f"a run of at least {finding.threshold}; or, if it is meant to be smaller, another min_size"
    return _REMEDIES.get(finding.rule, _OF_TEST[finding.test])
