"""What is looked at before a deployment, and what is told after one: read from files and from how a stack stands."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from infra.deploy import check, finish
from infra.deploy.aws import Stack
from infra.deploy.finish import Line
from infra.deploy.samconfig import CORE, ROOT, Chosen, Unusable, example, mistakes, read
from infra.local.stack import read_template

EXAMPLES = example()
GOOD = {
    "AdminOwner": "ana@acme.example",
    "TeamId": "T0ACME",
    "AlarmEmail": "alarms@acme.example",
    "WatchedBuckets": "acme-one,acme-two",
}


def wrong_with(**changes: str) -> list[str]:
    chosen = Chosen(env="default", stack="s", region="eu-west-1", parameters={**GOOD, **changes})
    return mistakes(chosen, read_template(), EXAMPLES["default"])


def written(folder: Path, text: str) -> Path:
    (folder / "samconfig.toml").write_text(text, encoding="utf-8")
    return folder


HEAD = '[default.global.parameters]\nstack_name = "s"\nregion = "eu-west-1"\n'


def test_the_example_is_refused_as_it_is_and_says_of_each_stand_in_that_it_is_one() -> None:
    for env, shown in EXAMPLES.items():
        template = read_template() if shown.is_core else read_template(ROOT / shown.template)
        told = mistakes(shown, template, shown)

        assert told, env
        assert all("is still what samconfig.example.toml shows" in line for line in told), (env, told)


def test_the_example_has_an_environment_for_each_stack_and_names_every_parameter() -> None:
    text = (ROOT / "samconfig.example.toml").read_text(encoding="utf-8")
    sections = re.split(r"^\[", text, flags=re.MULTILINE)

    assert {shown.template for shown in EXAMPLES.values()} == {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "infra").glob("*.yaml")
    }
    for env, shown in EXAMPLES.items():
        [told] = [part for part in sections if part.startswith(f"{env}.deploy.parameters.parameter_overrides]")]
        template = read_template() if shown.is_core else read_template(ROOT / shown.template)
        assert set(re.findall(r"^(?:# )?([A-Z]\w+) = ", told, re.MULTILINE)) == template["Parameters"].keys(), env


def test_what_the_example_shows_in_comments_would_be_taken() -> None:
    text = (ROOT / "samconfig.example.toml").read_text(encoding="utf-8")
    shown = re.findall(r'^# (\w+) = "?([^"\n#]+?)"?(?:  .*)?$', text, re.MULTILINE)
    values = {
        name: value for name, value in shown if name in read_template()["Parameters"] and value.strip() and "[" not in value
    }

    assert {"Timezone", "QuietHours", "MaxSnoozesPerBreak", "ShrinkThreshold", "Prefix", "ModelId"} <= values.keys()
    assert wrong_with(**values) == []


def test_own_values_are_taken() -> None:
    assert wrong_with() == []
    assert wrong_with(Timezone="Asia/Singapore", Approvers="S012AB, bo@acme.example", MailAllow="") == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AdminOwner", "", "AdminOwner is missing. Owns what nobody owns"),
        ("AdminOwner", "Ana", "AdminOwner is 'Ana'; it wants one e-mail address, such as sam@example.com"),
        ("AdminOwner", "sam@example.com", "AdminOwner is still what samconfig.example.toml shows"),
        ("Timezone", "Asia/Singapur", "Timezone is 'Asia/Singapur'; it wants an IANA time zone"),
        ("Timzone", "UTC", "Timzone is no parameter of infra/template.yaml; it has Prefix, WatchedBuckets"),
        ("WatchedBuckets", "acme-one, acme/nas", "WatchedBuckets is 'acme-one, acme/nas'; it wants names of whole buckets"),
        ("JobsPerCheck", "many", "JobsPerCheck is 'many'; it wants a number"),
        ("QuietHours", "18-8", "such as 18:00-08:00"),
    ],
)
def test_what_the_template_would_not_take_is_told_before_anything_is_built(name: str, value: str, said: str) -> None:
    [line] = wrong_with(**{name: value})

    assert line.startswith("samconfig.toml [default]: ")
    assert said in line


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(wrong_with(AdminOwner="", TeamId="acme", Holidays="Singapore")) == 3


def test_values_reach_the_stack_as_the_sam_cli_hands_them_on(tmp_path: Path) -> None:
    overrides = '[default.deploy.parameters.parameter_overrides]\nA = ["b-one", " b-two "]\nB = "one, two \\"three\\""\nC = 3\n'
    chosen = read("default", written(tmp_path, HEAD + overrides))

    assert chosen.parameters == {"A": "b-one,b-two", "B": 'one, two "three"', "C": "3"}
    assert (chosen.stack, chosen.region, chosen.template, chosen.prefix) == ("s", "eu-west-1", CORE, "bk")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[default", "samconfig.toml is no TOML"),
        ('[other.global.parameters]\nstack_name = "x"', "has no environment [default]; it has other"),
        ('[default.global.parameters]\nstack_name = "x"', "samconfig.toml [default]: region is missing"),
        (HEAD + '[default.deploy.parameters]\nparameter_overrides = "A=b"', "wants to be a table of its own"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unusable, match=re.escape(said)):
        read("default", written(tmp_path, text))


def test_without_a_file_it_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=re.escape("cp samconfig.example.toml samconfig.toml")):
        read("default", tmp_path)


def states(*names: str) -> Iterable[Stack]:
    return iter([Stack(status=name) for name in names])


def test_a_stack_that_is_being_changed_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    seen = states("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE")
    waited: list[float] = []

    found = check.settled(lambda: next(iter(seen)), "s", waited.append)

    assert (found.status, len(waited)) == ("UPDATE_COMPLETE", 2)
    assert capsys.readouterr().err.count("waiting for that to end") == 1


@pytest.mark.parametrize("status", ["", "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_a_stack_that_takes_an_update_is_not_waited_for(status: str) -> None:
    assert check.settled(lambda: Stack(status=status), "s", lambda _: pytest.fail("waited")).status == status


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("ROLLBACK_COMPLETE", "delete-stack --stack-name s"),
        ("DELETE_FAILED", "delete-stack --stack-name s"),
        ("DELETE_FAILED", "it was to be removed, and that failed. See why"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name s"),
        ("UPDATE_IN_PROGRESS", "still UPDATE_IN_PROGRESS after 30 minutes"),
    ],
)
def test_a_stack_that_takes_none_says_what_to_do(status: str, remedy: str) -> None:
    with pytest.raises(Unusable, match=re.escape(remedy)):
        check.settled(lambda: Stack(status=status), "s", lambda _: None)


def test_the_next_step_is_the_first_that_is_still_to_do() -> None:
    stack = Stack(outputs={"SlackUrl": "https://x.example/"})
    chosen = Chosen(env="default", stack="s", region="r")
    slack = Line(text="The secret bk/slack/bot-token is empty.", todo=True)
    other = Line(text="The secret bk/drive/sa is empty.", todo=True)

    assert "make manifest URL=https://x.example/" in finish.next_step(chosen, stack, [other, slack]).text
    assert "marked above" in finish.next_step(chosen, stack, [other]).text
    assert (
        "the job list. A Google sheet (JobsSheetId), or a file"
        in finish.next_step(chosen, stack, [Line(text="/slack/ is fine")]).text
    )


def test_what_was_left_is_taken_in_in_the_account_that_is_meant() -> None:
    chosen = Chosen(env="default", stack="s", region="eu-west-1", profile="backup-admin", parameters={"Prefix": "ct"})

    assert "first: AWS_PROFILE=backup-admin .venv/bin/python -m infra.adopt --stack s --prefix ct --region eu-west-1" in (
        check.left_over(chosen)
    )
    assert "first: .venv/bin/python -m infra.adopt" in check.left_over(Chosen(env="default", stack="s", region="eu-west-1"))
