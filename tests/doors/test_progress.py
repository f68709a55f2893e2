"""How far something long has come, where no terminal shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.clock import SimulatedClock
from api.commands import show


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimulatedClock:
    """Give the time that passes as something goes on."""
    made = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))
    monkeypatch.setattr(show, "SystemClock", lambda: made)
    return made


def test_what_takes_long_says_every_ten_seconds_how_far_it_is(
    clock: SimulatedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, a line each; what is done sooner says nothing."""
    with show.progress("recording") as tell:
        for done in range(26):
            tell(done, 1000)
            clock.forward(timedelta(seconds=1))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["recording: 10 of 1000", "recording: 20 of 1000"]


def test_what_is_said_aloud_says_each_quarter_too(
    clock: SimulatedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it takes no time; and between two quarters every ten seconds."""
    with show.progress("loading", aloud=True) as tell:
        for done in range(5):
            tell(done, 8)
        clock.forward(timedelta(seconds=10))
        tell(5, 8)
        tell(8, 8)
    said = capsys.readouterr().err.splitlines()
    assert said == [f"loading: {done} of 8" for done in (0, 2, 4, 5, 8)]
