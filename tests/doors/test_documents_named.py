"""What an entry says of a document that is kept here is true of it when it is recorded."""

from __future__ import annotations

from uuid import uuid4

from tests.doors.conftest import Doors
from tests.doors.test_documents import NOTES, a_place, named, put


def test_a_document_is_named_by_its_own_digest(shared: Doors) -> None:
    """Another digest is a mistake that nobody could put right later: it is turned away."""
    case, path, conference = a_place(shared)
    kept = put(shared, path).json()
    told = {"conference": conference, "document": kept["document"], "digest": "0" * 64}
    answer = shared.post(f"/v1/cases/{case}/keep-raw-notes", {"command": told}, version=2)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.json()["errors"][0]["pointer"] == "/command/document"
    named(shared, case, conference, kept)
    assert shared.client.get(path).content == NOTES


def test_a_number_that_an_entry_gave_to_another_file_is_not_taken(shared: Doors) -> None:
    """What was named before it was kept has a digest that no file kept here will have."""
    case, path, conference = a_place(shared)
    number = path.rpartition("/")[2]
    named(shared, case, conference, {"document": number, "digest": "0" * 64})
    answer = put(shared, path)
    assert (answer.status_code, answer.json().get("code")) == (422, "already_recorded")
    assert put(shared, f"/v1/cases/{case}/documents/{uuid4()}").status_code == 201
