"""tar: exit code 1 is a file that changed meanwhile, 2 is trouble; the archive's size is what `ls -l` or `du` beside it show.

tar itself says nothing of a good end; a script that prints its exit code does, or lists the archive behind it.
"""

from workflows.backup.reports.form import Format, reader

read = reader(
    Format(
        tool="tar",
        marks=r"^(?:\S*/)?b?tar: |^tar exit|^Total bytes written: \d+ \(",
        fields={
            "size": (
                r"^-[rwxsStT-]{9}\S? +\d+ +\S+ +\S+ +(\d[\d.,]*[KMGT]?) .*\.t(?:ar|gz|bz2|xz|zst)\b",
                r"^(\d[\d.,]*[KMGT]?)\s+\S+\.t(?:ar|gz|bz2|xz|zst)\b",
                r"^Total bytes written: (\d+)",
            ),
        },
        harmless=r"^.*(?:Removing leading|Entferne führende|Suppression de |Eliminando la|socket ignored|Socket ignoriert).*$",
        failure=(
            r"[Ee]xiting with failure|not recoverable|Cannot (?:open|write|connect|create|close)|No space left|Child (?:died"
            r"|returned)"
            r"|Beende mit Fehler|Fehler ist nicht behebbar|Kann nicht|Kein Speicherplatz|Arrêt avec code|irrécupérable|Impossible"
            r"|No se puede|Saliendo con|Refusing|gzip: |zstd: |xz: |[Uu]nexpected EOF|command not found|^Killed"
        ),
        warning=(
            r"file changed as we read it|file removed before we read it|Cannot stat|Permission denied"
            r"|hat sich beim Lesen geändert"
            r"|Keine Berechtigung|a été modifié|Permission non accordée|cambió mientras|Permiso denegado|shrank by|File shrank"
        ),
        success=(
            r"^Total bytes written: \d+|^(?:-[rwxsStT-]{9}\S? .*|\d[\d.,]*[KMGT]?\s+\S+)\.t(?:ar|gz|bz2|xz"
            r"|zst)(?:\.\w{1,4})?\s*\Z"
        ),
        exits=frozenset({1}),
        binary=True,
    )
)
