"""The public annual report: published figures in plain words, as HTML and as PDF/UA."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_type_hints
from uuid import uuid4

import pypdf
import pytest

from api.demonstration.filing import file_last_year
from api.demonstration.people import Worker
from api.minutes.pdf import pdf
from api.office import Office
from api.returns.chapters import CHAPTERS
from api.returns.commentary import commentary
from api.returns.publishing import only_filed
from api.returns.report import About, Column, Report, as_page, report
from api.returns.report_html import html
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.opening import Simulation
from domain.refusal import Refused
from domain.words import Code, WorkerRef
from projections.returns import BESIDE, tables
from projections.returns.england.adding import CROSSED
from projections.returns.guarding import Protected
from projections.returns.longform import Exact
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.scripted import an_office
from tests.doors.test_filing import MANAGER, a_case, file
from tests.projections.test_returns_guarded import an_authority, counted, guarded

SAID = b"""# Foreword
We <script>alert(1)</script> & thank
everybody.

## abuse
- #let x = 1
- *not bold*
"""
CODES = {one.code for one in (*tables(ENGLAND.code, 2025), *BESIDE[ENGLAND.code])}
FIGURE = re.compile(r"\[c\]|[1-9]\d*[05]|5|\[x\]|not filed|SIMULATED")


def whole(*, simulated: bool = False, seed: int = 2, size: int = 120) -> Report:
    """Give the report of an authority, its figures filed the year before."""
    told = replace(guarded(counted(an_authority(seed, size))), simulated=simulated)
    filed = replace(guarded(counted(an_authority(seed + 1, size))), simulated=simulated)
    before = only_filed(filed, {CROSSED})
    about = About(
        title="Annual report",
        nation="England",
        council="999",
        on=date(2026, 6, 1),
        basis="As known at position 7.",
    )
    column = Column(
        label="2025-26",
        figures=told,
        says="Filed.",
        before_label="2024-25",
        before=before,
        before_says="Filed.",
    )
    chapters = CHAPTERS[ENGLAND.code]
    return report(about, (column,), chapters, commentary(SAID, chapters))


class Rows(HTMLParser):
    """Every row of every table of a page, its cells as (name, attributes, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, Mapping[str, str | None], str]]] = []
        self.captions = 0
        self._cell: tuple[str, Mapping[str, str | None]] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self._cell, self._text = (tag, dict(attrs)), ""
        self.captions += tag == "caption"

    def handle_data(self, data: str) -> None:
        """Read on in a cell."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"td", "th"} and self._cell is not None:
            self.rows[-1].append((*self._cell, self._text.strip()))


def read(text: str) -> Rows:
    """Read a page's tables."""
    found = Rows()
    found.feed(text)
    return found


def pages(content: bytes) -> list[str]:
    """Give the text of each page of a PDF."""
    return [
        " ".join(one.extract_text().split()) for one in pypdf.PdfReader(io.BytesIO(content)).pages
    ]


# --------------------------------------------------------------------------------- what is in it


def test_a_report_is_made_of_protected_figures_alone() -> None:
    """No exact figure can be given to it: neither of its types is, or leads to, `Exact`."""
    hints = get_type_hints(Column)
    assert hints["figures"] is Protected
    assert hints["before"] == Protected | None
    assert not isinstance(counted(an_authority(1, 5)), Protected)
    assert "value" not in {name for one in (Column, Protected) for name in get_type_hints(one)}
    assert Exact not in hints.values()


def test_every_figure_shown_is_suppressed_or_rounded() -> None:
    """In HTML as in PDF a figure is `[c]` or a multiple of 5, and every table is there (R145)."""
    made = whole()
    text = html(made).decode()
    rows = read(text)
    figures = [each[2] for row in rows.rows for each in row if each[0] == "td" and each[1]]
    assert len(figures) > 100
    assert [one for one in figures if not FIGURE.fullmatch(one)] == []
    assert all(f"({code})" in text for code in CODES)
    said = " ".join(pages(pdf(as_page(made))))
    shown = [
        cell
        for part in made.parts
        for table in part.tables
        for row in table.rows
        for cell in row[table.named :]
    ]
    assert shown == figures
    assert all(f"({code})" in said for code in CODES)


def test_a_table_that_is_in_no_return_is_never_said_to_be_filed() -> None:
    """Type by place by source has no figure of the year before, and only lines with a number."""
    (crossed,) = (
        each for one in whole().parts for each in one.tables if each.title.endswith(f"({CROSSED})")
    )
    assert crossed.rows
    assert all(row[3] != "[c]" and row[4] == "not filed" for row in crossed.rows)
    assert crossed.says.startswith("This table is in no return and is never filed")
    assert f"The other {297 - len(crossed.rows)} of the 297 combinations" in crossed.says


