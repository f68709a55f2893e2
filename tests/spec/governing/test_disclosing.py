from __future__ import annotations

from dataclasses import replace

from domain.advice import LegalAdviceObtained
from domain.disclosing import DisclosureMade, MakeDisclosure
from domain.manifest import Given as Entry
from domain.words import Code, Digest
from tests.controls import MANAGER, POLICE, PRACTITIONER, a_referral, words
from tests.given import Given, given

RULES = ("R72", "R82", "R154", "R165")

ENTRY = Entry(entry=1, form=Code("as_recorded"), digest=Digest("d" * 64))
DISCLOSE = MakeDisclosure(
    to=Code("police"),
    organisation=POLICE,
    ground=Code("crime"),
    necessity=words("The inquiry asked for this and no less would do."),
    manifest=(ENTRY,),
    digest=Digest("e" * 64),
)
ADVICE = LegalAdviceObtained(conference=None, privileged=Code("yes"))


def case() -> Given:
    """Begin with a referral, and legal advice as the second entry."""
    return given(a_referral(), ADVICE)


def test_a_disclosure_says_exactly_what_left() -> None:
    """A disclosure keeps its manifest, its digest and who decided it (R82)."""
    for by in (None, MANAGER):
        event = case().when(replace(DISCLOSE, decided_by=by)).events[0]
        assert isinstance(event, DisclosureMade)
        assert event.manifest == (ENTRY,)
        assert event.digest == DISCLOSE.digest
        assert event.decided_by == (by or PRACTITIONER)
        assert event.privileged == ()


def test_a_manifest_is_of_entries_of_the_case() -> None:
    """Each entry of a manifest is of the case, and stands in it once."""
    case().when(replace(DISCLOSE, manifest=(ENTRY, replace(ENTRY, entry=3)))).then_not_found()
    case().when(replace(DISCLOSE, manifest=(replace(ENTRY, entry=0),))).then_not_found()
    again = replace(ENTRY, form=Code("summary"))
    twice = case().when(replace(DISCLOSE, manifest=(ENTRY, again)))
    twice.then_refused("L22", code="entry_twice")
    assert twice.error is not None
    assert getattr(twice.error, "field", None) == "manifest[1].entry"


def test_a_disclosure_has_a_ground() -> None:
    """Something disclosed without a ground is a finding (R82)."""
    code = "disclosed_without_ground"
    case().when(DISCLOSE).then_no_finding(code)
    bare = case().when(replace(DISCLOSE, ground=Code("not_recorded"), necessity=None))
    bare.then_finding(code).then_no_finding("disclosure_unexplained")


def test_a_disclosure_says_why_it_was_necessary() -> None:
    """Why a disclosure was necessary is recorded, unless a court ordered it (R154)."""
    code = "disclosure_unexplained"
    bare = replace(DISCLOSE, necessity=None)
    case().when(DISCLOSE).then_no_finding(code)
    case().when(bare).then_finding(code)
    case().when(replace(bare, ground=Code("court_order"))).then_no_finding(code)


def test_legal_advice_disclosed_is_named() -> None:
    """Legal advice among what was disclosed is named, and a finding (R72)."""
    code = "privileged_disclosed"
    case().when(DISCLOSE).then_no_finding(code)
    out = case().when(replace(DISCLOSE, manifest=(ENTRY, replace(ENTRY, entry=2))))
    event = out.events[0]
    assert isinstance(event, DisclosureMade)
    assert event.privileged == (2,)
    out.then_finding(code, severity="high")


def test_each_entry_disclosed_can_be_proved() -> None:
    """A disclosure names its entries, and has a digest of each; else it is a finding."""
    none, undigested = "disclosure_without_manifest", "disclosed_without_digest"
    case().when(DISCLOSE).then_no_finding(none).then_no_finding(undigested)
    empty = case().when(replace(DISCLOSE, manifest=()))
    empty.then_finding(none).then_no_finding(undigested)
    bare = case().when(replace(DISCLOSE, manifest=(ENTRY, Entry(entry=2, form=Code("summary")))))
    bare.then_finding(undigested).then_no_finding(none)


def test_what_was_left_out_has_its_ground() -> None:
    """An entry redacted without a ground is a finding; one as recorded needs none (R165)."""
    code = "redacted_without_ground"
    case().when(DISCLOSE).then_no_finding(code)
    cut = replace(ENTRY, form=Code("redacted"))
    case().when(replace(DISCLOSE, manifest=(cut,))).then_finding(code)
    grounded = replace(cut, ground=Code("third_party"))
    case().when(replace(DISCLOSE, manifest=(grounded,))).then_no_finding(code)


def test_what_is_disclosed_as_recorded_has_nothing_left_out() -> None:
    """A ground for what is left out of an entry given as recorded contradicts it (R165)."""
    code = "given_and_kept_back"
    case().when(DISCLOSE).then_no_finding(code)
    whole = replace(ENTRY, ground=Code("third_party"))
    case().when(replace(DISCLOSE, manifest=(whole,))).then_finding(code, severity="medium")
    cut = replace(whole, form=Code("redacted"))
    case().when(replace(DISCLOSE, manifest=(cut,))).then_no_finding(code)
