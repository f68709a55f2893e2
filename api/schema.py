"""The shape of every request, made from the commands' own annotations.

A command dataclass becomes a pydantic model field by field, as the record's codec makes its stored
form: a field of a type this page does not name is refused when the model is made. Extra fields are
forbidden. What a command itself creates may be left out and is made here, always the same for the
same command id, so that a repeated request makes nothing new.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Described

from api.values import (
    LEAVES,
    PASSAGE,
    WIDE,
    Build,
    CodeText,
    Making,
    Position,
    Shape,
    SlugText,
    UuidText,
    WhenText,
)
from domain.access_request import ReceiveSubjectAccessRequest
from domain.action import AgreeAction
from domain.advice import ConsiderProceedings, DecideRegulatoryReferral
from domain.allocation import AllocateCase
from domain.amending import RequestMinuteAmendment
from domain.answering import RaiseIssue
from domain.assessment import RecordDesiredOutcome
from domain.auditing import RemedyAsked
from domain.barring import IdentifyDbsReferralDuty
from domain.catalogue import COMMANDS
from domain.concern import Allegation, ReceiveReferral
from domain.conference import ConveneConference
from domain.correction import ApproveErasure, CorrectRecord, ErasePersonalData
from domain.drafting import KeepRawNotes
from domain.enabling import RequestAdultSupporter
from domain.enquiry import OpenEnquiry, SubmitInvestigationReport
from domain.information import ReceiveAgencyReport
from domain.invitation import InviteParticipant
from domain.joining import EndSplit, MergeCase, SplitCase, UnmergeCase
from domain.learning import RecommendOrganisationalChange
from domain.linking import LinkLargeScaleEnquiry
from domain.minutes import DraftMinutes
from domain.monitoring import DecidePachAction
from domain.order import ApplyForProtectionOrder
from domain.person import RegisterPerson
from domain.plan import Action, AgreePlan
from domain.planning import AgreeInterimPlan
from domain.record.encoding import TAG, kebab
from domain.rectifying import RequestRectification
from domain.reference import AddCaseReference
from domain.reviewing import ProduceChronology, ReferForReview
from domain.told import ENDED, PART, PARTS, field_told_in, time_told
from domain.when import When
from domain.words import (
    Code,
    Forgotten,
    KnownTo,
    Particulars,
    Personal,
    WorkerRef,
)

# What is made where it is left out: by class, the reference that names the new thing.
MADE: Final[Mapping[type, str]] = {
    Allegation: "ref",
    OpenEnquiry: "enquiry",
    SubmitInvestigationReport: "report",
    ConveneConference: "conference",
    InviteParticipant: "participant",
    RequestAdultSupporter: "supporter",
    ReceiveAgencyReport: "report",
    AgreeInterimPlan: "plan",
    AgreePlan: "plan",
    Action: "action",
    DecidePachAction: "action",
    AgreeAction: "action",
    DecideRegulatoryReferral: "referral",
    ConsiderProceedings: "proceedings",
    IdentifyDbsReferralDuty: "duty",
    ReferForReview: "review",
    RecommendOrganisationalChange: "change",
    RaiseIssue: "issue",
    ApplyForProtectionOrder: "order",
    DraftMinutes: "document",
    KeepRawNotes: "document",
    RequestMinuteAmendment: "amendment",
    RegisterPerson: "person",
    RequestRectification: "request",
    ReceiveSubjectAccessRequest: "request",
    ProduceChronology: "document",
    LinkLargeScaleEnquiry: "large_scale",
    RemedyAsked: "action",
}

# Made likewise, of such an answer alone. A form asks for it: an earlier one may be meant.
MADE_OF: Final[Mapping[type, tuple[str, str, Code]]] = {
    RecordDesiredOutcome: ("outcome", "asked", Code("expressed")),
}

# What a command holds but nobody may send: `domain.handle` looks it up, or `api.intake`.
LOOKED_UP: Final[Mapping[type, str]] = {
    AllocateCase: "registered",
    ReceiveReferral: "earlier_referrals",
    AddCaseReference: "elsewhere",
    CorrectRecord: "elsewhere",
    ErasePersonalData: "named",
    ApproveErasure: "named",
    MergeCase: "beside",
    UnmergeCase: "beside",
    SplitCase: "beside",
    EndSplit: "beside",
}

MOST: Final = 500  # members of one list
# Fields that hold a position of the whole record, or a seed: not a count or a version.
_WIDE: Final = frozenset({"as_at", "seed"})


@cache
def shape(hint: Any) -> Shape:  # noqa: ANN401 — an annotation is any object
    """The form of an annotation; TypeError names what no request may hold."""
    while hasattr(hint, "__supertype__"):  # a reference's NewType is a UUID in a request
        hint = hint.__supertype__
    if hint in LEAVES:
        return LEAVES[hint]
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(tuple(one for one in members if one is not type(None)))
    if origin is tuple and members[1:] == (...,):
        return _sequence(shape(members[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return Shape(model(hint), _builder(hint))
    raise TypeError(f"{hint!r} may not be asked for: use a reference, Code, Slug or Passage")


def _shaped(cls: type) -> dict[str, Shape]:
    """The form of each field of a class that a request may hold."""
    hints = typing.get_type_hints(cls)
    return {
        one.name: WIDE if one.name in _WIDE else shape(hints[one.name]) for one in asked_fields(cls)
    }


def _union(members: tuple[Any, ...]) -> Shape:
    if set(members) == {Personal, Forgotten}:
        return PASSAGE
    if len(members) == 1:
        return shape(members[0])
    tagged = {
        kebab(one.__name__): one for one in members if isinstance(one, type) and is_dataclass(one)
    }
    if len(tagged) != len(members):
        raise TypeError(f"a union of {members!r} may not be asked for")
    models = tuple(model(one, tag) for tag, one in tagged.items())

    def build(value: Any, making: Making, path: str) -> Any:  # noqa: ANN401 — as the union's members
        return _builder(tagged[getattr(value, "tag")])(value, making, path)  # noqa: B009 — not every model has one

    return Shape(
        Annotated[typing.Union[models], Described(discriminator="tag")],  # noqa: UP007 — made of a tuple
        build,
    )


def _tuple_of(annotation: Any) -> Any:  # noqa: ANN401 — an annotation is any object
    return types.GenericAlias(tuple, (annotation, ...))


def _sequence(one: Shape) -> Shape:
    return Shape(
        Annotated[_tuple_of(one.annotation), Described(max_length=MOST)],
        lambda value, making, path: tuple(
            one.build(member, making, f"{path}/{number}" if path else str(number))
            for number, member in enumerate(value)
        ),
    )


class Strict(BaseModel):
    """What every object of a request obeys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def model(cls: type, tag: str | None = None) -> type[Strict]:
    """The pydantic model of a command, or of a value inside one; always the same one."""
    if (cls, tag) not in _MODELS:
        _MODELS[cls, tag] = _model(cls, tag)
    return _MODELS[cls, tag]


