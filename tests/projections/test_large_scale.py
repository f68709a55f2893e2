"""Which cases a large-scale enquiry links, told as events and shown as tables."""

from __future__ import annotations

from domain.linking import LargeScaleEnquiryLinked, LargeScaleEnquiryUnlinked
from domain.words import Code, LargeScaleRef, Slug
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE, enquiries, enquiries_of, linked
from projections.rebuild import verify
from tests.controls import CASE, ENQUIRY, OTHER_CASE, a_referral, an_enquiry
from tests.projections.conftest import Views, corrected, shows, told
from tests.projections.joins import merge

RULES = ("R3", "R18", "R35", "L29")
LARGE, OTHER = LargeScaleRef(ENQUIRY), LargeScaleRef(OTHER_CASE)  # the controls call them so
HOME = Slug("sunrise-home")


def link(ref: LargeScaleRef = LARGE, provider: Slug | None = HOME) -> LargeScaleEnquiryLinked:
    """Give the entry that links a case to an enquiry."""
    return LargeScaleEnquiryLinked(large_scale=ref, provider=provider, adult_told=Code("yes"))


def two_cases(views: Views) -> int:
    """Tell of two cases linked to one enquiry, and the second to another; the last position."""
    last = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-05", link(), occurred="2026-11-04"),
        told("2026-11-06", link(provider=None), stream=OTHER_CASE),
        told("2026-11-07", link(OTHER, None), stream=OTHER_CASE),
    )
    views.follow(CASELOAD, LARGE_SCALE)
    return last


def test_an_enquiry_leads_to_its_cases(views: Views) -> None:
    """Each case stands there with its stage and its own link, and each enquiry with its number."""
    two_cases(views)
    shows(
        views.ask(enquiries),
        """
        large_scale | providers    | cases | since
        other-case  | -            | 1     | 2026-11-07
        enquiry     | sunrise-home | 2     | 2026-11-04
        """,
    )
    shows(
        views.ask(linked, LARGE),
        """
        case       | stage   | provider     | linked_on  | linked_at
        case       | concern | sunrise-home | 2026-11-04 | 3
        other-case | concern | -            | 2026-11-06 | 4
        """,
    )
    assert views.ask(enquiries_of, CASE) == {LARGE}
    assert views.ask(linked, CASE) == []


def test_a_case_unlinked_leaves_the_enquiry(views: Views) -> None:
    """From then on; at an earlier position it is one of its cases, and linked anew it is again."""
    before = two_cases(views)
    views.tell(told("2026-11-09", LargeScaleEnquiryUnlinked(large_scale=LARGE)))
    views.follow(LARGE_SCALE)
    assert [one.case for one in views.ask(linked, LARGE, as_at=before)] == [CASE, OTHER_CASE]
    assert [one.case for one in views.ask(linked, LARGE)] == [OTHER_CASE]
    views.tell(told("2026-11-10", link()))
    views.follow(LARGE_SCALE)
    shows(
        views.ask(linked, LARGE),
        """
        case       | linked_on  | linked_at
        other-case | 2026-11-06 | 4
        case       | 2026-11-10 | 7
        """,
    )
    assert verify(LARGE_SCALE, views.connect).equal


def test_a_link_withdrawn_was_never_one(views: Views) -> None:
    """One recorded in the wrong case is no case's any more; one of another day is of that day."""
    before = two_cases(views)
    views.tell(
        told("2026-11-09", corrected(2, withdrawn=True)),
        told("2026-11-09", corrected(2, occurred="2026-11-05"), stream=OTHER_CASE),
    )
    views.follow(LARGE_SCALE)
    shows(
        views.ask(linked, LARGE),
        """
        case       | linked_on  | linked_at
        other-case | 2026-11-05 | 4
        """,
    )
    assert [one.case for one in views.ask(linked, LARGE, as_at=before)] == [CASE, OTHER_CASE]
    assert verify(LARGE_SCALE, views.connect).equal


def test_a_merged_case_is_linked_where_it_was(views: Views) -> None:
    """Its link stays with it, and it stands as far as the case it is read in; parted, as before."""
    before = two_cases(views)
    views.tell(
        told("2026-11-08", an_enquiry()),
        *merge("2026-11-09", OTHER_CASE, CASE),
    )
    views.follow(CASELOAD, LARGE_SCALE)
    shows(
        views.ask(linked, LARGE),
        """
        case       | read_in | stage   | provider     | linked_on  | linked_at
        case       | -       | enquiry | sunrise-home | 2026-11-04 | 3
        other-case | case    | enquiry | -            | 2026-11-06 | 4
        """,
    )
    assert views.ask(enquiries_of, CASE) == {LARGE}
    assert [one.read_in for one in views.ask(linked, LARGE, as_at=before)] == [None, None]
    assert verify(LARGE_SCALE, views.connect).equal
