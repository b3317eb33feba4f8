"""What SAM makes of the template's Function URLs: since October 2025 they answer nobody without two permissions."""

from typing import Any

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from infra.local.stack import REGION, TEMPLATE, read_template

pytestmark = pytest.mark.thorough

OPEN = {"AckHandler", "Heartbeat"}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The template as CloudFormation gets it, after SAM."""
    source = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    for one in source["Resources"].values():
        if one["Type"] == "AWS::Serverless::Function":
            one["Properties"]["CodeUri"] = "s3://any/any"  # `sam package` puts it there
    sam = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    found: dict[str, Any] = sam.translate(sam_template=source, parameter_values={}, feature_toggle=None)["Resources"]
    return found


def permissions(made: dict[str, Any], function: str) -> dict[str, dict[str, Any]]:
    """Of everybody, on this function, by action."""
    found = [one["Properties"] for one in made.values() if one["Type"] == "AWS::Lambda::Permission"]
    return {one["Action"]: one for one in found if one["FunctionName"] == {"Ref": function} and one["Principal"] == "*"}


@pytest.mark.parametrize("function", sorted(OPEN))
def test_an_open_url_has_both_permissions_and_neither_opens_more_than_the_url(made: dict[str, Any], function: str) -> None:
    both = permissions(made, function)

    assert set(both) == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert both["lambda:InvokeFunctionUrl"]["FunctionUrlAuthType"] == "NONE"
    assert both["lambda:InvokeFunction"]["InvokedViaFunctionUrl"] is True


def test_no_other_function_is_open_to_everybody(made: dict[str, Any]) -> None:
    functions = {name for name, one in read_template()["Resources"].items() if one["Type"] == "AWS::Serverless::Function"}
    urls = {one["Properties"]["TargetFunctionArn"]["Ref"] for one in made.values() if one["Type"] == "AWS::Lambda::Url"}

    assert urls == OPEN
    assert all(permissions(made, name) == {} for name in functions - OPEN)


def test_the_front_door_has_the_memory_that_its_goal_wants_and_no_snapshot() -> None:
    function = read_template()["Resources"]["AckHandler"]["Properties"]

    assert function["MemorySize"] == 1024
    assert "SnapStart" not in function
    assert "AutoPublishAlias" not in function
