"""Documents over HTTP: kept sealed, named by an entry, given out, and forgotten with somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from api.clock import entropy
from api.guard import MOST_BYTES
from domain.record.documents import MOST_BYTES as MOST_OF_A_DOCUMENT
from domain.record.keyring import forget
from tests.doors.conftest import Doors

NOTES = b"%PDF-1.7 What Ann said of the visits."


def put(doors: Doors, path: str, content: bytes = NOTES, **headers: str) -> Any:  # noqa: ANN401 — a response
    """Keep a document."""
    sent = {"Content-Type": "application/pdf", **{k.replace("_", "-"): headers[k] for k in headers}}
    return doors.client.put(path, content=content, headers=sent)


def a_place(doors: Doors, adult: str | None = None) -> tuple[str, str, str]:
    """Give a case with a conference called, the address of a document of it, and its number."""
    case, document = doors.case(adult), str(uuid4())
    body = {"command": {"conference": str(uuid4()), "kind": "initial", "planned_for": "2026-11-20"}}
    answer = doors.post(f"/v1/cases/{case}/convene-conference", body, version=1)
    assert answer.status_code == 201, answer.text
    return case, f"/v1/cases/{case}/documents/{document}", body["command"]["conference"]


def named(doors: Doors, case: str, conference: str, kept: Any) -> None:  # noqa: ANN401 — any JSON
    """Record the document as the raw notes of the meeting."""
    told = {"conference": conference, "document": kept["document"], "digest": kept["digest"]}
    answer = doors.post(f"/v1/cases/{case}/keep-raw-notes", {"command": told}, version=2)
    assert answer.status_code == 201, answer.text


def test_a_document_is_kept_then_named_then_given_out(shared: Doors) -> None:
    """Its bytes come back once an entry of the case names it; that leaves a trace (R16)."""
    case, path, conference = a_place(shared)
    answer = put(shared, path)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["bytes"], len(kept["digest"])) == (len(NOTES), 64)
    assert shared.client.get(path).status_code == 404  # nothing leads to it yet
    named(shared, case, conference, kept)
    again = shared.client.get(path)
    assert (again.content, again.headers["content-type"]) == (NOTES, "application/pdf")
    assert again.headers["content-disposition"] == "attachment"
    assert (again.headers["cache-control"], again.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )
    assert str(shared.readings()[-1].what) == "document"


def test_a_document_is_opened_through_no_other_case(doors: Doors) -> None:
    """Naming it in another case opens it for nobody: not past a restriction, nor past its trace."""
    case, path, conference = a_place(doors)
    kept = put(doors, path).json()
    named(doors, case, conference, kept)
    held = {"command": {"ground": "accuracy_contested"}}
    manager = {"Holdfast_Role": "manager"}
    held_back = doors.post(f"/v1/cases/{case}/restrict-processing", held, version=3, **manager)
    assert held_back.status_code == 201, held_back.text
    assert doors.client.get(path).status_code == 403
    other, elsewhere, meeting = a_place(doors)
    named(doors, other, meeting, kept)
    through = elsewhere.rpartition("/")[0] + f"/{kept['document']}"
    assert doors.client.get(through).status_code == 404
    assert put(doors, through).status_code == 422  # nor is its content confirmed there


def test_the_same_file_again_is_the_same_document(shared: Doors) -> None:
    """Who heard no answer sends it again; another file under that number is refused (I1)."""
    _case, path, _conference = a_place(shared)
    first, again = put(shared, path), put(shared, path)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = put(shared, path, b"Another file.")
    assert (other.status_code, other.json()["code"]) == (422, "already_recorded")


def test_a_document_may_be_larger_than_a_command_and_has_a_bound(shared: Doors) -> None:
    """A scan of several megabytes goes in; beyond the bound it is turned away, as is a command."""
    case, path, _conference = a_place(shared)
    assert put(shared, path, b"x" * (MOST_BYTES + 1)).status_code == 201
    elsewhere = f"/v1/cases/{case}/documents/{uuid4()}"
    length = str(MOST_OF_A_DOCUMENT + 1)
    declared = put(shared, elsewhere, Content_Length=length, Expect="100-continue")
    assert declared.status_code == 413
    assert "32 MiB" in declared.json()["detail"]
    command = shared.client.post(
        f"/v1/cases/{case}/convene-conference",
        content=b"x" * (MOST_BYTES + 1),
        headers={"Content-Type": "application/json"},
    )
    assert command.status_code == 413


def test_a_document_that_cannot_be_kept_says_why(shared: Doors) -> None:
    """A form, nothing, a type that is none, somebody the case does not name, or no such case."""
    _case, path, _conference = a_place(shared)
    for kind in (
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "pdf",
        "a b/c",
    ):
        answer = put(shared, path, Content_Type=kind)
        assert answer.status_code == 422, kind
        assert answer.json()["errors"][0]["pointer"] == "/header/Content-Type"
    assert put(shared, path, b"").json()["errors"][0]["detail"].startswith("There is nothing")
    stranger = put(shared, f"{path}?about={shared.person()}")
    assert stranger.json()["errors"][0]["pointer"] == "/query/about"
    assert put(shared, f"/v1/cases/{uuid4()}/documents/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("minute_taker", 201), ("practitioner", 201), ("analyst", 403), ("auditor", 403)],
)
def test_who_may_name_documents_may_keep_them(shared: Doors, role: str, status: int) -> None:
    """Whoever records nothing of a case hands nothing in; it is asked before the body is read."""
    _case, path, _conference = a_place(shared)
    assert put(shared, path, Holdfast_Role=role).status_code == status


def test_a_restricted_case_takes_and_gives_no_document(shared: Doors) -> None:
    """A restriction holds over its documents, kept before or not (L7)."""
    case, path, conference = a_place(shared)
    named(shared, case, conference, put(shared, path).json())
    ground = {"command": {"ground": "accuracy_contested"}}
    answer = shared.post(f"/v1/cases/{case}/restrict-processing", ground, version=3)
    assert answer.status_code == 201, answer.text
    assert shared.client.get(path).json()["type"] == "/problems/restricted"
    later = put(shared, f"/v1/cases/{case}/documents/{uuid4()}")
    assert later.json()["type"] == "/problems/restricted"


def test_a_document_is_forgotten_with_whom_it_is_about(doors: Doors) -> None:
    """Sealed where it lies; once the keys of somebody in it are gone nobody reads it (L9)."""
    adult = doors.person(name="Ann Example")
    case, path, conference = a_place(doors, adult)
    named(doors, case, conference, put(doors, f"{path}?about={adult}&about={case}").json())
    with doors.office.pool.connection() as conn:
        row = conn.execute("SELECT sealed FROM record.document").fetchone()
        assert row is not None
        assert NOTES[9:] not in bytes(row[0])
    assert doors.client.get(path).content == NOTES
    with doors.office.database.connect("holdfast_keeper") as conn:
        forget(conn, doors.office.wrapping, entropy, subjects=[UUID(adult)])
    gone = doors.client.get(path)
    assert (gone.status_code, gone.json()["detail"]) == (404, "This document was forgotten.")


def test_what_was_handed_out_is_opened_from_its_entry(shared: Doors) -> None:
    """A redacted copy, and an answer to somebody's own request, are opened again (R165, L2, L3)."""
    case, _path, conference = a_place(shared)

    def keep(content: bytes) -> tuple[str, str]:
        path = f"/v1/cases/{case}/documents/{uuid4()}"
        body = put(shared, path, content).json()
        return body["document"], body["digest"]

    def ask(version: int, name: str, role: str = "manager", **command: Any) -> str:  # noqa: ANN401
        path = f"/v1/cases/{case}/{name}"
        body = {"command": command}
        answer = shared.post(path, body, version=version, Holdfast_Role=role)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["positions"][-1])

    at = {"conference": conference}
    minutes, master = keep(b"Minutes.")
    copy, copied = keep(b"Minutes, with something left out.")
    given, digest = keep(b"Everything written about Ann.")
    request = str(uuid4())
    ask(2, "draft-minutes", **at, document=minutes, digest=master)
    ask(3, "approve-minutes", "chair", **at, document=minutes, master=master)
    cut = [{"ground": "third_party", "part": 1}]
    made = {"source": master, "copy": copied, "document": copy, "redactions": cut}
    redacted = ask(4, "produce-redacted-copy", "chair", **at, **made)
    ask(5, "receive-subject-access-request", request=request)
    said = {"request": request, "outcome": "given", "digest": digest, "document": given}
    answered = ask(6, "answer-subject-access-request", **said)
    entries = shared.get(f"/v1/cases/{case}/timeline").json()["entries"]
    named = {str(one["position"]): one["data"].get("document") for one in entries}
    assert (named[redacted], named[answered]) == (copy, given)
    for document, content in ((copy, b"Minutes, with something left out."), (given, b"Everything")):
        opened = shared.client.get(f"/v1/cases/{case}/documents/{document}")
        assert opened.status_code == 200, opened.text
        assert opened.content.startswith(content)
        assert str(shared.readings()[-1].what) == "document"
