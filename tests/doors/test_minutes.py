"""The minutes as files: drafted from the record, by parts, the same bytes, open to anybody."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest
from docx import Document
from docx.document import Document as WordDocument

from api.clock import entropy
from api.clocks import Typed, read_clocks
from api.commands.desk import desk_of
from api.commands.minuting import keep
from api.minutes.drafted import Copy, drafted
from api.minutes.grid import HEADS
from api.minutes.page import Page, Section, Table
from api.minutes.pdf import pdf
from api.minutes.things import Things
from api.minutes.word import MEDIA, word
from api.office import Office
from api.routes.people import names_open
from api.standing import stands
from api.story.saying import FORGOTTEN, Voice
from domain.minutes import MinutesDrafted
from domain.record.keyring import forget
from domain.words import Code, ConferenceRef
from tests.conftest import Database
from tests.doors import case_in_england
from tests.doors.conftest import Cli, Doors
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Script, an_office, attendance


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give an English office whose clock stands on the day of the referral."""
    with an_office(database, tmp_path, "england", case_in_england.RECEIVED) as opened:
        yield opened


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


def asked(case: Script, kind: str = "initial", **query: Any) -> Any:  # noqa: ANN401
    """Ask for the minutes of a meeting of the case."""
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    path = f"/v1/cases/{case.case}/conferences/{case.refs[kind]}/minutes?{parameters}"
    return case.doors.client.get(path, headers={"Holdfast-Role": "manager"})


def text_of(document: WordDocument) -> str:
    """Give every word of a document, tables included."""
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def a_word_file(content: bytes) -> WordDocument:
    """Open a Word file as anybody would."""
    return Document(io.BytesIO(content))


def test_the_minutes_are_drafted_from_the_record(tell: Tell) -> None:
    """They have the adult's words, who came, findings with reasons and dissent, and the plan."""
    case = tell(case_in_england.met)
    answer = asked(case, format="docx")
    assert answer.status_code == 200, answer.text
    document = a_word_file(answer.content)
    text = text_of(document)
    for said in (
        "She wants Leo told and not punished.",
        "The rota and two accounts agree.",
        "The provider does not accept two of the dates.",
        "Two of the visits were made and not written down.",
        "Attendance",
        "substantiated, on the balance of probabilities",
    ):
        assert said in text, said
    titles = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"
    ]
    assert titles[0] == "The adult's own words"
    assert {"Findings", "Decisions", "The plan", "Who tells whom"} <= set(titles)


def test_a_word_file_says_what_it_is(tell: Tell) -> None:
    """Its title, language and day are those of the meeting, and its tables have heads."""
    case = tell(case_in_england.met)
    document = a_word_file(asked(case, format="docx").content)
    about = document.core_properties
    assert about.title.startswith("Minutes of a")
    assert about.language == "en-GB"
    assert about.created == about.modified
    assert all("tblHeader" in one.rows[0]._tr.xml for one in document.tables)


def test_a_word_file_is_laid_out_to_be_read(tell: Tell) -> None:
    """It is of A4 with numbered pages, its tables as wide as a page, a column as its texts want."""
    case = tell(case_in_england.met)
    document = a_word_file(asked(case, format="docx").content)
    section: Any = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "NUMPAGES" in section.footer._element.xml
    room = section.page_width - section.left_margin - section.right_margin
    tables: Any = document.tables
    for table in tables:
        assert 0.95 * room < sum(one.width for one in table.columns) <= room
        assert all("cantSplit" in one._tr.xml for one in table.rows)
    grid = next(one for one in tables if one.rows[0].cells[0].text == "No")
    number, *_, said = [one.width for one in grid.columns]
    assert said > 3 * number


def test_the_part_somebody_took_has_the_room_of_a_sentence() -> None:
    """Beside long names, roles and agencies a line of it holds four words or so, not two."""
    who = "Manager of an agency involved, Petra Example (Calder Housing)"
    said = "She put what the tenants had told her, and answered what the adult asked of the door."
    row = (who, "Attended remotely", "Not stated", said)
    assert Table(heads=HEADS, rows=(row,)).shares[-1] > 0.3


def test_a_column_has_the_room_of_its_longest_word() -> None:
    """However much another column says, each has room for its longest word and a cell's margins."""
    said = "in a sentence of more letters than any line of a table has, so it goes over several"
    table = Table(heads=("No", "Attendance", "Said"), rows=(("12", "Attended", said),))
    number, attendance, sentence = table.shares
    assert sum(table.shares) == pytest.approx(1)
    assert number == pytest.approx(5.5 / 90)
    assert attendance == pytest.approx(15.5 / 90)  # a head is bold, and wider by a quarter
    assert sentence == pytest.approx(69 / 90)


