"""Minutes that were written out say inside what they rest on, and are the same bytes by it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from docx import Document

from api.basis import HEADER, decoded
from tests.doors import case_in_england
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Script

KINDS = ("docx", "pdf")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


def asked(case: Script, kind: str, **headers: str) -> Any:  # noqa: ANN401 — any answer
    """Ask for the minutes of the conference as a file."""
    path = f"/v1/cases/{case.case}/conferences/{case.refs['initial']}/minutes?format={kind}"
    answer = case.doors.client.get(path, headers={"Holdfast-Role": "manager", **headers})
    assert answer.status_code == 200, answer.text
    return answer


def last_line_and_property(content: bytes, kind: str) -> tuple[str, str]:
    """Give the end of a file's text, and what it is described as."""
    if kind == "docx":
        document = Document(io.BytesIO(content))
        return document.paragraphs[-1].text, document.core_properties.comments
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.metadata is not None
    text = " ".join(reader.pages[-1].extract_text().split())
    return text, str(reader.metadata.subject)


def test_minutes_name_their_basis_inside(tell: Tell) -> None:
    """Origin, size, root, release and policy: the last line, and a property, of both kinds."""
    case = tell(case_in_england.met)
    for kind in KINDS:
        answer = asked(case, kind)
        told = decoded(answer.headers[HEADER])
        line, described = last_line_and_property(answer.content, kind)
        assert described.startswith(f"As known at position {told['size']} of {told['origin']}, ")
        for one in ("root", "release", "policy"):
            assert told[one] in described
        if kind == "docx":
            assert line == described
        else:
            assert f"As known at position {told['size']} of" in line
        assert f"the policy {told['policy']}." in line


def test_by_the_same_basis_they_are_the_same_bytes(tell: Tell) -> None:
    """Whatever was recorded since; without it they are of now, and say so."""
    case = tell(case_in_england.met)
    first = {kind: asked(case, kind) for kind in KINDS}
    case.doors.renamed(case.adult)
    for kind, answer in first.items():
        again = asked(case, kind, **{HEADER: answer.headers[HEADER]})
        assert again.content == answer.content
        now = asked(case, kind)
        assert now.content != answer.content
        size = decoded(now.headers[HEADER])["size"]
        assert f"position {size} of" in last_line_and_property(now.content, kind)[1]
