"""Each choice of a company is a parameter of the template, which takes what the settings take, and says what would be right."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bolt_app.settings import SettingsError, load_settings
from infra.local.stack import ROOT, read_template
from tests.unit.test_settings import ENVIRON, NEEDED

PARAMETERS: dict[str, dict[str, Any]] = read_template()["Parameters"]
MADE = {
    resource["Properties"]["Name"]["Fn::Sub"].removeprefix("/${Prefix}/config/"): resource
    for resource in read_template()["Resources"].values()
    if resource["Type"] == "AWS::SSM::Parameter"
}
NOT_CHOSEN = {
    "heartbeat_url": "the stack knows it: the address of its own function",
    "link_url": "the same",
    "shards_source": "the stack knows it: which mapping the checker wakes",
}
NOT_IN_THE_TEMPLATE = {"link_key": "a SecureString, which CloudFormation cannot make; make deploy does"}
NEEDED_BY_ALL = {"admin_owner", "team_id", "timezone"}
CASES: list[tuple[str, list[str], list[str]]] = [
    ("admin_owner", ["sam@example.com", "Sam.O'Neil+x@a-b.example"], ["Sam", "sam@example", "a@b.c, d@e.f", "<a@b.c>"]),
    ("team_id", ["T012AB", "T0123456789"], ["acme", "t012ab", "T0 12"]),
    (
        "timezone",
        ["UTC", "Asia/Singapore", "America/Argentina/Buenos_Aires", "Etc/GMT+8", "America/Port-au-Prince"],
        ["Singapore time", "../etc/passwd", "+08:00"],
    ),
    (
        "approvers",
        ["S012AB", "S012AB, bo@example.com", "a@b.cc;d@e.ff"],
        ["everyone", "a@b.cc, everyone", "a@b.cc and d@e.ff"],
    ),
    ("proposals_channel", ["C012AB", "G012AB"], ["#backups", "D012AB", "C012AB, C013AB"]),
    ("summary_channel", ["C012AB"], ["backups"]),
    ("summary_to", ["a@example.com", "a@example.com, b@example.com"], ["a", "a@example.com, b"]),
    ("jobs_sheet_id", ["1AbC_defGHI-jklMNO"], ["https://docs.example.com/d/1AbC_defGHI", "short"]),
    ("rules_doc_id", ["1AbC_defGHI-jklMNO"], ["my rules"]),
    ("voice_doc_id", ["1AbC_defGHI-jklMNO"], ["my voice"]),
    (
        "mail_allow",
        ["example.com", "nas@example.com, example.org", "@example.com", "a.example b.example"],
        ["nas", "nas, example.com"],
    ),
    ("max_snoozes_per_break", ["1", "9", "49"], ["0", "50", "three", "-1", "1.5"]),
    ("quiet_hours", ["18:00-08:00", "8:00 - 17:30"], ["18-8", "24:00-08:00", "18:00"]),
    ("holidays", ["SG", "SG, DE-BY", "DE-BY US-CA"], ["Singapore", "sg", "DE-BAVARIA"]),
    ("shrink_threshold", ["0.3", "30%", "0.05", "2.5%"], ["30", "0", "0.0", "0%", "100%", "1.0", "lots"]),
    ("sender", ["sentinel@example.com"], ["Backup sentinel", "a@b.cc, d@e.ff"]),
]
STACKS = sorted((ROOT / "infra").glob("*.yaml"))


class Asked(Mapping[str, str]):
    """Parameters that remember by which names they were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.names: set[str] = set()
        self._values = values

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def parameter_of(setting: str) -> dict[str, Any]:
    return PARAMETERS[MADE[setting]["Properties"]["Value"]["Ref"]]


def test_what_the_program_asks_parameter_store_for_is_what_the_stack_puts_there() -> None:
    asked = Asked(NEEDED)
    load_settings(ENVIRON, lambda _path: asked)

    assert asked.names == MADE.keys()
    assert not MADE.keys() & NOT_IN_THE_TEMPLATE.keys()


@pytest.mark.parametrize("setting", sorted(MADE.keys() - NOT_CHOSEN.keys()))
def test_a_choice_is_put_there_as_it_was_written_and_only_where_there_is_one(setting: str) -> None:
    made = MADE[setting]["Properties"]
    condition = MADE[setting].get("Condition")

    assert (made["Type"], list(made["Value"])) == ("String", ["Ref"])
    assert parameter_of(setting)["Type"] == "String"  # a list would lose its spaces, and its members their commas
    if setting in NEEDED_BY_ALL:
        assert condition is None
        assert parameter_of(setting).get("Default") in (None, "UTC")
    else:
        given = {"Fn::Not": [{"Fn::Equals": [made["Value"], ""]}]}
        assert read_template()["Conditions"][condition] == given
        assert parameter_of(setting)["Default"] == ""


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_each_parameter_says_what_it_is_and_a_wrong_one_what_would_be_right(path: Path) -> None:
    for name, parameter in read_template(path)["Parameters"].items():
        assert parameter["Description"], name
        if "AllowedPattern" in parameter and path.stem == "template":
            assert parameter["ConstraintDescription"], name
            assert re.fullmatch(parameter["AllowedPattern"], parameter.get("Default", "")) or "Default" not in parameter, name


@pytest.mark.parametrize(("setting", "right", "wrong"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_choice_that_the_stack_takes_is_one_that_the_program_takes(setting: str, right: list[str], wrong: list[str]) -> None:
    pattern = re.compile(parameter_of(setting)["AllowedPattern"])

    for value in right:
        assert pattern.fullmatch(value), value
        load_settings(ENVIRON, lambda _path, value=value: {**NEEDED, setting: value})  # type: ignore[misc] # the value of this turn
    for value in wrong:
        assert not pattern.fullmatch(value), value
        with pytest.raises(SettingsError, match=setting):
            load_settings(ENVIRON, lambda _path, value=value: {**NEEDED, setting: value})  # type: ignore[misc] # the same


def test_every_choice_is_tried_so() -> None:
    assert {setting for setting, _right, _wrong in CASES} == MADE.keys() - NOT_CHOSEN.keys()


def test_letters_leave_from_an_address_in_lower_case_as_the_grant_compares_it() -> None:
    assert not re.fullmatch(PARAMETERS["SenderAddress"]["AllowedPattern"], "Sentinel@example.com")


def test_no_choice_is_too_wide_for_its_pattern_to_be_judged_in_time() -> None:
    for setting in ("approvers", "mail_allow", "summary_to", "holidays"):
        hostile = "a@b.c," * 600 + "!"
        assert not re.fullmatch(parameter_of(setting)["AllowedPattern"], hostile), setting


def test_the_template_stays_below_what_cloudformation_takes() -> None:
    assert len(PARAMETERS) <= 200
    assert len(json.dumps(read_template())) <= 1_000_000
