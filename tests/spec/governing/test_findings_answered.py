"""Findings of one fact are one, and each can be answered: explained, accepted or remedied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.answered import AnswerFinding, FindingAnswered
from domain.authority import who_may
from domain.corrected import standing
from domain.correction import CorrectRecord
from domain.excepting import GrantAccessException
from domain.finding import Finding, merged
from domain.jurisdictions import Jurisdiction
from domain.words import Code, Digest, Personal, WorkerRef
from tests.controls import CASE, NATIONS, a_referral, ref
from tests.given import Given, given

GRANT = GrantAccessException(worker=WorkerRef(ref(77)), last_day=date(2026, 12, 1))
WHY = Personal(CASE, "It was agreed by telephone.")
UNEXPLAINED = "exception_unexplained"


def raised() -> Given:
    """A case that raises a high finding."""
    return given(a_referral()).when(GRANT).history


def one_of(history: Given, code: str = UNEXPLAINED) -> Finding:
    """The finding of that code."""
    return next(one for one in history.findings() if one.code == code)


def answering(history: Given, result: str = "explained") -> AnswerFinding:
    """An answer to the high finding."""
    return AnswerFinding(finding=one_of(history).identity, result=Code(result), reason=WHY)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_finding_is_answered(nation: Jurisdiction) -> None:
    """A finding is answered with how and why, and by whom is in the header (R154)."""
    before = given(a_referral(), jurisdiction=nation).when(GRANT).history
    finding = one_of(before)
    assert finding.pressing
    after = before.when(answering(before))
    after.then(
        FindingAnswered(
            finding=finding.identity,
            code=Code(UNEXPLAINED),
            position=finding.position,
            result=Code("explained"),
            reason=WHY,
        )
    )
    answer = one_of(after.history).answer
    assert answer is not None
    assert (answer.result, answer.reason) == ("explained", WHY)
    assert not one_of(after.history).pressing


def test_an_answer_stays_on_every_later_day() -> None:
    """A finding that is computed again, on another day, keeps its identity and its answer."""
    before = raised()
    later = before.when(answering(before)).on("2027-06-01")
    assert one_of(later).identity == one_of(before).identity
    assert one_of(later).answer is not None
    assert one_of(later, "exception_not_reviewed").answer is None


def test_the_latest_answer_stands() -> None:
    """A finding may be answered again, and the latest answer stands."""
    before = raised()
    again = before.when(answering(before)).when(answering(before, "remedied"))
    answer = one_of(again.history).answer
    assert answer is not None
    assert answer.result == "remedied"


def test_what_is_not_raised_is_not_answered() -> None:
    """What the case does not raise today cannot be answered."""
    ask = AnswerFinding(finding=Digest("0" * 64), result=Code("accepted"))
    raised().when(ask).then_not_found()
    explained = given(a_referral()).when(replace(GRANT, rationale=WHY)).history
    explained.when(answering(raised())).then_not_found()


def test_a_withdrawn_answer_shows_the_finding_again() -> None:
    """An answer withdrawn by a correction leaves its finding unanswered."""
    before = raised()
    after = before.when(answering(before)).history
    withdraw = CorrectRecord(
        target=len(after.facts), reason=Code("entered_wrongly"), withdrawn=True
    )
    corrected = after.when(withdraw).history
    understood = replace(corrected, facts=standing(corrected.facts))
    assert one_of(understood).pressing


def test_as_known_before_the_answer_it_was_unanswered() -> None:
    """As known before it was answered, a finding is unanswered."""
    before = raised()
    after = before.when(answering(before)).history
    assert one_of(replace(after, facts=after.facts[:-1])).pressing


def test_an_answer_gives_its_reason() -> None:
    """An answer says why, or that is a finding of its own, and what it answers stays in sight."""
    before = raised()
    said, unsaid = answering(before), replace(answering(before), reason=None)
    assert [one_of(before.when(it).history).pressing for it in (said, unsaid)] == [False, True]
    before.when(said).then_no_finding("answer_unexplained")
    before.when(unsaid).then_finding("answer_unexplained")


def test_findings_of_the_same_fact_merge() -> None:
    """One fact criticised under several rules is one finding, as grave as the gravest (R154)."""
    fact, low = Code("not_so"), Code("low")
    one = Finding(
        code=Code("one"), rules=("R1", "R2"), severity=low, words="No.", position=3, fact=fact
    )
    two = replace(one, code=Code("two"), rules=("R2", "R5"), severity=Code("high"), words="Not so.")
    apart = replace(one, position=4)
    both = merged([one, apart, two])
    assert both == [replace(one, rules=("R1", "R2", "R5"), severity=Code("high")), apart]


def test_whoever_answers_for_practice_answers_findings() -> None:
    """A chair or a manager answers a finding; whoever it may be about does not."""
    assert who_may("answer-finding") == ("chair", "manager")