def test_what_room_is_left_goes_to_the_longest_texts() -> None:
    """Columns of sentences share what single words leave, by how long their longest text is."""
    table = Table(heads=("a", "b"), rows=(("words " * 3, "words " * 6),))
    few, many = table.shares
    assert few == pytest.approx((8 + (18 - 5) * 74 / (13 + 31)) / 90)
    assert many == pytest.approx((8 + (36 - 5) * 74 / (13 + 31)) / 90)


def test_a_pdf_is_one_for_everybody(tell: Tell) -> None:
    """The PDF is PDF/UA-1: tagged, with language and title, its text to be read."""
    case = tell(case_in_england.met)
    answer = asked(case)
    assert answer.headers["content-type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Minutes of a")
    assert "Attendance" in "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_same_entries_are_the_same_bytes(tell: Tell, kind: str) -> None:
    """Asked for twice, the file is the same to the byte; another entry makes another."""
    case = tell(case_in_england.met)
    first = asked(case, format=kind).content
    assert asked(case, format=kind).content == first
    assert asked(case, format=kind, part=2).content != first


def test_a_copy_covers_the_parts_it_is_for(tell: Tell) -> None:
    """What somebody did not attend is withheld, and said to be; the rest stands."""
    case = tell(case_in_england.met)
    text = text_of(a_word_file(asked(case, format="docx", part=2).content))
    nobody = "Nobody is recorded as having decided it."
    assert f"Withheld: a part the recipient did not attend. {nobody}" in text
    cut = [line for line in text.splitlines() if "withheld:" in line.lower()]
    assert cut
    assert all(nobody in line for line in cut), cut
    assert "This copy covers: part 2." in text
    both = text_of(a_word_file(asked(case, format="docx&part=1", part=2).content))
    assert "Withheld: a part the recipient did not attend." not in both
    assert asked(case, part=9).status_code == 404


def test_a_part_of_another_day_says_which(tell: Tell) -> None:
    """At the head and beside who came, also where no clock time is given (R29)."""
    case = tell(case_in_england.met)
    part = {"number": 3, "reason": "with_adult", "attendances": [attendance("adult", None)]}
    said: dict[str, Any] = {"conference": case.refs["initial"], "part": part}
    case.ask("hold-conference-part", by="minute_taker", occurred="2026-12-01", **said)
    text = text_of(a_word_file(asked(case, format="docx", part=3).content))
    assert "held on 30 November 2026, in 3 parts, part 3 on 1 December 2026." in text
    assert "Who was there: part 3\n1 December 2026. The part the adult attends." in text


def test_what_fell_in_a_part_is_withheld_from_whoever_was_not_in_it(tell: Tell) -> None:
    """Entries that name their part stand under it; a copy has those of its own parts (R165)."""
    case = tell(case_in_england.met)
    dissent: dict[str, Any] = {"conference": case.refs["initial"], "role": "police"}
    apart, together = "It was said while she waited.", "It was said to her face."
    case.ask("record-dissent", by="chair", part=1, reasons=apart, **dissent)
    case.ask("record-dissent", by="chair", part=2, reasons=together, **dissent)
    harm: dict[str, Any] = {"conference": case.refs["initial"], "kind": "support"}
    case.ask("decide-pach-action", by="chair", part=2, description="Leo is to be told.", **harm)

    whole = text_of(a_word_file(asked(case, format="docx").content))
    assert whole.index("Findings: part 1") < whole.index(apart) < whole.index("Findings: part 2")
    assert whole.index("Findings: part 2") < whole.index(together)
    hers = text_of(a_word_file(asked(case, format="docx", part=2).content))
    assert apart not in hers
    assert together in hers
    assert "Leo is to be told." in hers
    assert "Findings: part 1\nWithheld: a part the recipient did not attend." in hers
    assert "The rota and two accounts agree." in hers  # no part is named: by section, as before
    theirs = text_of(a_word_file(asked(case, format="docx", part=1).content))
    assert together not in theirs
    assert apart in theirs