_MODELS: Final[dict[tuple[type, str | None], type[Strict]]] = {}


def _model(cls: type, tag: str | None) -> type[Strict]:
    shapes = _shaped(cls)
    made = MADE.get(cls)
    name_of, of, answer = MADE_OF.get(cls, ("", "", ""))
    members: dict[str, Any] = {}
    if tag is not None:
        members["tag"] = (Literal[tag], Described(alias=TAG))
    for one in asked_fields(cls):
        annotation = shapes[one.name].annotation
        options = _options(one)
        if one.name == made:
            options |= {"default": None, "description": "Made here where it is left out."}
            annotation |= None
        elif one.name == name_of:
            words = (
                f"Made here where it is left out and `{of}` is `{answer}`; an earlier one changes."
            )
            options |= {"default": None, "description": words}
            annotation |= None
        elif one.default is None:
            options["default"] = None
            annotation |= None
        elif one.default is not MISSING:
            options["default"] = _plain(one.default)
        elif one.default_factory is not MISSING:
            options["default"] = None
        members[_inside(one.name)] = (annotation, Described(**options))
    name = cls.__name__
    return cast("type[Strict]", create_model(name, __base__=Strict, __doc__=_first(cls), **members))


def asked_fields(cls: type) -> list[Field[Any]]:
    """The fields that a request may hold."""
    return [one for one in fields(cls) if one.name != LOOKED_UP.get(cls)]


def _inside(name: str) -> str:
    """The attribute of a model for a field: some names belong to pydantic."""
    return f"{name}_" if hasattr(BaseModel, name) else name


def _plain(default: object) -> object:
    """A default as the published schema shows it."""
    return str(default) if isinstance(default, str) else default


