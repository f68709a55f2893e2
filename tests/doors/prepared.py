"""What each form is told that its fields alone do not say, and what is recorded before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.doors.listed import Prepared

Said = Any  # any JSON, or what gives it of a case as far as it was prepared
LEFT_OUT: Final = object()

# What begins all that others hang on, in the order in which it is recorded.
FIRST: Final = (
    "open-enquiry",
    "identify-pach",
    "submit-investigation-report",
    "record-desired-outcome",
    "convene-conference",
    "convene-conference",
    "receive-agency-report",
    "invite-participant",
    "request-adult-supporter",
    "nominate-adult-representative",
    "find-on-allegation",
    "agree-plan",
    "agree-action",
    "decide-regulatory-referral",
    "consider-proceedings",
    "change-plan-urgently",
    "apply-for-protection-order",
    "draft-minutes",
    "approve-minutes",
    "write-minute-passage",
    "request-minute-amendment",
    "accept-minute-amendment",
    "raise-issue",
    "identify-dbs-referral-duty",
    "recommend-organisational-change",
    "refer-for-review",
    "audit-case",
    "challenge-factual-accuracy",
    "correct-record",
    "request-rectification",
    "receive-subject-access-request",
    "grant-access-exception",
    "link-large-scale-enquiry",
)

# What is recorded on a case of its own, and what before it there: it would end the one of others,
# or wants what would.
_ENQUIRY: Final = ("open-enquiry",)
_REQUEST: Final = ("receive-subject-access-request",)
BEFORE: Final[Mapping[str, tuple[str, ...]]] = {
    "close-case": _ENQUIRY,
    "reopen-case": ("close-case",),
    "conclude-enquiry": _ENQUIRY,
    "reopen-enquiry": (*_ENQUIRY, "conclude-enquiry"),
    "transfer-case": _ENQUIRY,
    "lift-legal-hold": ("place-legal-hold",),
    "place-legal-hold": _ENQUIRY,
    "restrict-processing": _ENQUIRY,
    "unrestrict-processing": ("restrict-processing",),
    "approve-erasure": _ENQUIRY,
    "erase-personal-data": ("approve-erasure",),
    "approve-person-erasure": _ENQUIRY,
    "erase-person": ("approve-person-erasure",),
    "restart-subject-access-clock": (*_REQUEST, "stop-subject-access-clock"),
    "answer-subject-access-request": _REQUEST,
    "decide-rectification": ("correct-record", "request-rectification"),
    "tell-recipient": (
        "add-allegation",
        "make-disclosure",
        "correct-record",
        "request-rectification",
        "decide-rectification",
    ),
    "merge-case": _ENQUIRY,
    "unmerge-case": ("merge-case",),
    "split-case": ("add-allegation",),
    "end-split": ("add-allegation", "split-case"),
}


def of(event: str, name: str) -> Callable[[Prepared], object]:
    """Say what a field of the last entry of a name holds."""

    def found(on: Prepared) -> object:
        return str(getattr(on.last(event).event, name))

    return found


def entry(event: str) -> Callable[[Prepared], object]:
    """Say which entry of its stream the last one of a name is."""
    return lambda on: on.last(event).version


def entries(event: str) -> Callable[[Prepared], object]:
    """Say the same as the one member of a list."""
    return lambda on: [on.last(event).version]


def last_if_any(event: str) -> Callable[[Prepared], object]:
    """Say which entry the last one of a name is; leave it out where there is none yet."""
    return lambda on: on.last(event).version if on.has(event) else LEFT_OUT


def of_if_any(event: str, name: str, otherwise: str) -> Callable[[Prepared], object]:
    """Say what the last entry of a name holds; where there is none, the first of another."""
    return lambda on: of(event, name)(on) if on.has(event) else on.held(otherwise)[-1]


def another_case(on: Prepared) -> object:
    """Say a case that begins here, of the same adult."""
    return on.doors.case(on.adult)


def next_version(on: Prepared) -> object:
    """Say the number that follows that of a plan."""
    return on.count("plan-revised") + 2


def another_enquiry(on: Prepared) -> object:
    """Say a large-scale enquiry that the case is no part of yet."""
    number = on.count("large-scale-enquiry-linked")
    return f"00000000-0000-4000-8000-{number:012}"


def raised(on: Prepared) -> object:
    """Say the finding of the case that nobody has answered."""
    path = f"/v1/cases/{on.case}/findings?show=all"
    found = on.doors.get(path, Holdfast_Role="manager").json()["findings"]
    return next(one["id"] for one in found if not one.get("answer"))


def asked_for(on: Prepared) -> object:
    """Say an action that an audit asked for."""
    return str(on.last("case-audited").event.remedies[0].action)


_MINUTES: Final = of("minutes-drafted", "conference")
_PERSON: Final = {"details.date_of_birth": "1941-05-04"}
_REQUESTED: Final = {"request": of("subject-access-request-received", "request")}
# By the place of a field in a command, without the numbers of rows.
SAID: Final[Mapping[str, Mapping[str, Said]]] = {
    "register-person": _PERSON,
    "record-person-details": _PERSON,
    "find-on-allegation": {
        "allegation": of_if_any("abuse-finding", "allegation", "AllegationRef"),
        "supersedes": last_if_any("abuse-finding"),
    },
    "link-large-scale-enquiry": {"large_scale": another_enquiry},
    "give-feedback": {"referral": entry("referral-received")},
    "revise-plan": {"plan": of("plan-agreed", "plan"), "version": next_version},
    "raise-issue": {"plan": of("plan-agreed", "plan")},
    "ratify-plan-change": {
        "plan": of("plan-changed-urgently", "plan"),
        "change": entry("plan-changed-urgently"),
    },
    "draft-minutes": {"from_record": False},
    "approve-minutes": {
        "conference": _MINUTES,
        "document": of("minutes-drafted", "document"),
        "master": of("minutes-drafted", "digest"),
    },
    "write-minute-passage": {
        "conference": _MINUTES,
        "amendment": lambda on: (
            of("minute-amendment-accepted", "amendment")(on)
            if on.has("minute-amendment-accepted")
            else LEFT_OUT
        ),
    },
    "attest-minute-passage": {"conference": _MINUTES, "numbers": [1]},
    "request-minute-amendment": {"conference": _MINUTES},
    "accept-minute-amendment": {
        "conference": of("minute-amendment-requested", "conference"),
        "amendment": of("minute-amendment-requested", "amendment"),
    },
    "refuse-minute-amendment": {
        "conference": of("minute-amendment-requested", "conference"),
        "amendment": of("minute-amendment-requested", "amendment"),
    },
    "produce-redacted-copy": {"conference": _MINUTES, "source": of("minutes-approved", "master")},
    "consider-previous-minutes": {"previous": lambda on: on.held("ConferenceRef")[1]},
    "correct-record": {
        "target": 1,
        "supersedes": last_if_any("record-corrected"),
        "fields": ["received"],
        "withdrawn": False,
    },
    "correct-person-record": {
        "target": 1,
        "supersedes": last_if_any("person-record-corrected"),
        "fields": ["details"],
        "withdrawn": False,
    },
    "complete-action": {"action": of("action-agreed", "action")},
    "monitor-plan": {"actions.action": of("action-agreed", "action")},
    "lift-legal-hold": {"hold": entry("legal-hold-placed")},
    "erase-personal-data": {"approvals": entries("erasure-approved")},
    "erase-person": {"approvals": entries("person-erasure-approved")},
    "decide-rectification": {
        "request": of("rectification-requested", "request"),
        "entries": entries("record-corrected"),
    },
    "tell-recipient": {"request": of("rectification-requested", "request")},
    "stop-subject-access-clock": _REQUESTED,
    "restart-subject-access-clock": _REQUESTED,
    "extend-subject-access": _REQUESTED,
    "answer-subject-access-request": _REQUESTED,
    "resolve-factual-accuracy": {
        "challenge": entry("factual-accuracy-challenged"),
        "corrections": entries("record-corrected"),
    },
    "complete-audit-remedy": {"action": asked_for},
    "review-access-exception": {"exception": entry("access-granted-exception")},
    "answer-finding": {"finding": raised},
    "merge-case": {"other": another_case},
    "unmerge-case": {"other": of("case-merged", "other")},
    "split-case": {"other": another_case, "entries": entries("allegation-added")},
    "end-split": {"other": of("case-split", "other")},
}
# What an address has behind it as other pages lead to it: for what a page is read, or about whom.
QUERY: Final[Mapping[str, str]] = {
    "receive-referral": "?adult={adult}",
    "unrestrict-processing": "?purpose=legal_claim",
}
# References that nobody can choose: a page of one case lists no others, which its reader may not
# be allowed to read, but those it is read with, to be parted from them.
TYPED: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset({"other"}) for name in ("merge-case", "split-case")
}
# What is typed and says how something is to be recorded, so that no entry has it as it was typed.
KEPT_OTHERWISE: Final[Mapping[str, frozenset[str]]] = {
    "draft-minutes": frozenset({"from_record"}),  # the decisions are those that are named, or all
}
# What a form offers as it is known, or makes itself: nobody types its reference.
MADE_HERE: Final[Mapping[str, str]] = {"link-large-scale-enquiry": "large_scale"}
# Commands without a form, and why.
EXEMPT: Final[Mapping[str, str]] = {
    "bring-case-forward": "it begins a case from a list, by `holdfast import cases`; on the page of"
    " one that has begun it would always be refused",
}
