"""What a finding is called, and the sentence that explains it as of now."""

from datetime import datetime

from listeners import texts
from workflows.backup.evidence import Unseen
from workflows.backup.findings import Finding
from workflows.kernel.quantities import age_text

_TROUBLE = {
    "failed": "ran and failed",
    "with_warnings": "finished with warnings",
    "not_ended": "started and has not ended",
    "runs_long": "is running longer than usual",
    "cannot_see": "cannot be seen",
    "unsure": "may not be backed up",
    "unsure_listing": "may not be backed up",
    "never_ran": "has no good backup yet",
    "nothing_left": "has no backup left",
    "slot_missed": "has no fresh backup",
    "too_old": "has no fresh backup",
    "empty": "made an empty backup",
    "under_min_size": "is smaller than it should be",
    "shrank": "is much smaller than usual",
    "identical": "makes the very same backup again and again",
    "said_not_landed": "said it finished, but nothing landed",
    "landed_not_said": "landed, but did not say so",
}
_TROUBLE_OF_TEST = {
    "finished": "did not finish as it should",
    "recent": "has no fresh backup",
    "right_size": "has an odd size",
    "look": "cannot be seen",
}


def trouble(finding: Finding) -> str:
    """To be read after the job's name."""
    return _TROUBLE.get(finding.rule, _TROUBLE_OF_TEST[finding.test])


def sentence(finding: Finding, *, now: datetime, zone: str) -> str:
    """The finding as mrkdwn. Ages are counted now: a stored finding does not change while only time passes."""
    if finding.at is None:
        return texts.words(finding.says)
    when, age = texts.moment_text(finding.at, now=now, zone=zone), age_text(now - finding.at)
    says, limit = texts.words(finding.says), texts.words(finding.threshold, 200)
    where = f" in {texts.code(finding.target)}" if finding.target and finding.target in finding.says else ""  # one of several
    match finding.rule:
        case "too_old" if age == limit:  # told the minute it happened, as it usually is
            says = f"The newest good one{where} is *over {limit} old*, and {limit} is the limit."
        case "too_old":
            says = f"The newest good one{where} is *{age} old*. It should never be older than {limit}."
        case "slot_missed":
            schedule, _, slack = limit.rpartition(" and ")
            says = f"The newest good one{where} is *{age} old*. It is due {schedule}, at most {slack} late."
        case "never_ran":
            says = f"{says} Watched since {when}."
        case "not_ended":
            says = f"The run that started {when} has not ended, after *{age}*."
        case "runs_long":
            says = f"The run that started {when} has been going for *{age}*; more than {limit} is unusual."
        case _ if finding.test in {"finished", "right_size"}:
            end = "" if says.endswith((".", "!", "?", "…")) else "."  # what a script says of itself has none
            says = f"{says}{end} Run of {when}."
    return says


def unseen_sentence(unseen: Unseen, *, now: datetime, zone: str) -> str:
    since = texts.moment_text(unseen.since, now=now, zone=zone)
    return f"{texts.code(unseen.target)} answers {texts.words(unseen.error, 200)}, since {since}."
