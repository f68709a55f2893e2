"""What became of each allegation: none is left on file without anything decided of it.

Reviews criticise allegations that stood on one file for years with no decisive action (procedure
C.7). What answers one differs with the nation's law: a finding on it, an outcome or a risk recorded
of it, or a decision about all that was alleged by then: a plan, the adult's status, the conclusion
of the enquiry, or that there is no duty to enquire.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.episode import begun_or_at, of_episode, same
from domain.facets import Alleged
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.known import Known
from domain.stage import Looking, Mark, after, found
from domain.words import AllegationRef

_DECIDING = frozenset({"initial", "outcome", "review"})  # of `conference_kind`


def named(ref: AllegationRef, known: Known, nation: Jurisdiction) -> str:
    """Say which allegation is meant, in a sentence: of what, told where, and which of those there.

    `the allegation of neglect and acts of omission (told at [8], number 2)`: its own words are
    sealed, and two of one entry may be of one type.
    """
    alleged = known.allegations.get(ref)
    if alleged is None:
        return "an allegation"
    harm, at = nation.label("abuse_type", alleged.type), alleged.at.position
    there = [one for one, other in known.allegations.items() if other.at.position == at]
    which = f", number {there.index(ref) + 1}" if len(there) > 1 else ""
    return f"the allegation of {harm[:1].lower()}{harm[1:]} (told at [{at}]{which})"


def left_on_file(known: Known, context: Looking) -> Iterator[Finding]:
    """Name each allegation that came to nothing recorded, once something else has ended (R10)."""
    for ref, alleged in known.allegations.items():
        if ref in known.answered_allegations:
            continue
        if ref in known.put_off:
            yield from _put_off(ref, alleged, known, context)
            continue
        if any(after(at, alleged.at) for at in known.answered_in_general):
            continue
        ended = _ended(ref, alleged, known, context)
        if ended is not None:
            at, words = ended
            yield found(
                "allegation_without_outcome",
                "R10 R154",
                "medium",
                f"{words} is recorded.",
                position=alleged.at.position,
                since=at.when,
                subject=ref,
            )


def _put_off(
    ref: AllegationRef, alleged: Alleged, known: Known, context: Looking
) -> Iterator[Finding]:
    """Say where what a finding was put off for has ended, and there is none (R10).

    It waits for the enquiry, and no longer than the case is open: a decision about all that was
    alleged by then does not answer what was put off.
    """
    at = known.put_off[ref]
    concluded = None if known.enquiry_open else known.concluded
    closed = known.closed_at
    for end, what in ((concluded, "the enquiry was concluded"), (closed, "the case was closed")):
        if end is not None and after(end, at) and same(at, end, known):
            which = named(ref, known, context.jurisdiction)
            words = f"The finding on {which} was put off, and {what} since; no outcome of it is "
            words += "recorded."
            code, position = "allegation_without_outcome", alleged.at.position
            yield found(
                code, "R10 R154", "medium", words, position=position, since=end.when, subject=ref
            )
            return


def _ended(
    ref: AllegationRef, alleged: Alleged, known: Known, context: Looking
) -> tuple[Mark, str] | None:
    """Since when an outcome is wanting: nothing is at the allegation any more, or it was heard.

    Where a conference finds on each allegation, its findings ask for that themselves (R67).
    """
    which = named(ref, known, context.jurisdiction)
    if not context.jurisdiction.decides_abuse:
        for conference, sitting in known.sittings.items():
            convened = known.conferences.get(conference)
            kind = "initial" if convened is None else convened.kind
            if kind in _DECIDING and after(sitting.held, alleged.at):
                return sitting.held, f"A conference was held; no outcome of {which}"
    if known.closed_at is not None and after(known.closed_at, alleged.at):
        return known.closed_at, f"The case was closed; no outcome of {which}"
    ended = known.concluded
    of_it = begun_or_at(alleged.at, known)
    if ended is not None and of_episode(ended, of_it, known) and not known.enquiry_open:
        return alleged.at, f"Something was alleged after the enquiry; no outcome of {which}"
    return None
