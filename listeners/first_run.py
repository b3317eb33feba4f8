"""App Home while nothing is watched yet: how the first backup gets in. Pure."""

from listeners import block_kit
from workflows.kernel.ports import Json

ADD = "job_add"


def add_button(*, primary: bool = False) -> Json:
    return block_kit.button(ADD, "Add a backup", "add", primary=primary)


def first_run(*, sheet_url: str) -> list[Json]:
    """Short, and exact: whoever reads it has read nothing else. `sheet_url`: of the job list, or "" where there is none yet."""
    sheet = f"<{sheet_url}|the job list>" if sheet_url else "the job list, a Google Sheet that the admin connects"
    ways = [
        f"*In the sheet.* Give it a row in {sheet}: a name, where it lands, and when it runs. It is read every 15 minutes.",
        "*By mail.* Let the backup program send its report to the address that the admin set up. It becomes a card to approve.",
        "*By a heartbeat.* Add it with `heartbeat` as where it lands; `/backup key NAME` then tells what its script calls.",
    ]
    return [
        block_kit.section(
            ":wave:  *No backup is watched yet.* Once one is, this page says how it stands, and I tell its owner when it fails."
        ),
        block_kit.section(
            "Begin here: say what it is called and where it lands, such as `s3://acme-backups/orders/`.",
            accessory=add_button(primary=True),
        ),
        block_kit.section("There are three other ways:\n" + "\n".join(f"{number}. {way}" for number, way in enumerate(ways, 1))),
        block_kit.context("`/backup help` lists what else I can do."),
    ]
