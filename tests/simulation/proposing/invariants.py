"""What must hold after every step: read from the sheet, the channel and the mailboxes, not from our own words about them."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.broken import Broken
from tests.simulation.proposing.company import CHANNEL, TABLE, Company
from tests.simulation.proposing.people import APPROVERS
from tests.simulation.proposing.summaries import CHANNEL as SUMMARIES
from workflows.kernel.proposal import OPEN, Proposal

SHOWN_WITHIN = timedelta(minutes=30)
"""A tick comes each minute; the rest is for processes that die and answers that get lost, several times in a row."""

DONE_WITHIN = timedelta(hours=2)
"""The schedule of the sheet comes every few minutes, and may fail."""

CARD_WITHIN = timedelta(hours=5)
"""Of a flood, ten get their cards within each hour."""


class Invariants:
    """Called after every step; remembers since when something is not as it should become."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, ...], datetime] = {}
        self._discarded: set[str] = set()

    def __call__(self, company: Company) -> None:
        proposals = {one.proposal_id: one for one in company.proposals.every()}
        rows = Counter(row[0] for row in company.google.grid[1:])
        self._rows_are_as_decided(company, proposals, rows)
        self._what_was_discarded_stays_so(company, proposals, rows)
        self._cards_are_true(company, proposals)
        self._nothing_seen_is_lost(company, proposals)
        self._nothing_told_twice(company)
        self._summaries_are_whole(company)

    def _lasts(self, company: Company, holds: bool, longest: timedelta, *what: str) -> bool:
        """Whether this has been so for longer than it may."""
        if not holds:
            self._since.pop(what, None)
            return False
        return company.now - self._since.setdefault(what, company.now) > longest

    def _rows_are_as_decided(self, company: Company, proposals: dict[str, Proposal], rows: Counter[str]) -> None:
        if doubled := [key for key, count in rows.items() if count > 1]:
            raise Broken(f"these rows are in the sheet twice: {doubled}")
        mirrored = company.documents.read(TABLE.key)
        listed = {line.split(",")[0] for line in mirrored.text.splitlines()} if mirrored else set()
        for one in proposals.values():
            told = [entry for entry in company.proposals.history(one.key) if entry.after.get("proposal") == one.proposal_id]
            decisions = [entry.by for entry in told if entry.after["state"] == "approving"]
            if rows[one.key] and not APPROVERS & set(decisions):
                raise Broken(f"{one.key} is in the sheet, and nobody approved it")
            states = [(entry.before.get("state", ""), entry.after["state"]) for entry in told]
            if [before for before, _ in states] != ["", *(after for _, after in states[:-1])] or states[-1][1] != one.state:
                raise Broken(f"{one.proposal_id} is {one.state}, its audit says {states}")
            if one.state == "approved" and not (rows[one.key] and one.key in listed):
                raise Broken(f"{one.proposal_id} is said to be on the list, and is not")
            could_be = one.state == "approving" and not company.google_is_silent
            if self._lasts(company, could_be, DONE_WITHIN, "approving", one.proposal_id):
                raise Broken(f"{one.proposal_id} was approved at {one.decided_at}, and is not added: {one.why}")

    def _what_was_discarded_stays_so(self, company: Company, proposals: dict[str, Proposal], rows: Counter[str]) -> None:
        for one in proposals.values():
            if one.proposal_id in self._discarded and one.state in OPEN:
                raise Broken(f"{one.proposal_id} was discarded, and is proposed again")
            if one.state == "discarded":
                self._discarded.add(one.proposal_id)
            hidden = one.state == "discarded" and rows[one.key] > 0 and not company.google_is_silent
            if self._lasts(company, hidden, DONE_WITHIN, "hidden", one.proposal_id):
                raise Broken(f"{one.proposal_id} is said to be discarded, and its row is in the sheet")

    def _cards_are_true(self, company: Company, proposals: dict[str, Proposal]) -> None:
        posted = [_facts(one.message.text) for one in company.messenger.messages if one.channel == CHANNEL]
        cards = [facts for facts in posted if "proposal" in facts]
        shown = {facts["proposal"]: facts for facts in cards}
        waits = [facts for facts in posted if "waiting" in facts][-1:]
        if len(shown) < len(cards):
            raise Broken(f"two cards of one proposal: {[facts['proposal'] for facts in cards]}")
        waiting = {one.proposal_id for one in proposals.values() if one.state == "pending" and one.proposal_id not in shown}
        for one in proposals.values():
            facts = shown.get(one.proposal_id)
            untrue = facts is not None and (facts["state"], facts["cells"]) != (one.state, dict(one.cells))
            if self._lasts(company, untrue, SHOWN_WITHIN, "untrue", one.proposal_id):
                raise Broken(f"the card of {one.proposal_id} shows {facts}, and it is {one.state} {one.cells}")
            cardless = one.state in OPEN and facts is None
            if self._lasts(company, cardless, CARD_WITHIN, "cardless", one.proposal_id):
                raise Broken(f"{one.proposal_id} is {one.state} since {one.created}, and has no card")
            unnamed = cardless and not any(one.proposal_id in told["waiting"] for told in waits)
            if self._lasts(company, unnamed, SHOWN_WITHIN, "unnamed", one.proposal_id):
                raise Broken(f"{one.proposal_id} has no card since {one.created}, and is not told to wait: {waits}")
        untrue = bool(waits) and set(waits[0]["waiting"]) != waiting
        if self._lasts(company, untrue, SHOWN_WITHIN, "waiting"):
            raise Broken(f"{waits[0]} are told to wait, {sorted(waiting)} do")

    def _nothing_seen_is_lost(self, company: Company, proposals: dict[str, Proposal]) -> None:
        proposed = {one.key for one in proposals.values()}
        if lost := company.accepted - proposed:
            raise Broken(f"these check-ins were taken, and nothing came of it: {lost}")
        discarded = {one.key for one in proposals.values() if one.state == "discarded"}
        seen = {str(sighting["ref"]): one for one in proposals.values() for sighting in one.seen}
        recorded = Counter(
            run.ref for one in company.jobs if one.lane == "mail" for run in company.check_ins.since(one.job_id, None)
        )
        if doubled := [ref for ref, count in recorded.items() if count > 1]:
            raise Broken(f"these mails are two runs: {doubled}")
        for ref in company.read:
            one = seen.get(ref)
            if one is None and ref not in recorded and ref.split()[0] not in discarded:
                raise Broken(f"{ref} was read, and nothing came of it")
            runless = one is not None and one.state == "approved" and ref not in recorded
            if self._lasts(company, runless, DONE_WITHIN, "runless", ref):
                raise Broken(f"the job of {ref} is on the list, and this run is missing")

    def _nothing_told_twice(self, company: Company) -> None:
        posted = Counter(one.message_id for one in company.messenger.messages)
        if doubled := [message_id for message_id, count in posted.items() if count > 1]:
            raise Broken(f"posted twice: {[one.message.text for one in company.messenger.messages if one.message_id in doubled]}")
        rows = {row.id: row for row in company.ledger.rows()}
        if missing := [one.message.text for one in company.messenger.messages if one.message_id not in rows]:
            raise Broken(f"not in the ledger: {missing}")

    def _summaries_are_whole(self, company: Company) -> None:
        told = [_facts(one.message.text) for one in company.messenger.messages if one.channel == SUMMARIES]
        pages = Counter((facts["edition"], facts["page"]) for facts in told)
        if any(count > 1 for count in pages.values()):
            raise Broken(f"a page of a summary was told twice: {pages}")
        mailed = [_facts(sent.letter.text) for sent in company.mailer.sent]
        versions = {(facts["edition"], facts["written"]) for facts in (*told, *mailed)}
        if len(versions) > len({edition for edition, _ in versions}):
            raise Broken(f"what was told of one morning is not one summary: {sorted(versions)}")


def _facts(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(text)
    return facts
