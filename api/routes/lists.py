"""The nation's words: its lists of codes with their labels, and what it calls things."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter

from api.routes.door import PROBLEM, ActorOf, OfficeOf

router: Final = APIRouter(tags=["views"], responses=PROBLEM)


@router.get("/v1/lists", operation_id="lists")
def lists(office: OfficeOf, _actor: ActorOf) -> dict[str, Any]:
    """Every list that a request's `x-list` names, in order, with the labels people read."""
    nation = office.jurisdiction
    return {
        "nation": nation.name,
        "law": nation.law,
        "policy": nation.policy,
        "terms": dict(nation.terms),
        "lists": {name: dict(codes) for name, codes in nation.lists.items()},
    }