def test_two_authorities_of_the_same_published_figures_have_the_same_report() -> None:
    """What was counted under a suppressed or rounded figure leaves no trace in a file (R145)."""
    made = counted(an_authority(4, 0))
    lone = replace(
        made,
        figures=tuple(
            replace(one, value=1 if one.place.table == "SG5a" else one.value)
            for one in made.figures
        ),
    )
    assert lone != made
    assert guarded(lone) == guarded(made)


def test_the_html_is_one_file_of_tables_with_captions_and_scopes() -> None:
    """Nothing outside is asked for; each table has a caption, each head its scope; no script."""
    text = html(whole()).decode()
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", text)
    assert "@import" not in text
    assert "url(" not in text
    rows = read(text)
    assert rows.captions == text.count("<table")
    heads = [each for row in rows.rows for each in row if each[0] == "th"]
    assert heads
    assert all(each[1].get("scope") in {"col", "row"} for each in heads)
    assert text.count("<h1>") == 1
    assert '<html lang="en-GB">' in text
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_what_the_commentary_says_becomes_no_markup() -> None:
    """Signs of HTML and of the typesetter stand as they were typed, below their chapters."""
    text = html(whole()).decode()
    assert "<script>" not in text
    assert "Another report of the same days" in text
    assert "We &lt;script&gt;alert(1)&lt;/script&gt; &amp; thank everybody." in text
    assert "<li>#let x = 1</li>" in text
    said = " ".join(pages(pdf(as_page(whole()))))
    assert "We <script>alert(1)</script> & thank everybody." in said
    assert "#let x = 1" in said
    assert "*not bold*" in said
    assert text.count("Place for commentary") == len(CHAPTERS[ENGLAND.code]) - 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# weather\nIt rained.", "Line 1 heads no chapter; there are: foreword, activity"),
        (b"It rained.\n# abuse\n", "Line 1 stands below no heading"),
        (b"# abuse\nA.\n# Abuse\nB.", "Line 3 heads a chapter for the second time"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"# abuse\n" + b"a" * 262_144, "longer than 256 kB"),
        (b"# abuse\nA.\r\nB\x1cC\n\x00", "Line 3 has a sign that stands in no text"),
    ],
)
def test_commentary_that_is_of_no_chapter_is_turned_away(content: bytes, words: str) -> None:
    """It is told by the line what is wrong with the file."""
    with pytest.raises(Refused, match=re.escape(words)):
        commentary(content, CHAPTERS[ENGLAND.code])