def test_a_report_of_one_part_is_named_in_no_copy_of_the_other(tell: Tell) -> None:
    """What lay before a part alone, and who may have it, is told in that part (R22, R29)."""
    case = tell(case_in_england.met)
    conference, report = case.refs["initial"], "0f0e0d0c-0b0a-4908-8706-0504030201aa"
    about: dict[str, Any] = {"conference": conference, "report": report}
    case.ask("table-report", part=1, kind="agency", organisation="coroner", **about)
    arranged: dict[str, Any] = {"arrangement": "other", "arrangement_other": "Read and returned."}
    case.ask("set-report-confidentiality", by="chair", **about, **arranged)
    to: dict[str, Any] = {"role": "housing", "organisation": "landlord"}
    why = "They own the stairs."
    case.ask("permit-report-share", by="chair", recipient=to, rationale=why, **about)
    case.ask("share-report", recipient=to, outside=True, **about)
    contact = "The duty desk, while he is out."
    case.ask("name-challenge-contact", by="chair", conference=conference, part=1, contact=contact)
    whole = text_of(a_word_file(asked(case, format="docx").content))
    hers = text_of(a_word_file(asked(case, format="docx", part=2).content))
    for words in ("coroner", "Read and returned.", why, "landlord", contact):
        assert words.casefold() in whole.casefold(), words
        assert words.casefold() not in hers.casefold(), words
    assert "Reports: part 1\nWithheld: a part the recipient did not attend." in hers
    assert whole.index("Reports: part 1") < whole.index("Read and returned.")


def test_a_redaction_of_a_part_is_one_of_what_fell_in_it(tell: Tell) -> None:
    """A copy that leaves a part out says why and by whom, also of what was found in it (R165)."""
    case = tell(case_in_england.met)
    conference, said = case.refs["initial"], "It was said while she waited."
    dissent: dict[str, Any] = {"conference": conference, "role": "police", "reasons": said}
    case.ask("record-dissent", by="chair", part=1, **dissent)
    harm: dict[str, Any] = {"conference": conference, "kind": "support"}
    case.ask("decide-pach-action", by="chair", description="He is to be asked.", **harm)
    assert "He is to be asked." in text_of(a_word_file(asked(case, format="docx").content))
    draft = case.ask("draft-minutes", by="minute_taker", conference=conference, from_record=True)
    approve: Any = {"conference": conference, "document": draft["document"], "master": "a" * 64}
    case.ask("approve-minutes", by="chair", **approve)
    cut = [{"ground": "serious_harm", "part": 1, "decided_by": case.worker("chair")}]
    copy: dict[str, Any] = {"source": "a" * 64, "copy": "b" * 64, "redactions": cut}
    case.ask("produce-redacted-copy", by="chair", conference=conference, **copy)
    number = case.versions["produce-redacted-copy"]
    text = text_of(a_word_file(asked(case, format="docx", copy=number).content))
    assert said not in text
    assert "Findings: part 1\nWithheld. Decided by " in text
    assert "Nobody is recorded as having decided it." not in text  # what follows from it was too
    assert "He is to be asked." not in text  # no part is named, and one for professionals is out


def test_what_is_left_out_says_why_and_by_whom(tell: Tell) -> None:
    """A redaction stands where the text would: withheld, who decided it, and a harmless ground."""
    case = tell(case_in_england.met)
    conference = case.refs["initial"]
    said = "Her brother owes money."
    passage: Any = {"conference": conference, "number": 1, "section": "discussion"}
    made: Any = {"text": said, "origin": "ai_drafted", "tool": "north-drafter"}
    case.ask("write-minute-passage", by="minute_taker", **passage, **made)
    text = text_of(a_word_file(asked(case, format="docx").content))
    assert said in text
    assert "Drafted by a tool (North Drafter)" in text
    assert "attested by nobody" in text
    case.ask("attest-minute-passage", by="chair", conference=conference, numbers=[1])
    assert "attested by nobody" not in text_of(a_word_file(asked(case, format="docx").content))
    master = "a" * 64
    draft = case.ask("draft-minutes", by="minute_taker", conference=conference, from_record=True)
    approve: Any = {"conference": conference, "document": draft["document"], "master": master}
    case.ask("approve-minutes", by="chair", **approve)
    cut = [
        {"ground": "third_party", "passages": [1]},
        {"ground": "serious_harm", "sections": ["findings"], "decided_by": case.worker("chair")},
    ]
    copy: dict[str, Any] = {"source": master, "copy": "b" * 64, "redactions": cut}
    case.ask("produce-redacted-copy", by="chair", conference=conference, **copy)
    number = case.versions["produce-redacted-copy"]
    text = text_of(a_word_file(asked(case, format="docx", copy=number).content))
    assert said not in text
    nobody = "Nobody is recorded as having decided it."  # nor is it whoever wrote the copy down
    assert f"1. Withheld: about a third party. {nobody}" in text
    assert "Withheld. Decided by " in text
    assert "serious harm" not in text
    assert "The rota and two accounts agree." not in text
    assert asked(case, copy=1).status_code == 404


