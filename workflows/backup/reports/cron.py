"""The subject that cron gives its mails: "Cron <root@web01> /usr/local/bin/backup.sh"."""

import re
from dataclasses import dataclass

_CRON = re.compile(r"(?:^|[:\]]\s*)Cron <([^<>@\s]{1,64})@([^<>\s]{1,255})>\s*(.{0,300})", re.IGNORECASE)
_ANACRON = re.compile(r"Anacron job '([^']{1,100})' on (\S{1,255})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """The machine, and the command that it ran; both "" where the subject is not cron's."""

    host: str = ""
    command: str = ""


def cron_of(subject: str) -> Cron:
    if found := _CRON.search(subject):
        return Cron(host=found[2], command=found[3].strip())
    if found := _ANACRON.search(subject):
        return Cron(host=found[2], command=found[1])
    return Cron()