def test_the_pdf_is_tagged_and_says_pdf_ua() -> None:
    """It claims PDF/UA-1, has language, title and a tree of tags with headings and table heads."""
    content = pdf(as_page(whole()))
    reader = pypdf.PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Annual report"
    kinds = set[str]()
    left = [root["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left += node
        elif isinstance(node, dict):
            kinds.add(str(node.get("/S")))
            left += [node["/K"]] if "/K" in node else []
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P", "/L"} <= kinds


def test_the_same_report_is_the_same_bytes() -> None:
    """Nothing of a clock or of chance is in either file."""
    assert html(whole()) == html(whole())
    assert pdf(as_page(whole())) == pdf(as_page(whole()))


def test_every_page_and_row_of_a_made_up_record_says_so() -> None:
    """SIMULATED stands on each page of the PDF, first in the HTML, and in every row of both."""
    made = whole(simulated=True)
    assert all("SIMULATED" in one for one in pages(pdf(as_page(made))))
    rows = [row for row in read(html(made).decode()).rows if any(one[0] == "td" for one in row)]
    assert rows
    assert all(row[-1][2] == "SIMULATED" for row in rows)
    assert all(
        row[-1] == "SIMULATED" for one in made.parts for each in one.tables for row in each.rows
    )
    assert "SIMULATED" not in html(whole()).decode()


def test_the_chapters_have_every_table_of_their_return() -> None:
    """No table of either nation is left to the chapter of others, and none stands twice."""
    for nation, year in ((ENGLAND.code, 2025), (SCOTLAND.code, 2025)):
        found = [code for one in CHAPTERS[nation] for code in one.tables]
        expected = {one.code for one in (*tables(nation, year), *BESIDE.get(nation, ()))}
        assert set(found) == expected
        assert len(found) == len(expected)


# -------------------------------------------------------------------------------------- the doors


def asked(doors: Doors, year: int = 2026, query: str = "") -> Any:  # noqa: ANN401 — an answer
    """Ask for a report as an analyst."""
    doors.catch_up()
    answer = doors.get(f"/v1/returns/{year}/report?{query}", Holdfast_Role="analyst")
    assert answer.status_code == 200, answer.text
    return answer


def test_a_year_that_was_filed_is_reported_as_filed(doors: Doors) -> None:
    """Its figures, hash and basis are the filing's, whatever is recorded since; so next year's.

    What was not filed says so, and on which day it was computed.
    """
    for _ in range(6):
        a_case(doors)
    computed = asked(doors, 2025).text
    assert "2025-26: Not filed: figures as computed on" in computed
    assert "2024-25, for comparison: not filed" in computed
    assert "It is not over" in asked(doors).text
    filed = file(doors)
    for _ in range(4):
        a_case(doors)
    text = asked(doors, 2025).text
    assert filed["sha256"] in text
    assert f"As known at position {filed['as_at']} of" in text
    concerns = "Total Number of Safeguarding Concerns"
    assert _row(text, concerns) == ["5"]
    later = asked(doors, 2026).text
    assert _row(later, concerns) == ["[c]", "5"]
    assert "2025-26, filed" in later
    assert filed["sha256"] in later


def _row(text: str, head: str) -> list[str]:
    (found,) = (row for row in read(text).rows if row and row[0][2] == head and row[0][0] == "th")
    return [each[2] for each in found if each[0] == "td"]


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_a_report_asked_by_its_basis_is_the_same_bytes(shared: Doors, kind: str) -> None:
    """It is a file by a name, leaves its trace, and its basis gives it again (R145)."""
    case = shared.case()
    first = asked(shared, query=f"format={kind}")
    assert f'filename="annual-report-2026-27.{kind}"' in first.headers["content-disposition"]
    assert shared.readings()[-1].what == "return"
    assert case not in first.text
    shared.case()
    shared.catch_up()
    again = shared.get(
        f"/v1/returns/2026/report?format={kind}",
        Holdfast_Basis=first.headers["Holdfast-Basis"],
        Holdfast_Role="analyst",
    )
    assert again.content == first.content


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_the_report_takes_commentary(shared: Doors, kind: str) -> None:
    """Sent with the request it stands in its chapters as at the command line, as no markup."""
    shared.catch_up()
    path, body = f"/v1/returns/2026/report?format={kind}", {"commentary": SAID.decode()}
    answer = shared.post(path, body, Holdfast_Role="analyst")
    assert answer.status_code == 200, answer.text
    text = answer.text if kind == "html" else " ".join(pages(answer.content))
    assert ("& thank everybody." if kind == "pdf" else "&amp; thank everybody.") in text
    assert ("<script>" in text) == (kind == "pdf")  # there it is no markup
    assert text.count("Place for commentary") == len(CHAPTERS[ENGLAND.code]) - 2
    assert shared.readings()[-1].what == "return"
    by = {"Holdfast_Basis": answer.headers["Holdfast-Basis"], "Holdfast_Role": "analyst"}
    assert shared.post(path, body, **by).content == answer.content
    assert shared.post(path, body, Holdfast_Role="minute_taker").status_code == 403


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("# weather\nIt rained.", "Line 1 heads no chapter; there are: foreword, activity"),
        ("It rained.", "Line 1 stands below no heading"),
        ("# abuse\n" + "ä" * 140_000, "longer than 256 kB"),
        ("# abuse\n\ud800", ""),
        (7, ""),
    ],
)
def test_commentary_sent_that_is_turned_away(shared: Doors, said: object, words: str) -> None:
    """The answer names its place in what was sent, and the line, and is no report."""
    body = json.dumps({"commentary": said}).encode()
    headers = {"Holdfast-Role": "analyst", "Content-Type": "application/json"}
    answer = shared.client.post("/v1/returns/2026/report", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["pointer"], words in error["detail"]) == ("/commentary", True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2001/report", 404),
        ("2030/report", 404),
        ("2026-Q3/report", 404),
        ("2026/report?format=docx", 422),
    ],
)
def test_what_there_is_no_report_of(shared: Doors, path: str, status: int) -> None:
    """A year without a return or not begun, a quarter, and another kind of file are told apart."""
    shared.catch_up()
    assert shared.get(f"/v1/returns/{path}", Holdfast_Role="analyst").status_code == status
    assert shared.get("/v1/returns/2026/report", Holdfast_Role="minute_taker").status_code == 403


