"""Where the documents lie, and what the configuration adds to them."""

from bolt_app.settings import Settings
from workflows.backup.words import Sources


def sources(told: Settings) -> "Sources":
    config = {
        "shrink_threshold": "" if told.shrink_threshold is None else str(told.shrink_threshold),
        "max_snoozes_per_break": str(told.max_snoozes_per_break),
        "quiet_hours": told.quiet_hours,
        "holidays": ", ".join(told.holidays),
    }
    return Sources(
        jobs_key="jobs.csv",
        rules_key="rules.txt",
        voice_key="voice.txt",
        timezone=told.timezone,
        admin=told.admin_owner,
        config={name: value for name, value in config.items() if value},
    )
