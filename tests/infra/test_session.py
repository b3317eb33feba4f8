"""Where a command about one stack looks, whose options say no more than its name."""

from pathlib import Path

import pytest
from botocore.exceptions import ProfileNotFound

from infra.session import NoRegion, session_for

CHOSEN = """
[default.global.parameters]
stack_name = "backup-sentinel"
region = "eu-west-1"
profile = "of-samconfig"
[second.global.parameters]
stack_name = "second"
region = "us-east-1"
"""
KEYS = {"AWS_ACCESS_KEY_ID": "x"}


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "samconfig.toml").write_text(CHOSEN, encoding="utf-8")
    return tmp_path


def test_an_option_counts_before_the_environment_and_that_before_samconfig(root: Path) -> None:
    said = KEYS | {"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "eu-south-1"}

    assert session_for("backup-sentinel", "sa-east-1", environ=said, root=root).region_name == "sa-east-1"
    assert session_for("backup-sentinel", environ=said, root=root).region_name == "eu-north-1"
    assert session_for("backup-sentinel", environ=said | {"AWS_REGION": ""}, root=root).region_name == "eu-south-1"
    assert session_for("backup-sentinel", environ=KEYS, root=root).region_name == "eu-west-1"


def test_each_stack_has_the_region_of_its_own_environment(root: Path) -> None:
    assert session_for("second", environ={}, root=root).region_name == "us-east-1"


def test_the_profile_of_samconfig_is_taken_where_nobody_signed_in_otherwise(root: Path) -> None:
    with pytest.raises(ProfileNotFound, match="of-samconfig"):
        session_for("backup-sentinel", environ={}, root=root)


@pytest.mark.parametrize("text", [None, "no toml", "[default.global.parameters]"])
def test_without_any_it_says_what_would_be_right(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "samconfig.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoRegion, match=r"export AWS_REGION, or name it in samconfig\.toml"):
        session_for("backup-sentinel", environ={}, root=tmp_path)
