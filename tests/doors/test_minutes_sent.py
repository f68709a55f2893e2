"""The minutes say who has them and what was asked to be changed, and no copy more than it may."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pypdf
import pytest
from docx import Document

from api.clocks import Typed, read_clocks
from api.minutes.amended import NOT_TOLD
from api.minutes.circulated import HEADS, NOT_NAMED
from api.minutes.drafted import Copy, drafted
from api.minutes.word import word
from api.standing import stands
from domain.words import ConferenceRef
from tests.doors import case_in_england
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Script, digest
from tests.doors.scripts.reading import pdf_text, word_text

NOT_SAID = "Not said in this copy"
FIRST = "Approved on 3 December 2026"
HAS, CHANGED = "Who has these minutes", "What was asked to be changed in the minutes"


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


def asked(case: Script, **query: Any) -> bytes:  # noqa: ANN401 — as a client takes them
    """Ask for the minutes of the conference as a file."""
    path = f"/v1/cases/{case.case}/conferences/{case.refs['initial']}/minutes"
    answer = case.doors.client.get(path, params=query, headers={"Holdfast-Role": "manager"})
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def of(text: str, title: str) -> str:
    """Give a section of a Word file: what stands between its heading and the next."""
    titles = (CHANGED, HAS)
    assert title in text, title
    told = text.split(f"{title}\n", 1)[1]
    for other in titles:
        told = told.split(f"{other}\n", 1)[0]
    return told


def rows(case: Script, **query: Any) -> list[list[str]]:  # noqa: ANN401 — as above
    """Give the rows of the list of who has the minutes, without its heads."""
    document = Document(io.BytesIO(asked(case, format="docx", **query)))
    for table in document.tables:
        told = [[cell.text for cell in row.cells] for row in table.rows]
        if told[0] == list(HEADS):
            return told[1:]
    return []


def somebody_apart(case: Script) -> None:
    """Have somebody come to the part for professionals alone, and send them the minutes."""
    conference = case.refs["initial"]
    guest: Any = {"role": "fire", "organisation": "fire-service", "name": "Ann Example"}
    made = case.ask("invite-participant", conference=conference, parts=[1], **guest)
    who: Any = {"participant": made["participant"], "role": "fire"}
    who |= {"organisation": "fire-service"}
    line = {**who, "attendance": "attended", "delegated_authority": "yes"}
    case.ask("record-attendance", by="minute_taker", conference=conference, part=1, line=line)
    master = digest(f"the approved minutes of {conference}")
    copies: Any = {"copy": master, "source": master, "method": "post"}
    copies |= {"basis": "information_sharing"}
    sent = [{**who, **copies, "parts": [1]}]  # whatever is said of it, it is the whole
    case.ask("circulate-minutes", by="minute_taker", conference=conference, recipients=sent)


def refused_to_family(case: Script) -> None:
    """Decide that a relative shall not have the minutes."""
    why = "He asks her for money when he knows what was said."
    refusal: Any = {"role": "family", "reason": "raises_risk", "rationale": why}
    case.ask("withhold-minutes", by="chair", conference=case.refs["initial"], **refusal)


def ask_for_change(case: Script, number: int, wanted: str, **more: Any) -> str:  # noqa: ANN401
    """Ask for a passage to be amended, as the provider; give the amendment."""
    provider = case.refs["initial-provider"]
    who: Any = {"participant": provider, "role": "provider", "organisation": "care-provider"}
    what: Any = {"passage": number, "wanted": wanted, **who, **more}
    return case.ask("request-minute-amendment", conference=case.refs["initial"], **what)[
        "amendment"
    ]


def write(case: Script, number: int, part: int, text: str) -> None:
    """Write a passage of what was said in a part."""
    where: Any = {"conference": case.refs["initial"], "section": "discussion"}
    case.ask("write-minute-passage", number=number, part=part, text=text, origin="typed", **where)


def test_the_minutes_say_who_has_them(tell: Tell) -> None:
    """Each copy: to whom, in what capacity, which parts, and what is left out and why (R157)."""
    case = tell(case_in_england.met)
    somebody_apart(case)
    refused_to_family(case)
    assert ["Police", "3 December 2026", FIRST, "All of it", "Nothing"] in rows(case)
    (neighbour,) = [one for one in rows(case) if one[0].startswith("Representative")]
    assert neighbour[3] == "Part 2"
    assert neighbour[4].startswith("Part 1: a part the recipient did not attend, decided by ")
    (fire,) = [one for one in rows(case) if "Ann Example" in one[0]]
    assert (fire[0], fire[3]) == (
        "Fire and rescue service, Ann Example (Fire service)",
        "All of it",
    )
    text = of(word_text(asked(case, format="docx")), HAS)
    assert "Refused the minutes:\nFamily member: it would raise the risk" in text
    assert "He asks her for money" not in text


def test_of_each_recipient_it_is_said_which_minutes_they_have(tell: Tell) -> None:
    """Approved anew, the list and the ledger say who has the earlier, and who the new (R152)."""
    case = tell(case_in_england.met)
    about: Any = {"conference": case.refs["initial"]}
    new = digest("the minutes as amended")
    made = case.ask("draft-minutes", by="minute_taker", digest=new, **about)
    case.ask("approve-minutes", by="chair", document=made["document"], master=new, **about)
    police: Any = {"role": "police", "organisation": "police", "basis": "information_sharing"}
    police |= {"participant": case.refs["initial-police"], "copy": new, "source": new}
    draft: Any = {**police, "unapproved_draft": True}
    for copy in (police, draft):
        case.ask("circulate-minutes", by="minute_taker", recipients=[copy], **about)
    of: dict[str, list[str]] = {}
    for one in rows(case):
        of.setdefault(one[0], []).append(one[2])
    earlier = f"{FIRST}, replaced since"
    first, second, third = of.pop("Police")
    assert (first, third) == (earlier, "A draft, not approved")
    assert second.startswith("Approved on ")
    assert "replaced" not in second
    assert {said for every in of.values() for said in every} == {earlier}
    path = f"/v1/cases/{case.case}/circulation"
    told = case.doors.get(path, **{"Holdfast-Role": "manager"}).json()["holders"]
    copies = [one for one in told if one["what"] == "minutes"]
    replaced = [one["edition"] and one["edition"]["replaced"] for one in copies]
    assert replaced == [*[True] * (len(copies) - 2), False, None]
    assert copies[0]["edition"]["approved"]["edtf"] == "2026-12-03"


def test_how_a_copy_went_is_in_no_minutes(tell: Tell) -> None:
    """By what means and to where somebody had theirs is nobody's but theirs (R166)."""
    case = tell(case_in_england.met)
    text = of(word_text(asked(case, format="docx")), HAS)
    assert "mail" not in text
    assert "ost" not in text.replace("most", "")


