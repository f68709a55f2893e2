"""What was handed out is given again from the store, as it was, whatever release asks."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from api import basis
from tests.doors.conftest import Doors
from tests.doors.given_out import file_of, give, line
from tests.doors.test_documents import a_place, put

MANAGER = {"Holdfast_Role": "manager"}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 — a function
    """Give what makes this process one of a later release."""
    return lambda: monkeypatch.setattr(basis, "release", lambda: "9.9.9")


def named(doors: Doors, case: str) -> dict[str, str]:
    """Give the digest that entries of a case name for each document."""
    entries = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    said = [one["data"] for one in entries if one["data"].get("document")]
    digests = ((str(one["document"]), one.get("copy") or one.get("digest")) for one in said)
    return {document: digest for document, digest in digests if digest}


def digest_of(doors: Doors, case: str, document: str) -> str:
    """Give the digest of a document as it is kept, of its key and its content; it is held to it."""
    return str(doors.office.documents.read(UUID(document), UUID(case)).digest)


def test_a_timeline_given_out_is_its_bytes_in_a_later_release(doors: Doors, later: Any) -> None:  # noqa: ANN401
    """Made anew it names the later release; what was given out is what it was."""
    case = doors.case(doors.person(name="Ann Example"))
    line(doors, case, "2024-03-02", "Called.")
    first = give(doors, case)
    content = file_of(doors, first)
    as_at = str(first["basis"]["as_at"])
    assert give(doors, case, as_at=as_at)["sha256"] == first["sha256"]
    later()
    anew = give(doors, case, as_at=as_at)
    assert (anew["basis"]["release"], anew["sha256"] != first["sha256"]) == ("9.9.9", True)
    kept = file_of(doors, first)
    assert kept == content
    assert sha256(kept).hexdigest() == first["sha256"]
    assert digest_of(doors, case, first["given_out"][0]["document"]) in named(doors, case).values()


def test_disclosures_and_circulated_copies_are_their_bytes_in_a_later_release(
    doors: Doors,
    later: Any,  # noqa: ANN401
) -> None:
    """Each by the digest that its entry names: a copy of minutes, a disclosure, an answer."""
    case, _path, conference = a_place(doors)
    kept: dict[str, tuple[str, bytes]] = {}

    def keep(content: bytes) -> dict[str, str]:
        body = put(doors, f"/v1/cases/{case}/documents/{uuid4()}", content).json()
        kept[body["document"]] = (body["digest"], content)
        return {"document": body["document"], "digest": body["digest"]}

    def ask(name: str, role: str = "manager", **command: Any) -> None:  # noqa: ANN401
        version = doors.get(f"/v1/cases/{case}").json()["version"]
        body = {"command": command, "occurred": "2026-11-02"}
        answer = doors.post(f"/v1/cases/{case}/{name}", body, version=version, Holdfast_Role=role)
        assert answer.status_code == 201, answer.text

    drafted, copied = keep(b"Minutes."), keep(b"Minutes, with something left out.")
    at = {"conference": conference, "document": drafted["document"]}
    ask("draft-minutes", **{**at, "digest": drafted["digest"]})
    ask("approve-minutes", "chair", **{**at, "master": drafted["digest"]})
    cut = [{"ground": "third_party", "part": 1}]
    copy = {"source": drafted["digest"], "copy": copied["digest"], "redactions": cut}
    ask(
        "produce-redacted-copy",
        "chair",
        conference=conference,
        document=copied["document"],
        **copy,
    )
    disclosed = {"to": "police", "organisation": "police", **keep(b"What the police were sent.")}
    ask("make-disclosure", **disclosed, manifest=[{"entry": 1, "form": "as_recorded"}])
    later()
    for document, (digest, content) in kept.items():
        answer = doors.get(f"/v1/cases/{case}/documents/{document}")
        assert answer.content == content
        assert digest_of(doors, case, document) == digest
        assert named(doors, case)[document] == digest
