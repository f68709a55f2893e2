"""Whoever records: known to events by reference alone, named only in the worker's own stream."""

from __future__ import annotations

from dataclasses import dataclass

from domain.words import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRegistered:
    """A worker was seen for the first time: who the identity provider says they are."""

    issuer: Passage
    subject: Passage
    name: Passage | None = None
