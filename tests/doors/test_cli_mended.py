"""A chronology is met again by what it is called, also where its rows were mended."""

from __future__ import annotations

from pathlib import Path

from tests.doors.conftest import Cli

CHRONOLOGIES = Path(__file__).parent.parent / "chronologies"
NEW = ("--new-case", "--reference", "2026/17")
NOWHERE = "00000000-0000-4000-8000-0000000000ff"
JUNE = ("import", "chronology", str(CHRONOLOGIES / "june.csv"))


def test_a_mended_chronology_meets_its_case_again(cli: Cli, tmp_path: Path) -> None:
    """The same reference leads to the same case when a row was put right, and a dry run says so."""
    path = tmp_path / "c.csv"
    first = "Date,Agency,Source,Event\n2006-07-06,police,log,A call.\n2006-07-07,gp,log,A vist.\n"
    path.write_text(first, encoding="utf-8")
    asked = ("import", "chronology", str(path))
    dry = cli(*asked, "--new-case", "--dry-run")
    assert (dry.code, "--reference" in dry.err) == (0, True)
    unnamed = cli(*asked, "--new-case")
    assert (unnamed.code, "Nothing was recorded" in unnamed.err) == (2, True)
    case = cli(*asked, *NEW, "--json").json["case"]
    path.write_text(first.replace("vist", "visit"), encoding="utf-8")
    dry = cli(*asked, *NEW, "--dry-run")
    assert "until a correction withdraws it" in " ".join(dry.err.split())
    again = cli(*asked, *NEW, "--json").json
    assert (again["case"], again["new_case"]) == (case, False)
    assert (again["added"], again["already_there"]) == (1, 1)
    other = cli(*asked, "--new-case", "--reference", "2026/18", "--json").json
    assert (other["case"] != case, other["added"]) == (True, 2)


def test_another_chronology_is_not_recorded_under_a_reference_by_mistake(
    cli: Cli,
) -> None:
    """None of its lines is there: nothing is recorded, a dry run says so, and --case still may."""
    june = str(cli(*JUNE, *NEW, "--json").json["case"])
    asked = ("import", "chronology", str(CHRONOLOGIES / "ms-s.csv"))
    assert "may be another chronology" in " ".join(cli(*asked, *NEW, "--dry-run").err.split())
    refused = cli(*asked, *NEW)
    assert (refused.code, june in refused.err) == (2, True)
    assert cli(*asked, "--case", june, "--json").code == 0


def test_a_reference_of_one_adults_chronology_serves_no_other(cli: Cli) -> None:
    """Whom the case is about stands; and --reference names new cases alone."""
    june = str(cli(*JUNE, *NEW, "--json").json["case"])
    assert cli(*JUNE, "--case", june, "--reference", "2026/17").code == 2
    assert cli(*JUNE, *NEW, "--adult", NOWHERE).code == 3
