"""`holdfast audit sample`: cases drawn to be audited, so that anybody can draw them again."""

from __future__ import annotations

from dataclasses import dataclass

from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.views import team_of
from api.sampling import METHOD, sample
from projections.caseload import CASELOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases are to be drawn from, and how many, as typed."""

    seed: int
    size: int
    team: str | None
    is_open: bool | None
    json: bool


def show_sample(asking: Asking, then: Then, asked: Asked) -> None:
    """Draw a sample and show it with its basis. Raises Refused."""
    team = team_of(asked.team)
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (CASELOAD,))
        found = sample(
            desk.reader,
            seed=asked.seed,
            size=asked.size,
            as_at=clocks.as_at,
            team=team,
            is_open=asked.is_open,
        )
        rests = desk.rests()
    which = {None: "all", True: "open", False: "closed"}[asked.is_open]
    if asked.json:
        rests.json(
            {
                "method": METHOD,
                "seed": asked.seed,
                "as_at": found.as_at,
                "size": asked.size,
                "team": team,
                "which": which,
                "population": found.population,
                "cases": found.rows,
            }
        )
        return
    show.table(
        f"Sample of {len(found.rows)} of {found.population} cases by seed {asked.seed}",
        ("No", "Case", "Standing", "Team", "Order"),
        [
            (
                one["number"],
                one["case"],
                _standing(is_open=one["open"], restricted=one["restricted"]),
                one["team"] or "-",
                one["order"][:16],
            )
            for one in found.rows
        ],
    )
    show.say(f"Drawn by {METHOD} from {which} cases.")
    show.say(f"To draw them again: --seed {asked.seed} --as-at {found.as_at} --size {asked.size}")
    rests.foot()


def _standing(*, is_open: bool, restricted: bool) -> str:
    said = "open" if is_open else "closed"
    return f"{said}, restricted" if restricted else said
