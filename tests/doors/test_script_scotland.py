"""A complete English conference in two parts, asked through the API and read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.record.server import EmbeddedServer
from tests.doors.conftest import Doors
from tests.doors.retold import Teller
from tests.doors.scripted import Script
from tests.doors.scripts.asked import ask
from tests.doors.scripts.scotland_year import TALE
from tests.doors.scripts.reading import Reading, days, pdf_text, shown


def tale(doors: Doors) -> Script:
    """Tell it whole; no command is turned away."""
    return ask(doors, TALE)


@pytest.fixture
def told(
    server: EmbeddedServer,
    template_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Reading]:
    """Give the case at its end, on a database of this test's own."""
    teller = Teller(server=server, template=template_database, nation=TALE.nation, first=TALE.first)
    with teller.telling(tmp_path) as tell:
        case = tell(tale)
        yield Reading(case, shown(case, monkeypatch, capfd))


def test_dump(told: Reading) -> None:
    out = Path("/tmp/stories_out")
    out.mkdir(exist_ok=True)
    (out / "scotland_story.txt").write_text(told.story())
    for m in ("initial conference", "review 1", "core group 1", "review 4"):
        (out / f"scotland_{m}.txt").write_text(told.word(m))
        (out / f"scotland_{m}_pdf.txt").write_text(pdf_text(told.pdf(m)))
    (out / "scotland_findings.txt").write_text(
        chr(10).join(f"{f['severity']} {f['code']} {f['words']}" for f in told.case.findings())
    )
    (out / "scotland_high.txt").write_text(repr(told.high(days(TALE.first, "2025-06-30"))))
