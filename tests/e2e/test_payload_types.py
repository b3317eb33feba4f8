"""What we say in Slack and how the page is written, as TypeScript's compiler sees it, with Slack's own types."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.local.page.build import HERE
from tests.e2e import payloads
from tests.e2e.page_tools import compiled
from tests.listeners.test_strict_workspace import CONDITIONS
from workflows.kernel.ports import Json

pytestmark = pytest.mark.e2e

CONFIG = {
    "compilerOptions": {
        "strict": True, "noEmit": True, "module": "ESNext", "moduleResolution": "bundler", "target": "ES2022", "types": []
    },
    "include": ["*.ts"],
}  # fmt: skip


def checked(folder: Path, kind: str, values: Sequence[Json | list[Json]]) -> list[str]:
    """What is wrong with these values, were they written in TypeScript as this type of @slack/types."""
    bare = kind.removesuffix("[]")
    literals = [f"const v{n}: {kind} = {json.dumps(value)};" for n, value in enumerate(values)]
    folder.mkdir()
    (folder / "tsconfig.json").write_text(json.dumps(CONFIG))
    (folder / "values.ts").write_text("\n".join([f'import type {{ {bare} }} from "@slack/types";', *literals, "export {};"]))
    return compiled(folder)


def test_every_message_has_the_shape_that_slacks_types_give_it(tmp_path: Path) -> None:
    told = payloads.messages([*CONDITIONS.values(), *payloads.by_chance(60)])
    assert len(told) > 120
    assert checked(tmp_path / "messages", "KnownBlock[]", [list(message.blocks) for message in told]) == []


def test_every_form_and_board_has_the_shape_that_slacks_types_give_it(tmp_path: Path) -> None:
    assert checked(tmp_path / "modals", "ModalView", payloads.modals()) == []
    assert checked(tmp_path / "homes", "HomeView", payloads.homes(payloads.by_chance(20))) == []


def test_a_wrong_shape_would_be_found(tmp_path: Path) -> None:
    header: Json = {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}
    button = {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x"}, "style": "warning"}],
    }
    assert len(checked(tmp_path / "wrong", "KnownBlock[]", [[header], [button], [{"type": "divider"}]])) >= 2


def test_the_page_itself_is_typed(tmp_path: Path) -> None:
    shutil.copytree(HERE / "src", tmp_path / "src")
    shutil.copy(HERE / "tsconfig.json", tmp_path)
    assert compiled(tmp_path) == []