def test_the_report_is_a_page_too(shared: Doors) -> None:
    """The returns list their years; the page of one shows the report and leads to both files."""
    shared.catch_up()
    listed = shared.client.get("/returns", headers=_as("analyst"))
    assert listed.status_code == 200, listed.text
    assert 'href="/returns/2026/report"' in listed.text
    page = shared.client.get("/returns/2026/report", headers=_as("analyst"))
    assert page.status_code == 200, page.text
    assert "How many concerns were raised and enquiries begun (SG1f)" in page.text
    for kind, media in (("html", "text/html"), ("pdf", "application/pdf")):
        (link,) = re.findall(rf'href="([^"]*format={kind})"', page.text)
        taken = shared.client.get(link.replace("&amp;", "&"), headers=_as("analyst"))
        assert taken.headers["content-type"].startswith(media), taken.text
    assert shared.client.get("/returns", headers=_as("minute_taker")).status_code == 403
    assert shared.client.get("/returns/2026/report", headers=_as("minute_taker")).status_code == 403


def _as(role: str) -> dict[str, str]:
    return {"Holdfast-Role": role}


def test_the_command_line_writes_both_files(
    doors: Doors, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With commentary, made anew; what is of no chapter is refused before anything is written."""
    doors.case()
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    monkeypatch.chdir(tmp_path)
    said = tmp_path / "said.md"
    said.write_bytes(SAID)
    before = len(doors.readings())
    asking = ("return", "report", "2026-27", "--role", "analyst")
    made = cli(*asking, "--commentary", str(said))
    assert made.code == 0, made.err
    assert doors.readings()[before].what == "return"
    page = (tmp_path / "annual-report-2026-27.html").read_text("utf-8")
    assert "&amp; thank everybody." in page
    assert (tmp_path / "annual-report-2026-27.pdf").read_bytes().startswith(b"%PDF")
    assert cli(*asking).code == 2
    said.write_text("# weather\n")
    other = tmp_path / "other.html"
    refused = cli(*asking[:3], str(other), *asking[3:], "--commentary", str(said))
    assert (refused.code, "--commentary: Line 1 heads no chapter" in refused.err) == (2, True)
    assert not other.exists()
    assert cli(*asking[:3], str(tmp_path / "a.doc"), *asking[3:]).code == 2


@pytest.fixture
def made_up(database: Database, tmp_path: Path) -> Iterator[Doors]:
    """Give the doors of a record of made-up cases."""
    simulated = Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))
    with (
        Office(settings_for(database, tmp_path), simulated=simulated) as office,
        opened_doors(office) as doors,
    ):
        yield doors


def test_a_made_up_record_gives_a_stamped_report(made_up: Doors) -> None:
    """Its name, its title and its body say SIMULATED."""
    for _ in range(6):
        made_up.case()
    answer = asked(made_up)
    assert "SIMULATED" in answer.headers["content-disposition"]
    assert "SIMULATED</title>" in answer.text
    assert "SIMULATED: this record is made up" in answer.text


def test_the_made_up_authority_files_what_its_report_shows(
    database: Database, tmp_path: Path
) -> None:
    """Where a return is by quarters the demonstration files the four of the last whole year."""
    with (
        an_office(database, tmp_path, "scotland", "2026-11-02") as office,
        opened_doors(office) as doors,
    ):
        doors.catch_up()
        manager = Worker(ref=WorkerRef(uuid4()), role=Code("manager"), name="Ann Example")
        assert file_last_year(office, manager, office.clock.now(), uuid4())
        text = asked(doors, 2025).text
        assert text.count("as filed (filing 1") == 4
        assert "Not filed" not in text


def test_in_scotland_the_report_is_by_quarters(database: Database, tmp_path: Path) -> None:
    """Each quarter that began has a column and its own filing; those to come are named."""
    with (
        an_office(database, tmp_path, "scotland", "2026-11-02") as office,
        opened_doors(office) as doors,
    ):
        for _ in range(6):
            doors.case(received="2026-09-30")
        doors.catch_up()
        year = doors.post("/v1/returns/2025/filings", {}, **MANAGER)
        assert (year.status_code, "2025-Q1, 2025-Q2, 2025-Q3, 2025-Q4" in year.text) == (404, True)
        filed = doors.post("/v1/returns/2026-Q2/filings", {}, **MANAGER)
        assert filed.status_code == 201, filed.text
        text = asked(doors).text
        assert _row(text, "ASP referrals") == ["[c]", "5", "[c]"]
        assert "Not begun on" in text
        assert "2026-Q4" in text
        assert filed.json()["sha256"] in text
        assert "2026-Q1: Not filed" in text
        # Of a year beside its quarters what they suppress would follow by subtraction.
        path = "/v1/returns/{}/export?format=csv&figures=published"
        year, quarter = (doors.get(path.format(of), **MANAGER) for of in ("2026", "2026-Q2"))
        assert (year.status_code, "2026-Q1, 2026-Q2" in year.text) == (404, True)
        assert quarter.status_code == 200, quarter.text
        assert "[x] stands where there is no figure." in text
        assert "No number of the whole year is given" in text