def test_a_copy_names_nobody_it_does_not_show(tell: Tell) -> None:
    """Who was apart, was refused, or asked to a part left out stands nowhere in it (R165, G5)."""
    case = tell(case_in_england.met)
    somebody_apart(case)
    refused_to_family(case)
    late: Any = {"role": "housing", "organisation": "housing-office", "name": "Bo Example"}
    case.ask("invite-participant", conference=case.refs["initial"], parts=[1], **late)
    whole = word_text(asked(case, format="docx"))
    copy = case.versions["produce-redacted-copy"]
    told: tuple[str, ...] = ("Ann Example", "Fire service", "Bo Example", "raise the risk")
    for query in ({"part": 2}, {"copy": copy}, {"part": 2, "copy": copy}):
        text = word_text(asked(case, format="docx", **query))
        seen = pdf_text(pypdf.PdfReader(io.BytesIO(asked(case, format="pdf", **query))))
        for words in told:
            assert words in whole, words
            assert words not in text, (query, words)
            assert words not in seen, (query, words)
        assert NOT_NAMED in text
        assert ["Police", "3 December 2026", NOT_SAID] in [
            [*one[:2], one[3]] for one in rows(case, **query)
        ]
    theirs = word_text(asked(case, format="docx", part=1))
    assert "Ann Example" in of(theirs, HAS)
    assert "Representative" not in of(theirs, HAS)


def test_what_others_hold_is_not_said_in_a_copy(tell: Tell) -> None:
    """Of its own it says the ground; of the others' nothing, nor which parts (R165)."""
    case = tell(case_in_england.met)
    copy = case.versions["produce-redacted-copy"]
    cells = {one[0]: one[4] for one in rows(case, part=2, copy=copy)}
    theirs = next(said for who, said in cells.items() if who.startswith("Representative"))
    assert theirs.startswith("Part 1: a part the recipient")
    assert cells["Police"] == NOT_SAID
    assert {(one[3], one[4]) for one in rows(case, part=2)} == {(NOT_SAID, NOT_SAID)}