def _options(one: Field[Any]) -> dict[str, Any]:
    """The list a field's codes come from; the values differ by nation (GET /v1/lists)."""
    listed = one.metadata.get("list")
    options: dict[str, Any] = {} if listed is None else {"json_schema_extra": {"x-list": listed}}
    if _inside(one.name) != one.name:
        options["alias"] = one.name
    return options


def _first(cls: type) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())


_BUILDERS: Final[dict[type, Build]] = {}


def _builder(cls: type) -> Build:
    """How a model's instance becomes the dataclass it was made from."""
    if cls not in _BUILDERS:
        _BUILDERS[cls] = _made_builder(cls)
    return _BUILDERS[cls]


def _made_builder(cls: type) -> Build:
    builds = {name: one.build for name, one in _shaped(cls).items()}
    made = MADE.get(cls)
    also, of, answer = MADE_OF.get(cls, ("", "", ""))

    def build(value: Any, making: Making, path: str) -> Any:  # noqa: ANN401 — an instance of `model(cls)`
        known: dict[str, Any] = {}
        for name, build_one in builds.items():
            place = f"{path}/{name}" if path else name
            given = getattr(value, _inside(name))
            wanted = name == made or (name == also and getattr(value, _inside(of)) == answer)
            if wanted and given is None:
                known[name] = making.reference(place)
            elif _inside(name) in value.model_fields_set:
                known[name] = None if given is None else build_one(given, making, place)
        return cls(**known)

    return build


# -------------------------------------------------------------------------------- whole requests


class Known(Strict):
    """An agency that knew, and since when."""

    agency: SlugText
    since: WhenText


_OCCURRED: Final = "When the thing recorded happened; left out, {}."
# What a command tells of its time in a field of its own, in words; any other field tells it whole.
_TOLD: Final[Mapping[str, str]] = {
    PART: "the days that `part` tells, or this moment where it tells none",
    PARTS: "the days that `parts` tell, or this moment where they tell none",
    ENDED: "some time up to `ended`, or this moment where that tells none",
}


class Asked(Strict):
    """What is true of a command besides its content."""

    occurred: WhenText | None = Described(default=None, description=_OCCURRED.format("this moment"))
    purpose: CodeText = Described(default="safeguarding", json_schema_extra={"x-list": "purpose"})
    performed_by: UuidText | None = Described(
        default=None, description="Who did it, where that is not who records it."
    )
    performed_role: CodeText | None = None
    performed_organisation: SlugText | None = None
    known_to: tuple[Known, ...] = Described(default=(), max_length=MOST)
    source: SlugText | None = Described(default=None, description="Where an imported entry stood.")
    source_recorded: WhenText | None = Described(
        default=None, description="When it was written there."
    )
    causation: Position | None = Described(
        default=None, description="The position of the event that led to this."
    )
    correlation: UuidText | None = None


def request_model(name: str) -> type[Asked]:
    """The model of a whole request for a command, by the command's name."""
    cls = COMMANDS[name].cls
    members: dict[str, Any] = {"command": (model(cls), ...)}
    if name == "receive-referral":
        members["case"] = (
            UuidText | None,
            Described(default=None, description="The new case's reference; made where left out."),
        )
    if told := field_told_in(cls):
        words = _OCCURRED.format(_TOLD.get(told, f"what `{told}` says"))
        members["occurred"] = (WhenText | None, Described(default=None, description=words))
    return create_model(f"{cls.__name__}Request", __base__=Asked, __doc__=_first(cls), **members)


def command_of(name: str, body: Asked, making: Making) -> object:
    """The command a request holds."""
    return _builder(COMMANDS[name].cls)(getattr(body, "command"), making, "")  # noqa: B009 — each request's own model has it


def particulars_of(body: Asked, command: object, now: When) -> Particulars:
    """What a request says is true of its command besides its content.

    When it happened is what the request says, else what the command itself tells, else now.
    """
    return Particulars(
        occurred=body.occurred or time_told(command) or now,
        purpose=Code(body.purpose),
        performed_by=body.performed_by and WorkerRef(body.performed_by),
        performed_role=body.performed_role,
        performed_organisation=body.performed_organisation,
        known_to=tuple(KnownTo(agency=one.agency, since=one.since) for one in body.known_to),
        source=body.source,
        source_recorded=body.source_recorded,
        correlation=body.correlation,
        causation=body.causation,
    )