def test_reading_the_minutes_leaves_its_trace(tell: Tell) -> None:
    """Whoever opens the minutes is among those who looked at a document of the case."""
    case = tell(case_in_england.met)
    asked(case)
    path = f"/v1/cases/{case.case}/readings?limit=500"
    found: Mapping[str, Any] = case.doors.client.get(
        path, headers={"Holdfast-Role": "manager"}
    ).json()
    assert "document" in {one["what"] for one in found["readings"]}
    analyst = {"Holdfast-Role": "analyst"}
    path = f"/v1/cases/{case.case}/conferences/{case.refs['initial']}/minutes"
    assert case.doors.client.get(path, headers=analyst).status_code == 403


def test_a_document_is_given_as_it_is_kept_and_forgotten(tell: Tell) -> None:
    """A kept document is read by the case that names it; with its keys it is gone."""
    case = tell(case_in_england.met)
    office, about = case.doors.office, UUID(case.case)
    notes = case.ask("keep-raw-notes", by="minute_taker", conference=case.refs["initial"])
    number = UUID(notes["document"])
    office.documents.keep(
        number,
        b"As she said it.",
        "text/plain",
        case=about,
        about=[about],
        by=office.system_actor,
        purpose=Code("safeguarding"),
    )
    path = f"/v1/cases/{case.case}/documents/{number}"
    manager = {"Holdfast-Role": "manager"}
    answer = case.doors.client.get(path, headers=manager)
    assert (answer.status_code, answer.content) == (200, b"As she said it.")
    other = f"/v1/cases/{case.case}/documents/{case.refs['initial']}"
    assert case.doors.client.get(other, headers=manager).status_code == 404


def a_page(said: str) -> Page:
    """Give minutes in which one thing was said."""
    return Page(
        title="Minutes",
        dated=datetime(2026, 11, 23, tzinfo=UTC),
        lead=(),
        sections=(Section(title="What was said", paragraphs=(said,)),),
    )


def test_what_the_page_says_is_never_markup() -> None:
    """Text that looks like the typesetter's commands is set as it stands."""
    odd = '#read("x") $a$ *b* <w:p> & \\ _c_'
    page = a_page(odd)
    assert odd in text_of(a_word_file(word(page)))
    text = pypdf.PdfReader(io.BytesIO(pdf(page))).pages[0].extract_text()
    assert "#read" in text
    assert "<w:p>" in text


@pytest.mark.parametrize(
    "text", ["王芳", "She said 😟.", "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ", "a bell \x07", "\ue0ff\U000f0000"]
)
def test_a_letter_without_a_glyph_is_given_by_its_number(text: str) -> None:
    """A PDF is made of any text; a letter no font has is its number there, and it says so."""
    reader = pypdf.PdfReader(io.BytesIO(pdf(a_page(f"{text} Woźniak, Ðặng"))))
    shown = reader.pages[0].extract_text()
    assert "Woźniak, Ðặng" in shown
    assert "A letter that no font here has" in shown
    assert (
        text_of(a_word_file(word(a_page(text)))).rstrip().endswith(text.replace("\x07", "[U+0007]"))
    )
    assert "[U+" in shown
    plain = pypdf.PdfReader(io.BytesIO(pdf(a_page("Woźniak, Ðặng\tand\nso on")))).pages[0]
    assert "U+" not in plain.extract_text()


def test_an_authority_may_have_fonts_of_its_own(tmp_path: Path) -> None:
    """A folder of fonts is used too; one that has nothing of use changes nothing."""
    assert pdf(a_page("王芳"), tmp_path) == pdf(a_page("王芳"))


def test_a_kept_draft_is_forgotten_with_any_passage_in_it(tell: Tell) -> None:
    """A draft kept sealed names every decision, and goes with the first passage forgotten (L9)."""
    case = tell(case_in_england.met)
    office = case.doors.office
    found = stands(office, UUID(case.case), read_clocks(office, Typed()))
    state, facts = found.case, found.facts
    ref = ConferenceRef(UUID(case.refs["initial"]))
    made = drafted(office, found, ref, Copy())
    desk = desk_of(office, Code("manager"), Code("safeguarding"))
    version = keep(desk, found, ref, (word(made.page), MEDIA), made)
    (event,) = [one.event for one in office.record.facts(facts[0].stream) if one.version == version]
    assert isinstance(event, MinutesDrafted)
    assert set(event.decisions) == set(state.decided_at(ref))
    kept = office.documents.read(event.document, UUID(case.case))
    assert (kept.content, kept.digest) == (word(made.page), event.digest)
    presented = next(one for one in facts if one.header.name == "adult-views-presented")
    row = office.record.log.stream(facts[0].stream)[presented.version - 1]
    key = UUID(row.payload.split(b'"key":"')[1][:36].decode())
    with office.database.connect("holdfast_keeper") as conn:
        forget(conn, office.wrapping, entropy, passages=[key])
    assert office.documents.read(event.document, UUID(case.case)).content is None
    text = text_of(a_word_file(asked(case, format="docx").content))
    assert FORGOTTEN in text


