"""What runs at GitHub fits what is here: the role's environment, the commands, and nothing that moves under us."""

import re
from pathlib import Path

import pytest

from infra.local.stack import ROOT, read_template

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_action_is_named_by_its_commit_and_each_job_has_just_what_it_says(path: Path) -> None:
    for one in re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8")):
        assert one[0].startswith("./") or (re.search(r"@[0-9a-f]{40}$", one[0]) and re.match(r" # v\d+\.\d+\.\d+$", one[1])), one
    assert read_template(path)["permissions"] == {}
    for name, job in read_template(path)["jobs"].items():
        assert job["permissions"].items() <= {"contents": "read", "id-token": "write"}.items(), name


def test_only_the_deploying_job_is_vouched_for_and_in_the_environment_that_the_role_trusts() -> None:
    jobs = {(path.stem, name): job for path in WORKFLOWS for name, job in read_template(path)["jobs"].items()}
    vouched = {where for where, job in jobs.items() if "id-token" in job["permissions"]}
    deploying = jobs["deploy", "deploy"]

    assert vouched == {("deploy", "deploy")}
    assert (
        deploying["environment"]
        == read_template(ROOT / "infra" / "deploy-role.yaml")["Parameters"]["GitHubEnvironment"]["Default"]
    )
    assert deploying["needs"] == "test"
    assert deploying["permissions"] == {"contents": "read", "id-token": "write"}


def test_no_stored_key_is_used() -> None:
    for path in WORKFLOWS:
        assert "secrets." not in path.read_text(encoding="utf-8")
        assert "aws-access-key-id" not in path.read_text(encoding="utf-8")


def test_the_commands_that_run_there_are_there() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    runs = [
        step["run"]
        for path in WORKFLOWS
        for job in read_template(path)["jobs"].values()
        for step in job.get("steps", ())
        if "run" in step
    ]

    assert {"make deploy DOCTOR=no", ".ci/run"} <= set(runs)
    assert {run.split()[1] for run in runs if run.startswith("make ")} <= targets
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
