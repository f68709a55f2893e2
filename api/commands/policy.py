"""`holdfast policy`: by what this authority is judged, and another policy adopted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import ValidationError

from api import schema
from api.clock import new_reference
from api.clocks import UnreadableError, read_day
from api.commands import show
from api.commands.desk import CLI, Desk, at_desk
from api.commands.options import Asking as Who
from api.commands.options import Then
from api.commands.policy_file import PolicyFile, Wrong, read_policy
from api.commands.trouble import REFUSED
from api.problems import Problem, of_validation
from api.register import Register
from api.routes.commands import OWN, Asking, Running, Sent
from api.routes.policy import limit, told
from api.values import Making
from domain.adopting import AdoptPolicy, check_adoptable, policy_of
from domain.authority import denied, may, who_may
from domain.policy import Policy, differences, laid_over
from domain.refusal import Conflict, Refused

COMMAND: Final = "adopt-policy"
_WHOSE: Final = {"nation": "the nation's default", "local": "the authority's own", "law": "a law's"}
_UNITS: Final = {
    "hours": "hours",
    "calendar_days": "calendar days",
    "working_days": "working days",
    "weeks": "weeks",
    "months": "months",
}
_DIFFERS: Final = {
    "shorter": "shorter than the nation's default",
    "longer": "longer than the nation's default",
    "not_comparable": "in another unit than the nation's default",
    "added": "not of the nation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be adopted, as typed."""

    file: Path
    effective: str | None
    dry_run: bool
    json: bool


def show_policy(asking: Who, then: Then, *, json: bool) -> None:
    """Show what is in force on a day. Raises Refused where a clock is not understood."""
    with at_desk(asking) as desk:
        answer, rests = told(desk.office, desk.clocks(then)), desk.rests()
    if json:
        rests.json(answer)
        return
    held = answer["in_force"]
    named = "the nation's default alone" if held is None else f"from {held['effective']} on"
    show.table(
        f"In force on {answer['on']}: {answer['policy']} ({named})",
        ("Limit", "How long", "Counted from", "Whose", "Says who"),
        [
            (one["label"], _long(one), one["counted_from"], _whose(one), one["cite"])
            for one in answer["limits"]
        ],
    )
    if answer["repeat_referrals"] is not None and answer["repeat_window_months"] is not None:
        counted = f"{answer['repeat_referrals']} referrals in {answer['repeat_window_months']}"
        show.say(f"Repeats are to be looked at together at {counted} months.")
    chairs = answer["chair_roles"]
    roles = ", ".join(chairs["roles"].values())
    show.say(f"Who may chair a conference ({_WHOSE[chairs['whose']]}): {roles}.")
    _show_days(answer)
    show.table(
        "Adopted, in this order",
        ("Version", "From", "Entry", "Document"),
        [
            (one["version"], one["effective"], one["position"], one["document"])
            for one in answer["policies"]
        ],
    )
    rests.foot()


def _show_days(answer: dict[str, Any]) -> None:
    show.table(
        "Days otherwise than the nation's",
        ("Day", "Office", "Why", "Said by"),
        [
            (
                one["day"],
                "closed" if one["closed"] else "works",
                one["reason"],
                f"the {one['whose']}",
            )
            for one in answer["days"]
        ],
    )


def _long(one: dict[str, Any]) -> str:
    unit = _UNITS[one["unit"]]
    return f"{one['amount']} {unit.removesuffix('s') if one['amount'] == 1 else unit}"


def _whose(one: dict[str, Any]) -> str:
    differs = _DIFFERS.get(one["differs"] or "")
    return f"{_WHOSE[one['whose']]}{f': {differs}' if differs else ''}"


def adopt_policy(asking: Who, wanted: Wanted) -> int:
    """Adopt a policy, or only say what that would do; the exit code.

    Raises:
        Refused: the role may not, or the file or the day typed is not understood. What is wrong in
            the file is told line by line, and nothing is recorded.
        Conflict: another policy was adopted at the same moment.
    """
    policy = read_policy(wanted.file, _day(wanted.effective))
    if policy.wrong:
        return _tell_wrong(wanted, policy.wrong)
    with at_desk(asking, adds=not wanted.dry_run) as desk:
        if not may(desk.actor.role, COMMAND):
            raise Refused("not_permitted", "authority", denied(who_may(COMMAND)))
        try:
            return _adopted(desk, policy, wanted, asking.purpose)
        except _WrongError as wrong:
            return _tell_wrong(wanted, wrong.wrong)


