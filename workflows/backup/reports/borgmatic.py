"""borgmatic: borg with configuration files; its summary says how each of them ended."""

from workflows.backup.reports import borg
from workflows.backup.reports.form import Format, reader

read = reader(
    Format(
        tool="borgmatic",
        marks=(
            r"(?:Successfully ran|Error running|Running) configuration file|: Error running actions for repository|\bborgmatic\b"
            r"|^\S+: (?:Creating archive|Pruning archives|Compacting segments|Running consistency checks)$"
        ),
        ends=(r"^(?:\S+: )?Chunk index: .*$(?:\n-{10,}$)?",),
        fields={**borg.FIELDS, "target": (*borg.FIELDS["target"], r"^(\S+): (?:Error running actions|Creating archive|Pruning)")},
        failure=rf"{borg.FAILURE}|Error running (?:configuration|actions)|returned non-zero exit|^(?:CRITICAL|ERROR)\b"
        rf"|Error while |No valid configuration|Error parsing config",
        warning=rf"{borg.WARNING}|^WARNING\b|with warnings?\b",
        success=r"Successfully ran configuration file|^This archive: ",
        harmless=r"^Ignoring consistency prefix option.*$|^--- Logging error ---$[\s\S]{0,8000}?^Arguments: .*$",
        exits=borg.EXITS,
        maintenance=borg.UPKEEP,
        refine=borg.refined,
    )
)
