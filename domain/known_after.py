"""What one stage may ask about outcomes, about what follows them, and about closing and governing.

The rest of what `known` gives; see there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from domain.copies import Release, Sent
from domain.episode import Episode
from domain.facets import Outcomes
from domain.manifest import Holder
from domain.read_while import ReadIn, While
from domain.shared_with import SharedWith
from domain.stage import Mark
from domain.when import When
from domain.words import Code, ConferenceRef, Fact, OutcomeRef, PersonRef, Slug


class KnownAfter(Protocol):
    """What a stage may ask of what came of the case."""

    @property
    def in_enquiry(self) -> frozenset[Slug]:
        """The agencies caused to enquire, asked for a report or giving one, or planning it."""

    @property
    def pach_outcomes(self) -> tuple[Outcomes, ...]:
        """What came of it for whoever is alleged to have caused harm."""

    @property
    def outcomes_expressed(self) -> Collection[OutcomeRef]:
        """Every outcome the adult, or somebody for them, said they want."""

    @property
    def regulators_told(self) -> tuple[tuple[Code, Slug | None, Mark], ...]:
        """The body each referral was made to, of `regulatory_body`, by whom, and where."""

    @property
    def risks_shown(self) -> tuple[tuple[Code, Mark], ...]:
        """Each allegation found so by `source_of_risk`, each risk by `risk_source`, and where."""

    @property
    def provider_enquiries(self) -> tuple[Mark, ...]:
        """Where a large-scale enquiry was opened over concerns about a provider."""

    @property
    def pach_at_work(self) -> tuple[tuple[Slug | None, Mark], ...]:
        """Each person identified as alleged to have caused harm: at work for whom, and where."""

    def pach_of(self, at: Mark) -> tuple[tuple[PersonRef, Slug | None, Mark], ...]:
        """Give each identification of one of them in the episode of something else.

        Whoever was identified in an earlier one alone was for the conferences of that one.
        """

    @property
    def pach_needs_support(self) -> bool:
        """Whether one of them lacks capacity and may be an adult at risk (R175)."""

    @property
    def carers_told(self) -> tuple[tuple[ConferenceRef, Mark, Sent], ...]:
        """Every copy of minutes that a carer was sent, of which meeting, and where."""

    @property
    def risk_explained(self) -> tuple[tuple[ConferenceRef | None, Mark], ...]:
        """At which conferences the risks were explained to the adult; None apart from any."""

    def permits(self, version: int | None, release: Release) -> bool:
        """Say whether the case's event of that version permits that release from here (I8)."""

    def permitted(self, version: int | None, release: Release) -> Mark | None:
        """Give where what is named permits that release, also where it is read elsewhere now."""

    def permitted_on(self, release: Release, before: Mark | None = None) -> frozenset[Code]:
        """Give the basis of each permission given, before that, which lets them have it."""

    @property
    def sharing_decided(self) -> tuple[SharedWith, ...]:
        """Each decision to share information with an agency, or with somebody in a part (R82)."""

    def carer_decided(
        self, release: Release, before: Mark | None = None, named: int | None = None
    ) -> bool:
        """Say whether it was decided, before that, what of them that carer may know (R167).

        `named` is the version of what is said to permit it.
        """

    def fields_at(self, version: int) -> frozenset[str]:
        """Give the names of the fields of the case's event of that version; none where none is."""

    @property
    def referrers(self) -> Mapping[int, tuple[Code, Slug | None]]:
        """Of each referral, by its position, in what part whoever made it has it, and for whom."""

    @property
    def referral_numbers(self) -> Mapping[int, int]:
        """The position of each referral, by the number that names its entry in the case."""

    @property
    def transferred(self) -> bool:
        """Whether another authority leads, which accepted that."""

    # Of closing and governing.

    @property
    def brought_at(self) -> When | None:
        """When this case was brought forward from another system; None of any other."""

    @property
    def told_before(self) -> Collection[int]:
        """The positions of entries about the time before, which the other system tells."""

    @property
    def died_beside(self) -> Mark | None:
        """Where a case of the same adult that is read as one with it was closed for their death."""

    @property
    def died_told(self) -> Mark | None:
        """Where the adult's own record tells their death, and its day; None where the case does."""

    @property
    def closed_for(self) -> Code | None:
        """For what the case was closed, of `closure_reason`; None while it is open."""

    def closed_without(self, position: int) -> Mark | None:
        """Give where the case would be closed without the closing there; None: it would be open."""

    @property
    def closure_viewed(self) -> tuple[tuple[Code, Mark], ...]:
        """What the adult thinks of closing, as recorded apart from the closing, and where."""

    @property
    def review_considered(self) -> tuple[Mark, ...]:
        """Where a statutory review was thought of, apart from the closing."""

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """Every later episode of the case: where it had been closed, and was taken up again."""

    @property
    def held(self) -> bool:
        """Whether a legal hold stands."""

    @property
    def erased(self) -> bool:
        """Whether the data were erased."""

    @property
    def given_out(self) -> tuple[Holder, ...]:
        """Who holds something of the case."""

    @property
    def beside(self) -> Mapping[int, int]:
        """Of each correction, and each note beside an entry that stands, the entry it is about."""

    @property
    def version(self) -> int:
        """How many events the case has."""

    @property
    def begun(self) -> bool:
        """Whether anything stands in the case."""

    def recorded_anew(self, version: int) -> bool:
        """Say whether what only one may have, and that event had, another has now."""

    @property
    def dated(self) -> Mapping[int, Fact[Any]]:
        """The events that have due dates, by version, as they are understood.

        Those of other cases that are read in this one are under the numbers they have here.
        """

    @property
    def as_recorded(self) -> Mapping[int, Fact[Any]]:
        """Those of them that are understood otherwise than they were recorded, as recorded."""

    @property
    def read_while(self) -> Mapping[UUID, Sequence[While]]:
        """Of each case of which entries are or were read in this one, while when."""

    @property
    def read_in(self) -> tuple[ReadIn, ...]:
        """What has due dates in the cases that this one's entries are or were read in."""

    @property
    def withdrawn(self) -> frozenset[int]:
        """The versions of events that are now understood not to have happened."""

    @property
    def redated_to(self) -> Mapping[int, When]:
        """When an event is now understood to have happened, where that was corrected."""

    def position_at(self, version: int) -> int:
        """Give where the case's event of that version stands in the record."""

    def may_be_read_elsewhere(self, version: int) -> bool:
        """Say whether the case's event of that version may be read in another case."""

    def event_at(self, version: int) -> str | None:
        """Give the name of the case's event of that version; None where there is none."""
