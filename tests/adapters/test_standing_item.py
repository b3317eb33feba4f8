"""A standing survives being an item, whatever it holds; and old or broken items are met with sense."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bolt_app.adapters.facts_json import packed, unpacked
from bolt_app.adapters.runs_json import runs_of_json, runs_to_json
from bolt_app.adapters.standing_item import NAMED, OF_DISPATCH, OWNED, item_of, owned_of, standing_of
from tests.adapters.strategies import facts
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing, Told

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BARE = Standing(job_id="orders-db", first_seen=NOON, since=NOON)


def night(number: int, **special: object) -> Run:
    key = f"orders/{number:02}.dump"
    run = Run(
        id=f"{key}@{1767225600 + number}",
        ref=key,
        source="object",
        target="s3://acme-backups/orders/",
        outcome="ok",
        finished=NOON - timedelta(days=40 - number),
        size=1000 + number,
        etag=f"e{number}",
    )
    return replace(run, **special)  # type: ignore[arg-type] # the test names fields of Run


@settings(max_examples=40, deadline=None)
@given(facts(Standing))
@example(BARE)
def test_any_standing_comes_back_from_its_item_as_it_was(standing: Standing) -> None:
    assert standing_of(json.loads(json.dumps(item_of(standing)))) == standing


@settings(max_examples=40, deadline=None)
@given(st.lists(facts(Run), max_size=4).map(tuple))
@example(tuple(night(number) for number in range(38)))
@example((night(1), night(2, ref="", started=NOON), night(3, ref="another", id="orders/03.dump")))
def test_any_runs_come_back_from_one_string_as_they_were(runs: tuple[Run, ...]) -> None:
    assert runs_of_json(runs_to_json(runs)) == runs


def test_thirty_eight_runs_of_long_keys_stay_under_five_kilobytes() -> None:
    runs = tuple(replace(night(number), id=f"{'k' * 60}{number}@1767225600", ref=f"{'k' * 60}{number}") for number in range(38))
    assert len(runs_to_json(runs)) < 5000


def test_runs_read_from_an_item_are_frozen_hashable_and_whole() -> None:
    (run,) = runs_of_json(runs_to_json([night(1)]))
    assert {run: 1} == {night(1): 1}
    assert all(hasattr(run, field.name) for field in fields(Run))
    with pytest.raises(AttributeError):
        run.size = 5  # type: ignore[misc] # that is what must fail


def test_runs_written_before_a_column_existed_have_its_default_and_unknown_columns_are_ignored() -> None:
    written = {"id": ["a@1"], "source": "object", "target": "t", "outcome": "ok", "finished": 1767225600, "colour": "blue"}
    run = Run(id="a@1", source="object", target="t", outcome="ok", finished=datetime(2026, 1, 1, tzinfo=UTC))
    assert runs_of_json(json.dumps(written)) == (run,)


def test_a_fact_written_by_a_newer_version_is_read_without_what_is_unknown() -> None:
    finding = Finding(test="recent", level="alert", rule="slot_missed", says="Nothing came.", at=NOON)
    assert unpacked(Finding, {**packed(finding), "colour": "blue"}) == finding


def test_an_item_with_only_the_oldest_attributes_is_a_waiting_standing() -> None:
    assert standing_of({"job_id": {"S": "orders-db"}, "since": {"S": "2026-03-01T12:00:00Z"}}) == BARE


def test_an_item_without_any_date_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="'orders-db' has neither `first_seen` nor `since`"):
        standing_of({"job_id": {"S": "orders-db"}})


def test_the_table_shows_people_the_newest_good_run_and_the_one_before() -> None:
    runs = (night(3, outcome="failed"), night(1), night(2), night(4, gone=True))
    item = item_of(replace(BARE, runs=runs, recipients=("sam@example.com", "kim@example.com")))
    assert item["last_evidence_ts"] == {"S": "2026-01-22T12:00:00.000000Z"}
    assert (item["last_size"], item["prev_size"]) == ({"N": "1002"}, {"N": "1001"})
    assert item["owner"] == {"S": "sam@example.com"}


def test_what_says_nothing_is_no_attribute_so_the_indexes_stay_sparse() -> None:
    assert not {"due", "pending", "snooze_until", "answer", "runs", "findings", "last_size"} & item_of(BARE).keys()
    assert item_of(replace(BARE, due=NOON, pending=NOON)).keys() >= {"due", "pending", "fleet"}


@settings(max_examples=15, deadline=None)
@given(facts(Standing))
def test_a_save_owns_every_attribute_but_the_key_the_revision_and_what_dispatch_writes(standing: Standing) -> None:
    assert owned_of(standing).keys() <= OWNED
    assert {"job_id", "rev", *OF_DISPATCH} & OWNED == set()
    assert {field.name for field in fields(Standing)} >= NAMED | OF_DISPATCH


def test_dates_in_an_item_sort_as_text_whatever_zone_they_came_in() -> None:
    tokyo = NOON.astimezone(ZoneInfo("Asia/Tokyo")).replace(microsecond=1)
    earlier, later = item_of(replace(BARE, due=NOON))["due"]["S"], item_of(replace(BARE, due=tokyo))["due"]["S"]
    assert earlier < later
    assert len(earlier) == len(later)


def test_what_a_recipient_was_told_is_a_map_by_recipient() -> None:
    told = Told(say=3, break_id="b1", channel="D1", ts="1.2", at=NOON, user_id="U1")
    item = item_of(replace(BARE, told={"sam@example.com": told}))
    assert item["told"]["M"]["sam@example.com"]["M"]["say"] == {"N": "3"}
