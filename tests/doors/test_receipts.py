"""Receipts at the doors: what was recorded is proved to whoever keeps one, and stays so."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from api.cli import run
from api.office import Office
from api.proving import (
    HEAD_EVERY_S,
    INTEGRATOR,
    TAKE_IN_S,
    Prover,
    Proving,
    newest_head,
    proved,
    receipt,
    signers,
)
from domain.record.envelope import ENVELOPE_BYTES
from domain.record.migration import LOGS
from domain.record.proof.policy import read_policy
from domain.record.proof.receipt import read_receipt, verify_receipt
from domain.refusal import Corrupt, NotFound, Refused
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.test_tampering import behind


def made(office: Office) -> None:
    """Make and publish the heads of both logs, as the second process does."""
    for log in LOGS:
        with office.database.connect(INTEGRATOR) as conn:
            prover = Prover(office, log, conn)
            while not prover.lead():  # until the database has seen the one before go
                pass
            prover.step(head=True)


def test_a_command_is_answered_with_where_its_receipt_is(doors: Doors) -> None:
    """Whoever recorded something can have a receipt, which holds by the published policy alone."""
    person = doors.post("/v1/persons", {"command": {"details": {}}})
    links = person.json()["links"]
    assert links["receipt"] == f"/v1/receipts/cases/{person.json()['positions'][1]}"
    early = doors.get(links["receipt"])
    assert (early.status_code, early.headers["Retry-After"]) == (503, "2")
    made(doors.office)
    text = doors.get(links["receipt"])
    assert text.status_code == 200
    entry = doors.get(links["receipt"].replace("receipts", "entries")).content
    assert len(entry) == ENVELOPE_BYTES
    policy = read_policy((doors.office.settings.proof / "cases" / "policy").read_bytes())
    head = verify_receipt(read_receipt(text.content), entry, policy)
    assert head.size == person.json()["positions"][1]
    spoiled = entry[:-1] + bytes([entry[-1] ^ 1])
    with pytest.raises(ValueError, match="not the one at index"):
        verify_receipt(read_receipt(text.content), spoiled, policy)


def test_what_is_recorded_is_soon_covered_unasked(doors: Doors) -> None:
    """Taken in within a second and signed within five, as far as that is what we wait for."""
    assert 2 * TAKE_IN_S <= 1
    assert 2 * HEAD_EVERY_S + TAKE_IN_S <= 5
    with Proving(doors.office):
        doors.person()
        with doors.office.pool.connection() as conn:
            row = conn.execute('SELECT max("position") FROM record.cases').fetchone()
        assert row is not None
        for _ in range(600):
            head = newest_head(doors.office, "cases")
            if head is not None and head.size >= row[0]:
                return
            Event().wait(0.1)
    pytest.fail("no head covers it")


def test_a_receipt_stays_the_same(doors: Doors) -> None:
    """However much is recorded and signed later, the receipt of an entry is the same bytes."""
    doors.person()
    made(doors.office)
    first = doors.get("/v1/receipts/cases/1").content
    doors.person()
    made(doors.office)
    assert doors.get("/v1/receipts/cases/1").content == first
    checkpoint = doors.get("/v1/checkpoints/cases").text
    assert checkpoint != first.decode().partition("\n\n")[2]


def test_no_receipt_is_given_that_does_not_lead_to_its_head(
    doors: Doors, database: Database
) -> None:
    """Of an altered entry, and of one beside it, none is: the record is said to differ."""
    doors.person()
    made(doors.office)
    with behind(database) as conn:
        conn.execute('UPDATE record.cases SET recorded_us = recorded_us + 1 WHERE "position" = 2')
    for position in (1, 2):
        answer = doors.get(f"/v1/receipts/cases/{position}")
        assert (answer.status_code, answer.json()["type"]) == (500, "/problems/corrupt")
        assert "immutable" not in answer.headers.get("Cache-Control", "")
        with pytest.raises(Corrupt, match=f"no receipt of cases {position} can be given"):
            proved(doors.office, "cases", position)


def test_of_what_was_not_recorded_there_is_no_receipt(doors: Doors) -> None:
    """Beyond the end there is nothing, and no such log either."""
    for path in ("/v1/receipts/cases/999", "/v1/receipts/cases/0", "/v1/receipts/drafts/1"):
        assert doors.get(path).status_code in {404, 422}
    with pytest.raises(NotFound):
        receipt(doors.office, "cases", 999)


def test_looking_has_receipts_too(doors: Doors) -> None:
    """What was looked at stands in a tree of its own: a trace cannot be taken back either."""
    case = doors.case()
    doors.get(f"/v1/cases/{case}")
    text, entry = proved(doors.office, "readings", 1)
    policy = read_policy((doors.office.settings.proof / "readings" / "policy").read_bytes())
    assert verify_receipt(read_receipt(text), entry, policy).size >= 1


def test_a_lost_key_signs_nothing_and_stops_nothing(doors: Doors) -> None:
    """Where the signing key is gone its remedy is said, no other is made, and recording goes on."""
    made(doors.office)
    doors.office.settings.log_key_file.unlink()
    with pytest.raises(Refused, match="put back the key file"):
        signers(doors.office.settings, begun=True)
    doors.person()
    assert not doors.office.settings.log_key_file.exists()
    assert doors.get("/health").json()["proof"]["cases"]["behind"] > 0


def test_the_command_line_writes_a_receipt_and_its_entry(
    doors: Doors,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`holdfast receipt` makes the head itself where nobody leads, and puts both files down."""
    doors.person()
    for name, value in doors.office.settings.environ.items():
        monkeypatch.setenv(name, value)
    assert run(["receipt", "1", "--out", str(tmp_path / "kept")]) == 0
    policy = read_policy((doors.office.settings.proof / "cases" / "policy").read_bytes())
    kept = read_receipt((tmp_path / "kept" / "cases-1.tlog-proof").read_bytes())
    entry = (tmp_path / "kept" / "cases-1.entry").read_bytes()
    assert verify_receipt(kept, entry, policy).size >= 1
    assert run(["receipt", "1", "--log", "drafts"]) != 0
    assert run(["receipt", "99999"]) != 0
