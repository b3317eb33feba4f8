from tests.unit.reports.telling import one, statuses
from tests.unit.reports.test_rsync import END

COMMAND = "/usr/bin/rsync -a --delete --numeric-ids \\\n    --stats /srv/mail/ /snap/daily.0/atlas/\n"
SUBJECT = "Cron <root@atlas> /usr/bin/rsnapshot -c /etc/rsnapshot.conf daily"


def test_the_interval_is_the_job() -> None:
    report = one("echo 811 > /run/rsnapshot.pid\n" + COMMAND + END + "rm -f /run/rsnapshot.pid\n", SUBJECT)
    assert (report.tool, report.job, report.what, report.status, report.size) == (
        "rsnapshot",
        "daily",
        "/srv/mail/",
        "success",
        91204118,
    )


def test_an_error_of_rsnapshot_or_of_its_rsync_counts() -> None:
    head = (
        "-----\nrsnapshot encountered an error! The program was invoked with these options:\n/usr/bin/rsnapshot weekly\n-----\n"
    )
    report = one(head + "ERROR: Lockfile /run/rsnapshot.pid exists and so does its process, can not continue\n", SUBJECT)
    assert (report.status, report.job) == ("failure", "weekly")
    partly = "rsync error: some files/attrs were not transferred (code 23) at main.c(1338)\nWARNING: /srv/mail/ partly\n"
    assert statuses("echo 811 > /run/rsnapshot.pid\n" + COMMAND + END + partly, SUBJECT) == ["warning"]


def test_turning_older_copies_over_is_upkeep() -> None:
    assert one(
        "echo 811 > /run/rsnapshot.pid\nmv /snap/daily.6/ /snap/weekly.0/\nrm -f /run/rsnapshot.pid\n", SUBJECT
    ).maintenance


def test_two_folders_have_no_one_size() -> None:
    assert one("echo 811 > /run/rsnapshot.pid\n" + COMMAND + END + COMMAND + END, SUBJECT).size is None
