"""A job that is on no list checks in with the enrolment key, proposes itself, and later uses a key of its own."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bolt_app.adapters.memory.proposals import MemoryProposals
from tests.flows.desk import ENROLMENT, JOB, KEYS, MASTER, NOW, Desk, RememberedKeys, payload, ping, signed
from workflows.backup.heartbeat import Keys, sign
from workflows.backup.proposing import heartbeat_id
from workflows.backup.standing import Standing, State
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import AuditEntry, Json
from workflows.kernel.proposal import Proposal

DAY = timedelta(days=1)


def by_address(rest: str = "", *, create: bool = True, job_id: str = JOB) -> Json:
    return ping(rest, key=KEYS.enrolment_path, job_id=job_id, query="create=1" if create else "")


def by_signature(body: str = "", *, job_id: str = JOB, at: datetime = NOW) -> Json:
    return signed(body, job_id=job_id, at=at, key=ENROLMENT)


def listed(desk: Desk, first_seen: datetime, state: State = "all_green") -> None:
    desk.standings.save(Standing(job_id=JOB, first_seen=first_seen, since=first_seen, state=state), None)


def proposal_of(desk: Desk, job_id: str = JOB) -> Proposal:
    found = desk.proposals.get(heartbeat_id(job_id))
    assert found is not None
    return found


def approve(desk: Desk, at: datetime) -> None:
    desk.proposals.save(replace(proposal_of(desk), state="approved", decided_by="U0ANA", decided_at=at), None)


def published(desk: Desk) -> list[str]:
    return [event.kind for event in desk.bus.published]


def test_a_signed_check_in_of_an_unknown_job_is_recorded_and_proposes_it() -> None:
    desk = Desk()

    status, body = desk.answer(by_signature('{"size": "1.2 GB"}'))

    assert (status, body["recorded"]) == (200, True)
    assert "not on the list yet" in body["note"]
    assert [one.size for one in desk.recorded()] == [1_200_000_000]
    proposal = proposal_of(desk)
    assert (proposal.key, proposal.cells["job_id"], proposal.cells["target"]) == (JOB, JOB, "heartbeat")
    assert [(one["outcome"], one["size"]) for one in proposal.seen] == [("ok", 1_200_000_000)]
    assert published(desk) == ["bk.proposal"]


def test_an_address_with_create_proposes_as_well() -> None:
    desk = Desk()

    assert desk.told(by_address("/start"))[0] == 200
    assert desk.told(by_address("/1"), NOW + timedelta(minutes=5))[0] == 200

    assert [one["outcome"] for one in proposal_of(desk).seen] == ["unknown", "failed"]
    assert len(desk.recorded()) == 2


def test_without_create_an_address_of_an_unknown_job_finds_nothing() -> None:
    desk = Desk()

    assert desk.told(by_address(create=False))[0] == 404
    assert desk.recorded() == []
    assert desk.proposals.open() == []
    assert published(desk) == []


def test_starts_and_logs_propose_once_and_teach_nothing_more() -> None:
    desk = Desk()

    for minutes, rest in enumerate(("/start", "/log", "/start", "")):
        assert desk.told(by_address(rest), NOW + timedelta(minutes=2 * minutes))[0] == 200

    assert [one["outcome"] for one in proposal_of(desk).seen] == ["unknown", "ok"]


def test_every_new_id_is_one_proposal_however_often_it_checks_in() -> None:
    desk = Desk()

    for night in range(3):
        for job_id in ("crm-db", "files"):
            assert desk.told(by_address(job_id=job_id), NOW + night * DAY)[0] == 200

    assert sorted(one.key for one in desk.proposals.open()) == ["crm-db", "files"]
    assert len(proposal_of(desk, "files").seen) == 3


class OnceDeaf(MemoryProposals):
    """Stores nothing the first time."""

    deaf = True

    def save(self, proposal: Proposal, audit: AuditEntry | None) -> None:
        if self.deaf:
            self.deaf = False
            raise Unanswered("ReadTimeout")
        super().save(proposal, audit)


def test_an_exact_repeat_teaches_nothing_and_makes_a_lost_proposal_good() -> None:
    desk = Desk()
    desk.proposals = OnceDeaf()
    request = by_signature('{"status": "ok"}')

    assert desk.ask(request)["statusCode"] == 503
    assert desk.answer(request)[1]["recorded"] is False
    assert desk.answer(request)[1]["recorded"] is False

    assert len(proposal_of(desk).seen) == 1
    assert len(desk.recorded()) == 1


def test_after_approval_the_enrolment_key_counts_for_two_weeks_and_says_what_to_use() -> None:
    desk = Desk()
    desk.answer(by_signature())
    approve(desk, NOW)

    status, body = desk.answer(by_signature(at=NOW + DAY), NOW + DAY)
    assert (status, f"/backup key {JOB}" in body["note"], "2026-03-19" in body["note"]) == (200, True, True)
    assert published(desk)[-1] == "bk.check"
    listed(desk, NOW + timedelta(minutes=3))
    assert desk.told(by_address(create=False), NOW + 14 * DAY)[0] == 200

    status, says = desk.told(by_address(), NOW + 15 * DAY)
    assert (status, "/backup key" in says) == (401, True)
    assert desk.ask(by_signature(at=NOW + 15 * DAY), NOW + 15 * DAY)["statusCode"] == 401
    assert desk.told(ping(), NOW + 15 * DAY) == (200, "OK")
    assert len(desk.recorded()) == 4


def test_a_row_that_was_typed_counts_like_an_approval() -> None:
    desk = Desk()
    listed(desk, NOW - 13 * DAY)

    assert "2026-03-06" in desk.told(by_address(create=False))[1]
    assert desk.ask(by_address(), NOW + 2 * DAY)["statusCode"] == 401
    assert desk.proposals.open() == []


def test_an_old_job_that_was_approved_anew_may_begin_with_the_enrolment_key() -> None:
    desk = Desk()
    desk.answer(by_signature())
    approve(desk, NOW)
    listed(desk, NOW - 400 * DAY)

    assert desk.told(by_address(create=False), NOW + DAY)[0] == 200


def test_a_job_that_was_taken_off_the_list_is_recorded_and_proposed_again() -> None:
    desk = Desk()
    listed(desk, NOW - 400 * DAY, state="off_list")

    assert desk.told(by_address())[0] == 200
    assert len(desk.proposals.open()) == 1


def test_a_discarded_job_is_recorded_and_makes_no_second_card() -> None:
    desk = Desk()
    desk.answer(by_signature())
    desk.proposals.save(replace(proposal_of(desk), state="discarded", decided_by="U0ANA", decided_at=NOW), None)
    desk.bus.take()

    assert desk.answer(by_signature(at=NOW + DAY), NOW + DAY)[0] == 200
    assert len(desk.recorded()) == 2
    assert desk.proposals.open() == []
    assert published(desk) == []


@pytest.mark.parametrize("job_id", ["../etc", "a b", "-x", "#fleet", "x" * 81, "=cmd()", "a<b", ".hidden", "новый|файл"])
def test_an_id_that_no_row_could_have_is_not_proposed(job_id: str) -> None:
    desk = Desk()

    assert desk.ask(by_signature(job_id=job_id))["statusCode"] in {400, 404}
    assert desk.told(payload(path=f"/{KEYS.enrolment_path}/{job_id.replace('/', '%5C')}", query="create=1"))[0] == 404
    assert desk.proposals.open() == []
    assert published(desk) == []


@pytest.mark.parametrize("enrolment", ["", "short"])
def test_without_an_enrolment_key_worth_its_name_nobody_enrols(enrolment: str) -> None:
    keys = Keys(master=MASTER, enrolment=enrolment)
    desk = Desk(RememberedKeys(keys))

    assert desk.ask(signed(b"", key=enrolment or "x"))["statusCode"] == 401
    assert desk.ask(payload(path=f"/{keys.enrolment_path}/{JOB}", query="create=1"))["statusCode"] == 404
    assert desk.told(by_address())[0] == 404
    assert desk.proposals.open() == []


def test_a_shared_signature_is_not_read_as_that_of_another_job() -> None:
    """Under one key, `a.b` saying status=ok and `a` saying b.status=ok are signed alike."""
    desk = Desk()
    seconds = int(NOW.timestamp())
    captured = sign(ENROLMENT, seconds, "a.b", "status=failed")
    headers = {"x_backup_timestamp": str(seconds), "x_backup_signature": captured}

    assert desk.ask(payload(b"b.status=failed", path="/a", **headers))["statusCode"] == 401  # type: ignore[arg-type]
    assert desk.ask(payload(b"status=failed", path="/a.b", **headers))["statusCode"] == 200  # type: ignore[arg-type]


def test_the_enrolment_key_does_not_open_addresses_nor_its_address_sign() -> None:
    desk = Desk()

    assert desk.told(ping(key=ENROLMENT, query="create=1"))[0] == 404
    assert desk.ask(signed(b"", key=KEYS.enrolment_path))["statusCode"] == 401
    assert desk.proposals.open() == []


def test_a_path_form_that_is_switched_off_is_off_for_enrolment_too() -> None:
    desk = Desk(RememberedKeys(Keys(master=MASTER, enrolment=ENROLMENT, path_off=frozenset({"*"}))))

    assert desk.told(by_address())[0] == 403
    assert desk.proposals.open() == []
