"""All formats with a reader of their own, in the order in which they are tried: what is most its own first.

To add one: a file beside this one with a `read`, a line here, and a test with texts of your own.
"""

from workflows.backup.reports import (
    acronis,
    ahsay,
    amanda,
    arq,
    automysqlbackup,
    aws,
    azure_backup,
    backupexec,
    backupninja,
    bacula,
    borg,
    borgmatic,
    cloud_to_cloud,
    cobian,
    commvault,
    cron_mail,
    datto,
    duplicati,
    duplicity,
    duply,
    gitlab,
    iperius,
    jetbackup,
    macrium,
    mariabackup,
    mongodump,
    mysqldump,
    nakivo,
    notices,
    pg_dump,
    pgbackrest,
    proxmox_jobs,
    qnap,
    rclone,
    restic,
    robocopy,
    rsnapshot,
    rsync,
    shapes,
    sql_master_backup,
    sql_server_agent,
    structured,
    synology,
    tar,
    truenas,
    updraftplus,
    urbackup,
    veeam,
    vzdump,
    windows_server_backup,
    xen_orchestra,
)
from workflows.backup.reports.form import Reader

WRAPPERS: tuple[tuple[str, Reader], ...] = (
    ("backupninja", backupninja.read),
    ("borgmatic", borgmatic.read),
    ("duply", duply.read),
    ("automysqlbackup", automysqlbackup.read),
    ("rsnapshot", rsnapshot.read),
    ("gitlab", gitlab.read),
)
"""Tools that run other tools, and quote them: tried before those."""

PRODUCTS: tuple[tuple[str, Reader], ...] = (
    ("aws-backup", aws.backup),
    ("aws-rds", aws.rds),
    ("azure-backup", azure_backup.read),
    ("cloud-to-cloud", cloud_to_cloud.read),
    ("jetbackup", jetbackup.read),
    ("sql-master-backup", sql_master_backup.read),
    ("sql-server-agent", sql_server_agent.read),
    ("updraftplus", updraftplus.read),
    ("urbackup", urbackup.read),
    ("bacula", bacula.read),
    ("veeam", veeam.read),
    ("proxmox-vzdump", vzdump.read),
    ("proxmox-backup-server", proxmox_jobs.read_pbs),
    ("proxmox-backup-client", proxmox_jobs.read_client),
    ("proxmox-replication", proxmox_jobs.read_replication),
    ("amanda", amanda.read),
    ("duplicati", duplicati.read),
    ("windows-backup-event", windows_server_backup.read_event),
    ("wbadmin", windows_server_backup.read_console),
    ("windows-backup-summary", windows_server_backup.read_summary),
    ("xen-orchestra", xen_orchestra.read),
    ("truenas", truenas.read),
    ("qnap", qnap.read),
    ("backupexec", backupexec.read),
    ("cobian", cobian.read),
    ("commvault", commvault.read),
    ("ahsay", ahsay.read),
    ("iperius", iperius.read),
    ("macrium", macrium.read),
    ("nakivo", nakivo.read),
    ("arq", arq.read),
    ("acronis", acronis.read),
    ("synology", synology.read),
    ("datto", datto.read),
)
"""Programs that write mails of their own."""

TOOLS: tuple[tuple[str, Reader], ...] = (
    ("restic", restic.read),
    ("borg", borg.read),
    ("pgbackrest", pgbackrest.read),
    ("mariabackup", mariabackup.read),
    ("mongodump", mongodump.read),
    ("duplicity", duplicity.read),
    ("rclone", rclone.read),
    ("mysqldump", mysqldump.read),
    ("pg_dump", pg_dump.read),
    ("rsync", rsync.read),
    ("robocopy", robocopy.read),
    ("tar", tar.read),
)
"""Commands, whose output cron or a script mails."""

OTHERS: tuple[tuple[str, Reader], ...] = (
    ("structured", structured.read),
    ("cron", cron_mail.read),
    ("notice", notices.read),
    ("script", shapes.read),
)
"""What nobody has a name for, by its shape."""

READERS: tuple[tuple[str, Reader], ...] = (("json", structured.read_known), *WRAPPERS, *PRODUCTS, *TOOLS, *OTHERS)
"""Name and reader."""
