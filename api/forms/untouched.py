"""Whether a form would record that something was done, and nothing of what: then it asks first.

It is found in the annotations that the form is made of. What names the conference, the plan or the
part that a thing belongs to says nothing of the thing, nor does an answer that is recorded where
nobody gives one. A form that could tell no more than how or why something was done, or when
(`unrestrict-processing`), records all that there is to say as it is pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.forms.fields import COMMAND, FILE, Field, fields_of

_NOTHING: Final = "Nothing is filled in."
_NOTHING_MORE: Final = "Nothing more is filled in."
_PURPOSE: Final = "purpose"  # always sent: why it is recorded, which says nothing of it
# Whom or what it is about, where a reference leads to that; any other leads to where it belongs.
_WHO: Final = frozenset(
    {"CaseRef", "DocumentRef", "LargeScaleRef", "ParticipantRef", "PersonRef", "ReportRef"}
    | {"WorkerRef"}
)
_WHERE: Final = frozenset({"part", "version"})
# What is told of it beside it: how and why it was done, by whom, and which other answer.
_BESIDE_IT: Final = re.compile(r"(.*_)?(by|method|note|other|rationale|reason)")
_QUALIFIES: Final = frozenset({"code", "flag"})


def unsaid(name: str, body: Mapping[str, Any]) -> str:
    """What is said of a request that tells nothing of what was done; empty where it tells that."""
    members, command = fields_of(name), body[COMMAND]
    if _said(members, command) or not any(map(_tells, members)):
        return ""
    told = {one for one in body if one not in {COMMAND, _PURPOSE}}
    return _NOTHING_MORE if told or _belongs(members, command) else _NOTHING


def _said(members: Iterable[Field], told: Mapping[str, Any]) -> bool:
    """Whether anything is told but where it belongs, and what is recorded anyhow."""
    for one in members:
        if one.kind == FILE:
            if any(part in told for part in one.holds):
                return True
        elif one.kind == "group":
            if _said(one.members, told.get(one.name, {})):
                return True
        elif not _places(one) and told.get(one.name, one.default) != one.default:
            return True
    return False


def _belongs(members: Iterable[Field], told: Mapping[str, Any]) -> bool:
    return any(_places(one) and one.name in told for one in members)


def _places(one: Field) -> bool:
    """Whether a field says where a thing belongs."""
    if one.kind == "reference":
        return one.refers not in _WHO
    return one.kind == "number" and one.name in _WHERE


def _tells(one: Field) -> bool:
    """Whether a field can tell what was done."""
    if one.kind == "group":
        return any(map(_tells, one.members))
    beside = one.kind in _QUALIFIES or _BESIDE_IT.fullmatch(one.name)
    return not (beside or _places(one))
