from __future__ import annotations

import pytest

from domain.invitation import InviteParticipant
from domain.words import Code, ParticipantRef, blank
from tests.controls import CONFERENCE, a_conference, a_referral, ref, words
from tests.given import given

RULES = ("R36", "R154")

NOTHING = ["", " \n\t", "\u200b", "\ufeff", "\u2060\u00a0", "\u202e\u2029", "\u3164", "\ufe0f"]


@pytest.mark.parametrize("text", NOTHING)
def test_other_needs_text_that_can_be_seen(text: str) -> None:
    """What is chosen as other is said in words, and a sign of no width is none (I11)."""
    ask = InviteParticipant(
        conference=CONFERENCE,
        participant=ParticipantRef(ref(57)),
        role=Code("other"),
        role_other=words(text),
    )
    given(a_referral(), a_conference()).when(ask).then_refused("I11", code="other_needs_text")


@pytest.mark.parametrize("text", NOTHING)
def test_no_text_is_empty(text: str) -> None:
    """A passage is left out or holds something to be seen (I11, R154)."""
    ask = InviteParticipant(
        conference=CONFERENCE,
        participant=ParticipantRef(ref(57)),
        role=Code("police"),
        reason=words(text),
    )
    given(a_referral(), a_conference()).when(ask).then_refused("I11", code="text_is_empty")


@pytest.mark.parametrize("text", ["a", "\u200bé", "—", "👩‍🦽", "你"])
def test_what_can_be_seen_is_text(text: str) -> None:
    """Any sign that shows is text, whatever stands beside it."""
    assert not blank(text)
