"""The library's own contract tests, run on our recorders.

Not among them: its AggregateRecorderTestCase. That one is about a recorder without a global order
and asserts that `insert_events` gives None, where an application recorder has to give positions;
its other assertions are those of ApplicationRecorderTestCase.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking
from eventsourcing.tests import persistence as contract

from api.clock import entropy
from domain.record.store import Recorder, Tracker, TrackingLogRecorder
from tests.conftest import OWNER
from tests.record.conftest import House

QUICK, LONG = 3, 50


class Housed:
    """Gives a contract of the library our database."""

    house: House

    @pytest.fixture(autouse=True)
    def _given(self, house: House) -> None:
        self.house = house

    def connecting(self, user: str, role: str | None) -> Callable[[], psycopg.Connection[Any]]:
        """How a recorder connects."""
        conninfo = self.house.database.conninfo(user)
        options = f"-c role={role}" if role else None
        return lambda: psycopg.connect(conninfo, autocommit=True, options=options)

    def both(self) -> Callable[[], psycopg.Connection[Any]]:
        """Connect as one who may append and follow too.

        No login of ours may do both: the application appends, its followers track. A process
        recorder of the library does both in one transaction, so here the owner stands in.
        """
        return self.connecting(OWNER, None)


class TestApplicationRecorder(Housed, contract.ApplicationRecorderTestCase[Recorder]):
    """What the library expects of an application recorder, positions without a gap included."""

    def create_recorder(self) -> Recorder:
        """A recorder on the log of cases."""
        return Recorder(self.house.log(), self.house.connect, entropy)

    def test_insert_subscribe(self) -> None:
        """A subscription gives what is there and what comes, from any position, by topic too."""
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(Housed, contract.TrackingRecorderTestCase):
    """What the library expects of a tracking recorder."""

    def create_recorder(self) -> Tracker:
        """A tracker connected as the followers are."""
        return Tracker(self.connecting("holdfast_app", "holdfast_projector"))


class TestProcessRecorder(Housed, contract.ProcessRecorderTestCase):
    """What the library expects of a process recorder: events and tracking, both or neither."""

    def create_recorder(self) -> TrackingLogRecorder:
        """A recorder whose log writes with the rights to track."""
        log = self.house.log()
        log._writer._connect = self.both()
        return TrackingLogRecorder(log, self.both(), entropy)

    def test_tracking_refused_takes_the_events_with_it(self) -> None:
        """Events whose tracking was there already are not recorded: exactly once."""
        recorder = self.create_recorder()
        stored = StoredEvent(self.new_originator_id(), 1, "topic", b"state")
        recorder.insert_events([stored], tracking=Tracking("upstream", 1))
        again = StoredEvent(self.new_originator_id(), 1, "topic", b"state")
        with pytest.raises(IntegrityError):
            recorder.insert_events([again], tracking=Tracking("upstream", 1))
        assert recorder.max_notification_id() == 1


class NonInterleaving(Housed, contract.NonInterleavingNotificationIDsBaseCase):
    """What the library expects of two appends racing: one's positions all before the other's."""

    times = 1

    made: Recorder

    def create_recorder(self) -> Recorder:
        """A recorder on the log of cases."""
        self.made = Recorder(self.house.log(), self.house.connect, entropy)
        return self.made

    def test(self) -> None:
        """Two stacks of a thousand events, inserted at once, do not interleave.

        Many times over, since a recorder that is wrong passes some single runs.
        """
        for _ in range(self.times):
            super().test()
            self.made.log.close()  # or its connections would pile up until the server has no more


class TestNonInterleaving(NonInterleaving):
    """A few times."""

    times = QUICK


@pytest.mark.long
class TestNonInterleavingLong(NonInterleaving):
    """As often as it takes to trust it."""

    times = LONG


del NonInterleaving  # an unfinished case, not one to be collected