def test_the_list_is_closed_with_who_was_there_or_by_itself(tell: Tell) -> None:
    """Where the attendance is left out, so is who has the minutes; or the list alone (R165)."""
    case = tell(case_in_england.met)
    conference = case.refs["initial"]
    master = digest(f"the approved minutes of {conference}")
    for number, section in enumerate(("attendance", "circulation")):
        cut = [{"ground": "serious_harm", "sections": [section]}]
        copies: Any = {"source": master, "copy": f"{number}" * 64, "redactions": cut}
        case.ask("produce-redacted-copy", by="chair", conference=conference, **copies)
        version = case.versions["produce-redacted-copy"]
        assert rows(case, copy=version) == []
        text = of(word_text(asked(case, format="docx", copy=version)), HAS)
        said = NOT_NAMED if section == "attendance" else "Withheld. Nobody is recorded"
        assert text.startswith(said)


def test_what_was_asked_to_be_changed_is_told_with_its_answer(tell: Tell) -> None:
    """Who asked for what and why, accepted and refused alike, with the reasons (R152, R154)."""
    case = tell(case_in_england.met)
    write(case, 1, 2, "Two visits were missed.")
    accepted = ask_for_change(case, 1, "That it was one.", reason="The rota has one.")
    refused = ask_for_change(case, 1, "That it was none.")
    open_one = ask_for_change(case, 1, "That the van broke down.")
    about: Any = {"by": "chair", "conference": case.refs["initial"]}
    case.ask("accept-minute-amendment", amendment=accepted, reason="It was one.", **about)
    case.ask("refuse-minute-amendment", amendment=refused, **about)
    assert open_one
    text = of(word_text(asked(case, format="docx")), CHANGED)
    asker = "Care provider"
    assert f"1 | {asker} | Passage 1: That it was one. | The rota has one. | Accepted by " in text
    assert ": It was one." in text
    assert f"2 | {asker} | Passage 1: That it was none. |  | Refused by " in text
    assert ": the reason is not recorded" in text
    assert "Not answered; an answer is due by " in text
    case.ask("refuse-minute-amendment", amendment=refused, reason="Both were seen.", **about)
    again = of(word_text(asked(case, format="docx")), CHANGED)
    assert again.count("Refused by ") == 2
    assert ": Both were seen." in again


def test_a_copy_has_no_change_of_what_it_does_not_have(tell: Tell) -> None:
    """A request about a part left out, in any wording, or about no passage, is withheld (R165)."""
    case = tell(case_in_england.met)
    write(case, 1, 1, "The bank has pictures.")
    write(case, 2, 2, "She was heard.")
    write(case, 3, 1, "It was said apart at first.")
    write(case, 3, 2, "It was said to her as well.")
    ask_for_change(case, 1, "That the pictures are of March.")
    ask_for_change(case, 2, "That she was heard at length.")
    ask_for_change(case, 3, "That it was said apart only.")
    other: Any = {"role": "provider", "wanted": "That the tone be changed."}
    case.ask("request-minute-amendment", conference=case.refs["initial"], **other)
    whole, hers = (word_text(asked(case, format="docx", **one)) for one in ({}, {"part": 2}))
    for words in ("pictures are of March", "said apart only", "the tone be changed"):
        assert words in whole
        assert words not in hers
    assert "1 | Care provider | Passage 2: That she was heard at length." in hers
    assert NOT_TOLD in hers
    assert NOT_TOLD not in whole


def test_minutes_drafted_before_they_went_do_not_say_who_has_them(tell: Tell) -> None:
    """As known before the first was sent there is no list; the same entries, the same bytes."""
    case = tell(case_in_england.met)
    office = case.doors.office
    found = stands(office, UUID(case.case), read_clocks(office, Typed()))
    sent = next(one for one in found.facts if one.header.name == "minutes-circulated")
    earlier = Typed(as_at=str(sent.position - 1))
    ref = ConferenceRef(UUID(case.refs["initial"]))
    before = drafted(
        office, stands(office, UUID(case.case), read_clocks(office, earlier)), ref, Copy()
    )
    assert HAS not in word_text(word(before.page))
    assert sent.position not in before.used
    after = drafted(office, found, ref, Copy())
    assert HAS in word_text(word(after.page))
    assert sent.position in after.used
    assert asked(case, format="docx") == asked(case, format="docx")
