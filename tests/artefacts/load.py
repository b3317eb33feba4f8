"""Loads all that a function can come to need, from its artefact alone: `python -I -S load.py FOLDER HANDLER MODULE...`.

Run without any site-packages, as a script, by the Python that the artefact is tried with. Prints, as JSON, the version of that
Python, files that came from elsewhere, and modules of the artefact that were not compiled.
"""

import json
import sys
import sysconfig
import zoneinfo
from importlib import import_module
from pathlib import Path


def main(folder: str, handler: str, *modules: str) -> None:
    sys.path.insert(0, folder)
    module, _, name = handler.rpartition(".")
    if not callable(getattr(import_module(module), name)):
        raise TypeError(f"{handler} cannot be called")
    for each in modules:
        import_module(each)
    use_what_was_trimmed("googleapiclient" in modules)
    files = {name: Path(file) for name, one in list(sys.modules.items()) if (file := getattr(one, "__file__", None))}
    inside = {name: file for name, file in files.items() if file.is_relative_to(folder)}
    at_home = (folder, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), __file__)
    outside = [str(file) for file in files.values() if not any(file.is_relative_to(home) for home in at_home)]
    sys.stdout.write(json.dumps({"python": sys.version.split()[0], "outside": outside, "not_compiled": not_compiled(inside)}))


def use_what_was_trimmed(google: bool) -> None:
    """Makes a client of every service and API that is called, and reads zones and holidays, as the artefact holds them."""
    from bolt_app.adapters import aws

    for service in aws.SERVICES:
        aws.session().client(service, region_name="ap-southeast-1")  # type: ignore[call-overload] # any service will do
    if google:
        from bolt_app.adapters.google_account import GoogleAccount
        from bolt_app.adapters.secrets import Secrets

        account = GoogleAccount(Secrets(aws.session().client("secretsmanager", region_name="ap-southeast-1")), secret="any")  # noqa: S106 - its name
        account.api("drive", "v3").files().get(fileId="any")
        account.api("sheets", "v4").spreadsheets().get(spreadsheetId="any")
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo("Asia/Singapore")
    import holidays

    if not holidays.country_holidays("DE", years=2026):
        raise ValueError("Germany has holidays")


def not_compiled(inside: dict[str, Path]) -> list[str]:
    compiled = {name: getattr(sys.modules[name], "__cached__", None) for name, file in inside.items() if file.suffix == ".py"}
    return sorted(name for name, file in compiled.items() if not file or not Path(file).exists())


if __name__ == "__main__":
    main(*sys.argv[1:])