class _WrongError(Exception):
    """The file says what no policy may."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__()
        self.wrong = wrong


def _day(typed: str | None) -> date | None:
    try:
        return None if typed is None else read_day("from", typed)
    except UnreadableError as wrong:
        raise Refused("option", "usage", f"--from: {wrong.words}") from None


def _tell_wrong(wanted: Wanted, wrong: tuple[Wrong, ...]) -> int:
    for one in sorted(wrong, key=lambda one: one.line or 0):
        place = f"{wanted.file.name}:{one.line}" if one.line else wanted.file.name
        show.tell(f"{place}: {one.words}")
    show.tell("Nothing was recorded.")
    return REFUSED


def _adopted(desk: Desk, policy: PolicyFile, wanted: Wanted, purpose: str) -> int:
    adopted, nation = desk.office.policies.adopted(), desk.office.jurisdiction
    body, asked = _asked(policy, purpose)
    making = Making(desk.office.authority, new_reference())
    command = schema.command_of(COMMAND, asked, making)
    assert isinstance(command, AdoptPolicy)  # noqa: S101 — what the name says
    ours = policy_of(command)
    same = [one for one in adopted.policies if replace(one, adopted=0) == ours]
    if not same:
        try:
            check_adoptable(command, adopted, nation)
        except Refused as refused:
            raise _wrong(policy, refused.field, refused.detail) from None
    position = same[0].adopted if same else None
    if not (same or wanted.dry_run):
        answer = _recorded(desk, adopted.version, body, asked, policy)
        position = answer["positions"][1]
    _tell_done(desk, ours, wanted, position, repeated=bool(same))
    return 0


def _asked(policy: PolicyFile, purpose: str) -> tuple[dict[str, Any], schema.Asked]:
    """The request a client of the interface would send."""
    body = {"purpose": purpose, "command": policy.command}
    try:
        return body, schema.request_model(COMMAND).model_validate(body)
    except ValidationError as error:
        problem = of_validation([{**one, "loc": one["loc"]} for one in error.errors()])
    told_ = problem.members.get("errors", ())
    raise _WrongError(*(Wrong(policy.line(one["pointer"]), one["detail"]) for one in told_))


def _recorded(
    desk: Desk, version: int, body: dict[str, Any], asked: schema.Asked, policy: PolicyFile
) -> dict[str, Any]:
    """The answer the interface would give."""
    sent = Sent(
        path=OWN[COMMAND],
        raw=orjson.dumps(body),
        key=str(new_reference()),
        if_match=f'"{version}"',
    )
    asking = Asking(
        name=COMMAND,
        stream=desk.office.authority,
        body=asked,
        sent=sent,
        office=desk.office,
        actor=desk.actor,
        running=Running(),
        register=Register(desk.office),
        door=CLI,
    )
    try:
        answer: dict[str, Any] = orjson.loads(asking.recorded().body)
    except Refused as refused:
        raise _wrong(policy, refused.field, refused.detail) from None
    except Problem as problem:
        if problem.kind == "stale-version":
            raise Conflict(desk.office.authority, version, None) from None
        raise
    return answer


def _wrong(policy: PolicyFile, field: str | None, words: str) -> _WrongError:
    return _WrongError(Wrong(policy.line(field or ""), words))


def _tell_done(
    desk: Desk, ours: Policy, wanted: Wanted, position: int | None, *, repeated: bool
) -> None:
    """Say what was adopted, and how it differs from the nation's default."""
    nation = desk.office.jurisdiction
    found = list(differences(nation, ours))
    if wanted.json:
        show.as_json(
            {
                "version": ours.version,
                "effective": ours.effective.isoformat(),
                "position": position,
                "repeated": repeated,
                "recorded": position is not None and not repeated,
                "past": ours.effective < desk.today,
                "differences": [
                    {
                        "limit": one.limit,
                        "kind": one.kind,
                        "nation": None if one.nation is None else limit(one.nation),
                        "local": limit(one.local),
                    }
                    for one in found
                ],
                "chair_roles": [str(one) for one in laid_over(nation, ours).chair_roles],
            }
        )
        return
    labels = nation.lists["time_limit"]
    show.table(
        "Otherwise than the nation's default",
        ("Limit", "The authority's own", "The nation's", "Which is"),
        [
            (
                labels.get(one.limit, one.limit),
                _long(limit(one.local)),
                None if one.nation is None else _long(limit(one.nation)),
                _DIFFERS[one.kind],
            )
            for one in found
        ],
    )
    if ours.chair_roles:
        roles = ", ".join(nation.label("chair_role", one) for one in ours.chair_roles)
        show.say(f"Who may chair a conference: {roles}.")
    named = f"{nation.policy}/{ours.version}"
    if repeated:
        show.say(f"{named} was adopted before: entry {position} of the record.")
    elif position is None:
        show.say(f"{named} would hold from {ours.effective}; nothing was recorded.")
    else:
        show.say(f"{named} is adopted, from {ours.effective} on: entry {position} of the record.")
    if ours.effective < desk.today:
        show.say(
            "Its day is past: what is recorded keeps its dates; what is recorded from now on of a "
            "day since then goes by it."
        )
