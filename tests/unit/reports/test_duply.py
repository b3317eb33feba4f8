from tests.unit.reports.telling import one
from tests.unit.reports.test_duplicity import STATS

BEGIN = "Start duply v2.4.2, time is 2026-11-22 02:00:00.\nUsing profile '/etc/duply/mailstore'.\n"
BKP = "--- Start running command BKP at 2026-11-22 02:00:00.100 ---\n"
END = "--- Finished state {} at 2026-11-22 02:01:31.100 - Runtime 00:01:31.000 ---\n"


def test_a_profile_whose_backup_finished_is_a_run() -> None:
    report = one(BEGIN + BKP + STATS + END.format("OK"))
    assert (report.tool, report.job, report.status, report.size) == ("duply", "mailstore", "success", 7340032)


def test_advice_on_permissions_is_no_fault() -> None:
    advice = "\nWARNING:\n\nThe profile's folder\n'/etc/duply/mailstore'\npermissions are not safe. Secure them now. - (OK)\n\n"
    assert one(BEGIN + advice + BKP + STATS + END.format("OK")).status == "success"


def test_a_command_that_failed_fails_the_run_whatever_followed() -> None:
    text = (
        BEGIN
        + BKP
        + END.format("FAILED 'code 23'")
        + "--- Start running command POST at 2026-11-22 02:02:00.100 ---\n"
        + END.format("OK")
    )
    assert one(text).status == "failure"


def test_a_purge_alone_is_upkeep() -> None:
    assert one(BEGIN + "--- Start running command PURGE at 2026-11-22 02:00:00.100 ---\n" + END.format("OK")).maintenance
