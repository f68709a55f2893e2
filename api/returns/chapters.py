"""The chapters of the public report of each nation: what they are called, and of which tables.

What is said here is for whoever reads the report, and has no figure in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.words import Code
from projections.returns.england.adding import CROSSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A table in plain words: its title, and what its categories are, a word for each.

    `says`: what is to be known of it before it is read.
    """

    title: str
    of: tuple[str, ...] = ("Category",)
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter: the name by which commentary is headed, its title, and its tables by code."""

    name: str
    title: str
    says: str = ""
    tables: Mapping[str, Told] = field(default_factory=dict)


FOREWORD: Final = Chapter(name="foreword", title="Foreword")
# Of tables that no chapter has: those of a return that was filed under other rules.
OTHERS: Final = Chapter(name="others", title="Other tables")
_TYPE, _PLACE, _SOURCE = "Type of abuse", "Place", "Source of risk"

_ENGLAND: Final = (
    FOREWORD,
    Chapter(
        name="activity",
        title="Concerns and enquiries",
        says="A concern is a sign of abuse or neglect of an adult that was reported to the "
        "council, or that it found itself. An enquiry is what the council does, or has others do, "
        "to find out whether the adult is to be protected, and how (Care Act 2014, section 42). "
        "Other enquiries are those made although not all that section 42 asks for was met. "
        "Concerns are counted in the year they were raised, enquiries in the year they began.",
        tables={"SG1f": Told(title="How many concerns were raised and enquiries begun")},
    ),
    Chapter(
        name="adults",
        title="Who the adults were",
        says="By age, gender and ethnicity each adult is counted once, however many concerns and "
        "enquiries were about them. By what they needed support with, and by health condition, "
        "each concern and enquiry is counted. Age is that on the last day of the year.",
        tables={
            "SG1a": Told(title="Adults by age", of=("Age",)),
            "SG1b": Told(title="Adults by gender", of=("Gender",)),
            "SG1c": Told(title="Adults by ethnicity", of=("Ethnic group",)),
            "SG1d": Told(title="Main reason for support", of=("Reason",)),
            "SG1e": Told(title="Reported health conditions", of=("Condition",)),
        },
    ),
    Chapter(
        name="abuse",
        title="What happened, where, and from whom the risk came",
        says="Of the enquiries that ended in the year. One enquiry may be about several types of "
        "abuse, places and sources of risk, and is then counted once in each: these figures add up "
        "to more than there were enquiries.",
        tables={
            "SG2a": Told(title="Type of abuse and source of risk", of=(_TYPE, _SOURCE)),
            "SG2a_b1": Told(title="Type of abuse and place", of=(_TYPE, _PLACE)),
            "SG2b": Told(title="Place and source of risk", of=(_PLACE, _SOURCE)),
            CROSSED: Told(
                title="Type of abuse, place and source of risk",
                of=(_TYPE, _PLACE, _SOURCE),
                says="This table is in no return and is never filed: it is made of what was known "
                "when the figures of the others were.",
            ),
        },
    ),
    Chapter(
        name="risk",
        title="What was found, and what became of the risk",
        says="Of the enquiries that ended in the year, for each source of risk. A risk may remain "
        "because the adult chose to live with it.",
        tables={
            "SG2c": Told(title="What was found of the risk", of=("Outcome", _SOURCE)),
            "SG2e": Told(title="What became of a risk that was found", of=("Outcome", _SOURCE)),
        },
    ),
    Chapter(
        name="capacity",
        title="Mental capacity and support",
        says="Of the enquiries that ended in the year: whether the adult lacked capacity to make "
        "decisions about the enquiry, and of those who did, in how many somebody supported them.",
        tables={"SG3a": Told(title="Whether the adult lacked capacity", of=("Answer",))},
    ),
    Chapter(
        name="wishes",
        title="What adults wished, and whether it came about",
        says="Of the enquiries that ended in the year: whether the adult, or who represented them, "
        "was asked what they wished to come of it, and whether that was achieved.",
        tables={"SG4a": Told(title="Asked, and achieved", of=("Answer",))},
    ),
    Chapter(
        name="reviews",
        title="Safeguarding Adults Reviews",
        says="Reviews under section 44 of the Care Act 2014 that ended in the year, of how "
        "agencies worked together where an adult died or came to serious harm.",
        tables={
            "SG5a": Told(title="Reviews"),
            "SG5b": Told(title="Adults whom the reviews were about"),
        },
    ),
)
_WITHOUT, _USING = "no investigatory powers used", "investigatory powers used"
_SCOTLAND: Final = (
    FOREWORD,
    Chapter(
        name="referrals",
        title="Referrals",
        says="A referral tells the council that an adult may be at risk of harm. Several may be "
        "about one adult, and not each leads to an inquiry.",
        tables={
            "1": Told(title="How many referrals there were"),
            "Source": Told(title="Who referred", of=("Source",)),
        },
    ),
    Chapter(
        name="inquiries",
        title="Inquiries",
        says="An inquiry finds out whether an adult is at risk of harm and what is to be done "
        "(Adult Support and Protection (Scotland) Act 2007, section 4); powers of sections 7 to "
        "10 may be used in it. It is counted in the quarter in which it was triggered, whenever it "
        "ended.",
        tables={
            "2": Told(title=f"How many inquiries there were, {_WITHOUT}"),
            "3": Told(title=f"How many inquiries there were, {_USING}"),
            "10": Told(title=f"What followed, {_WITHOUT}", of=("Action",)),
            "11": Told(title=f"What followed, {_USING}", of=("Action",)),
            "Restated": Told(title="Counted otherwise than at first", of=("At first", "Now")),
        },
    ),
    Chapter(
        name="harm",
        title="Types of harm",
        says="The principal type of harm of each inquiry, where one alone is recorded.",
        tables={
            "15a": Told(title=f"Type of harm, {_WITHOUT}", of=("Type of harm",)),
            "15b": Told(title=f"Type of harm, {_USING}", of=("Type of harm",)),
        },
    ),
    Chapter(
        name="adults",
        title="Who the adults were",
        says="Inquiries are counted, and not adults: who had several is in each of them.",
        tables={
            "17a": Told(title=f"Client group, {_WITHOUT}", of=("Group",)),
            "17b": Told(title=f"Client group, {_USING}", of=("Group",)),
            "Age": Told(title="Age", of=("Age",)),
            "Gender": Told(title="Gender", of=("Gender",)),
        },
    ),
    Chapter(
        name="protection",
        title="Conferences, plans, orders and large-scale investigations",
        says="Each is counted in the quarter in which it was held, began, ended, was applied "
        "for or granted.",
        tables={
            "Conferences": Told(title="Case conferences", of=("Kind",)),
            "ASPP": Told(title="Adult support and protection plans"),
            "Orders": Told(title="Protection orders", of=("Order", "Step")),
            "LSI": Told(title="Large-scale investigations"),
        },
    ),
    Chapter(
        name="unknown",
        title="What is not counted here",
        says="Indicators of the national dataset whose content was not known when this was made.",
        tables={"Unknown": Told(title="Indicators that are not known", of=("Indicator",))},
    ),
)
CHAPTERS: Final[Mapping[Code, tuple[Chapter, ...]]] = {
    ENGLAND.code: _ENGLAND,
    SCOTLAND.code: _SCOTLAND,
}