def test_a_kept_draft_is_forgotten_with_anybody_it_names(tell: Tell) -> None:
    """Whom a draft calls by name may ask to be forgotten, and the file is forgotten with them."""
    case = tell(case_in_england.met)
    office = case.doors.office
    found = stands(office, UUID(case.case), read_clocks(office, Typed()))
    facts = found.facts
    ref = ConferenceRef(UUID(case.refs["initial"]))
    desk = desk_of(office, Code("manager"), Code("safeguarding"))
    made = drafted(office, found, ref, Copy(), person=names_open(desk.reader, facts, None))
    assert UUID(case.adult) in made.named
    text = text_of(a_word_file(word(made.page)))
    assert "About Ivy Example." in text
    nobodys = drafted(office, found, ref, Copy())
    assert (nobodys.named, "Example" in text_of(a_word_file(word(nobodys.page)))) == ((), False)
    version = keep(desk, found, ref, (word(made.page), MEDIA), made)
    (event,) = [one.event for one in office.record.facts(facts[0].stream) if one.version == version]
    with office.database.connect("holdfast_keeper") as conn:
        forget(conn, office.wrapping, entropy, subjects=[UUID(case.adult)])
    assert office.documents.read(event.document, UUID(case.case)).content is None


def test_what_something_is_called_is_of_the_entry_that_says_so(tell: Tell) -> None:
    """A wish quoted where it is met counts as used, so that a kept file is forgotten with it."""
    case = tell(case_in_england.met)
    office = case.doors.office
    found = stands(office, UUID(case.case), read_clocks(office, Typed()))
    things = Things()
    voice = Voice(
        nation=office.jurisdiction,
        worker=str,
        person=lambda _: None,
        case=UUID(case.case),
        things=things,
    )
    things.learn(found.understood, voice)
    wish = next(one for one in found.understood if one.header.name == "desired-outcome-expressed")
    assert things.used == set()
    assert wish.event.words.text in things[wish.event.outcome]
    assert things.used == {wish.position}


def test_what_an_agenda_left_open_is_seen(tell: Tell) -> None:
    """An item with nothing of its own is where it was answered, or nowhere, and the table says."""
    case = tell(case_in_england.met)
    rows = {
        tuple(cell.text for cell in row.cells)[1:3]
        for table in a_word_file(asked(case, format="docx").content).tables
        for row in table.rows
    }
    elsewhere = "Considered: see what was found, decided and agreed"
    assert ("Whether abuse occurred", elsewhere) in rows
    assert ("Legal advice", "Considered") in rows


def test_somebody_asked_of_whom_nothing_is_said_is_seen(tell: Tell) -> None:
    """Who was invited and stands in no line of the grid is named beside it."""
    case = tell(case_in_england.met)
    conference = case.refs["initial"]
    guest: Any = {"role": "fire", "organisation": "fire-service", "name": "Ann Example"}
    case.ask("invite-participant", conference=conference, **guest)
    text = text_of(a_word_file(asked(case, format="docx").content))
    assert "Asked, and not recorded as there or away:" in text
    assert "Fire and rescue service (Fire service), Ann Example" in text


def test_the_command_line_makes_the_same_file(
    doors: Doors, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`holdfast minutes` writes what the interface gives, and never over a file that is there."""
    case = case_in_england.met(doors)
    expected = asked(case, part=2)
    basis = expected.headers["Holdfast-Basis"]
    monkeypatch.setattr("api.office.SystemClock", lambda: doors.office.clock)
    file = tmp_path / "copy.pdf"
    words = ["minutes", case.case, case.refs["initial"], str(file), "--part", "2"]
    said = cli(*words, "--role", "manager", "--basis", basis)
    assert said.code == 0, said.err
    assert file.read_bytes() == expected.content
    assert cli(*words, "--role", "manager").code == 2
    assert cli(*words[:-2], "--role", "analyst").code == 2
    other = ["minutes", case.case, case.refs["initial"], str(tmp_path / "minutes.odt")]
    assert cli(*other, "--role", "manager").code == 2
