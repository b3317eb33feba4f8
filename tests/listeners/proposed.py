"""Proposals made for the tests of what people see: one of each kind, and whatever a hostile mail could hold."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from tests.listeners.made import MOMENTS, NASTY, NOW
from workflows.backup.joblist import COLUMNS
from workflows.kernel.proposal import Proposal, State

CELLS = {
    "job_id": "nightly-vms",
    "name": "Nightly VMs",
    "what": "14 virtual machines on esx-01",
    "group": "servers",
    "target": "report",
    "schedule": "daily 22:00",
    "timezone": "Asia/Singapore",
    "window": "26 h",
    "min_size": "1.5 TB",
    "report_from": "Veeam · nas-02 · Nightly VMs",
}
LEARNED = "Learned from 9 reports, 11–20 Nov: started 22:00–22:04, took 3–4 h, 3.1–3.3 TB"


def from_mail(**changes: Any) -> Proposal:
    proposal = Proposal(
        proposal_id="mail-0123456789abcdef",
        lane="mail",
        key="nightly-vms",
        cells=CELLS,
        created=NOW - timedelta(hours=1),
        learned=LEARNED,
        by="mail",
        rev=1,
    )
    return replace(proposal, **changes)


def from_heartbeat(**changes: Any) -> Proposal:
    cells = {"job_id": "laptop-kim", "name": "laptop-kim", "target": "heartbeat", "window": "26 h"}
    learned = "Seen once, Sat 21 Nov 14:05, ok, 4.2 GB; assumed daily until more is known"
    plain: dict[str, Any] = {"proposal_id": "hb-0123456789abcdef", "lane": "heartbeat", "key": "laptop-kim", "by": "heartbeat"}
    return from_mail(**(plain | {"cells": cells, "learned": learned} | changes))


def change(**changes: Any) -> Proposal:
    plain: dict[str, Any] = {
        "proposal_id": "slack-0123456789abcdef",
        "lane": "slack",
        "op": "change",
        "key": "orders-db",
        "by": "U0KIM",
        "learned": "",
        "cells": {"window": "2d", "min_size": "", "group": "database"},
        "expected_old": {"window": "26h", "min_size": "400MB", "group": ""},
    }
    return from_mail(**(plain | changes))


def decided(proposal: Proposal, state: State, **changes: Any) -> Proposal:
    at = NOW - timedelta(minutes=1)
    return replace(proposal, **({"state": state, "asked_at": at, "decided_at": at, "decided_by": "U0ANA"} | changes))


LATE = {"asked_at": NOW - timedelta(minutes=6), "decided_at": NOW - timedelta(minutes=6)}
THREE, MANY = ("orders-db", "crm-db", "nas-02"), tuple(f"job-{number}" for number in range(12))
PROPOSALS: dict[str, Proposal] = {
    "reading": from_mail(state="reading"),
    "from a mail": from_mail(),
    "from a heartbeat": from_heartbeat(),
    "from a person": from_mail(lane="slack", by="U0KIM", learned=""),
    "without a rhythm": from_mail(cells={"name": "Nightly VMs", "target": "report"}),
    "a change": change(),
    "perhaps one of three": from_mail(candidates=THREE),
    "perhaps one of many": from_mail(candidates=MANY),
    "not taken": from_mail(why="a row with this id was typed into the sheet meanwhile"),
    "adding": decided(from_mail(), "approving"),
    "changing": decided(change(), "approving"),
    "adding for long": decided(from_mail(), "approving", **LATE),
    "hindered": decided(from_mail(), "approving", why="the sheet has no column called target"),
    "added": decided(from_mail(), "approved"),
    "added with a key": decided(from_heartbeat(), "approved"),
    "changed": decided(change(), "approved", why="it said so already"),
    "discarded": decided(from_mail(), "discarded"),
    "change discarded": decided(change(), "discarded"),
}
NAMES = {"orders-db": "Orders database", "crm-db": "Customer database"}

_CELLS = st.dictionaries(st.sampled_from(COLUMNS) | NASTY, NASTY, max_size=16)
HOSTILE = st.builds(
    Proposal,
    proposal_id=st.just("mail-0123456789abcdef"),
    lane=st.sampled_from(["mail", "heartbeat", "slack", ""]),
    op=st.sampled_from(["add", "change"]),
    key=NASTY.map(lambda text: text[:80]),
    cells=_CELLS,
    expected_old=_CELLS,
    created=MOMENTS,
    state=st.sampled_from(get_args(State)),
    learned=NASTY,
    candidates=st.lists(st.text(alphabet="abc-_ü1", min_size=1, max_size=80), max_size=120, unique=True).map(tuple),
    by=NASTY | st.just("U0KIM"),
    asked_at=st.none() | MOMENTS,
    decided_by=st.just("") | st.just("U0ANA") | NASTY,
    decided_at=st.none() | MOMENTS,
    why=NASTY,
)
