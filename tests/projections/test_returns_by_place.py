"""Where abuse may occur: the tables of a return by location, each figure with its cases."""

from __future__ import annotations

import pytest

from domain.jurisdictions.england import ENGLAND
from domain.words import EnquiryRef
from projections.returns.england.words import CONCLUDED, LOCATIONS
from tests.controls import CASE, ENQUIRY, OTHER_CASE, ref
from tests.projections.conftest import Views, told
from tests.projections.test_returns import an_enquiry, concluded, counts, filled, referral


def test_sg2b_counts_where_abuse_may_occur(views: Views) -> None:
    """SG2b counts each concluded enquiry once for each different location and source (R148)."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded(
            "neglect provider_private care_home_nursing",
            "physical provider_public care_home_nursing",
            "physical known_relative own_home",
        ),
    )
    views.tell(
        told("2026-11-03", referral("2025-05-01"), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry(1), stream=OTHER_CASE),
        told(
            "2026-11-03",
            concluded("financial known_relative own_home", number=1),
            stream=OTHER_CASE,
        ),
    )
    found = filled(views, "SG2b")
    assert counts(found, CONCLUDED) == {
        "Care Home - Nursing / Service Provider": 1,
        "Own Home / Other - Known to individual": 2,
    }
    assert len(found.cells) == 2 * 9 * 3  # of Section 42 enquiries, and of others
    (home,) = [one for one in found.cells if one.value == 2]
    assert [(one.case, one.subject) for one in home.counted] == [
        (CASE, ENQUIRY),
        (OTHER_CASE, EnquiryRef(ref(41))),
    ]


def test_sg2a_b1_counts_what_occurs_where(views: Views) -> None:
    """Type by location is the same triples seen from another side: joint, and none twice (R148)."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded(
            "neglect provider_private care_home_nursing",
            "neglect provider_public care_home_nursing",
            "physical known_relative own_home",
        ),
    )
    found = filled(views, "SG2a_b1")
    assert counts(found, CONCLUDED) == {
        "Neglect and Acts of Omission / Care Home - Nursing": 1,
        "Physical Abuse / Own Home": 1,
    }
    assert len(found.cells) == 2 * 11 * 9


@pytest.mark.parametrize("code", ["SG2b", "SG2a_b1"])
def test_a_place_not_recorded_is_left_out_and_said(views: Views, code: str) -> None:
    """An enquiry whose place is not recorded is named, also where another of its places counts."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded("neglect provider_private own_home", "physical provider_private not_recorded"),
    )
    found = filled(views, code)
    assert sum(counts(found).values()) == 1  # type: ignore[arg-type]
    (left,) = found.left_out
    assert "location" in left.why
    assert [one.subject for one in left.counted] == [ENQUIRY]


def test_every_place_on_record_has_its_category() -> None:
    """Whatever the nation lists as a place is a row, and nothing else is (R148)."""
    assert set(LOCATIONS) == set(ENGLAND.lists["location"]) - {"not_recorded"}
