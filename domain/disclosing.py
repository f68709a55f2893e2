"""What was given to a court, the police, a regulator or a board: whose decision, and exactly what.

A disclosure has a manifest: each entry, the form it was given in and the digest of it, so that
years later anybody can show what left and what did not (L18, L22, L23).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.manifest import PRIVILEGED, Given, check_entries, criticised
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import (
    Code,
    Digest,
    DocumentRef,
    Fact,
    Passage,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureMade:
    """Something of the case was given to somebody outside it (L22).

    `authority` is what they asked by, such as an order of a court, and `reference` its number.
    `digest` is of everything that was given, `manifest` says what was in it; `privileged` entries
    are those of the manifest that hold legal advice.
    """

    to: Code = listed("disclosed_to")
    to_other: Passage | None = None
    organisation: Slug | None = None
    ground: Code = listed("disclosure_ground")
    authority: Passage | None = None
    necessity: Passage | None = None
    manifest: tuple[Given, ...]
    digest: Digest
    document: DocumentRef | None = None
    method: Code = listed("sending_method")
    decided_by: WorkerRef
    person_told: Code = listed("yes_no_not_recorded")
    privileged: tuple[int, ...] = numbering(default=())


Event: TypeAlias = DisclosureMade

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was disclosed without what belongs to it."""

    bare: tuple[Mark, ...] = ()  # no ground
    unnamed: tuple[Mark, ...] = ()  # by an order of a court, and not which
    unneeded: tuple[Mark, ...] = ()  # without why it was necessary, and no order demanded it
    unproved: tuple[Mark, ...] = ()  # an entry without a digest
    given: tuple[tuple[Mark, tuple[Given, ...], bool], ...] = ()  # and whether legal advice was in


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event, at = fact.event, (mark(fact),)
    ordered = event.ground in {"court_order", "not_recorded"}
    return replace(
        state,
        bare=state.bare + (at if event.ground == "not_recorded" else ()),
        unnamed=state.unnamed
        + (at if event.ground == "court_order" and event.authority is None else ()),
        unneeded=state.unneeded + (at if event.necessity is None and not ordered else ()),
        unproved=state.unproved + (at if any(one.digest is None for one in event.manifest) else ()),
        given=(*state.given, (mark(fact), event.manifest, bool(event.privileged))),
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDisclosure:
    """Record what was given; whoever performed it decided, unless `decided_by` says."""

    to: Code = listed("disclosed_to")
    to_other: Passage | None = None
    organisation: Slug | None = None
    ground: Code = listed("disclosure_ground", default=Code("not_recorded"))
    authority: Passage | None = None
    necessity: Passage | None = None
    manifest: tuple[Given, ...]
    digest: Digest
    document: DocumentRef | None = None
    method: Code = listed("sending_method", default=Code("not_recorded"))
    decided_by: WorkerRef | None = None
    person_told: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = MakeDisclosure


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: an entry of the manifest is not of this case.
        Refused: an entry stands in the manifest twice.
    """
    match command:
        case MakeDisclosure(manifest=manifest):
            names = {one.entry: known.event_at(one.entry) for one in manifest}
            check_entries(manifest, names)
            secret = tuple(entry for entry, name in names.items() if name == PRIVILEGED)
            by = command.decided_by or context.performed_by
            return (recorded(DisclosureMade, command, decided_by=by, privileged=secret),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what was given out without a ground, too much of it, or beyond proof."""
    del known, context
    for marks, code, rules, severity, words in (
        (
            state.bare,
            "disclosed_without_ground",
            "R82 L22",
            "high",
            "Something of the case was disclosed; the ground is not recorded.",
        ),
        (
            state.unnamed,
            "disclosed_by_order_unnamed",
            "R154 L22",
            "medium",
            "Something of the case was disclosed by an order of a court; which is not recorded.",
        ),
        (
            state.unneeded,
            "disclosure_unexplained",
            "R154 L18",
            "medium",
            "Something of the case was disclosed; why that was necessary is not recorded.",
        ),
        (
            state.unproved,
            "disclosed_without_digest",
            "L22",
            "low",
            "An entry was disclosed without a digest of what was given.",
        ),
    ):
        for at in marks:
            yield found(code, rules, severity, words, at=at)
    for at, manifest, secret in state.given:
        yield from criticised(manifest, secret=secret, at=at)
