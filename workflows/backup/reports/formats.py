"""All formats with a reader of their own, in the order in which they are tried: what is most its own first.

To add one: a file beside this one with a `read`, a line here, and a test with texts of your own (docs/report_formats.md).
"""

from workflows.backup.reports.form import Reader

READERS: tuple[tuple[str, Reader], ...] = ()
"""Name and reader."""
