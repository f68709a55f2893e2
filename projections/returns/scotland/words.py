"""The words of Scotland's tables: enquiry types, categories, and why something is left out.

What was published stands to the letter; which that is, each table says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.jurisdictions.scotland import SCOTLAND
from projections.returns.dataset import NOT_RECORDED, USING, WITHOUT
from projections.returns.rows import ELSEWHERE, TWICE, WITHDRAWN, YOUNG

REFERRALS: Final = "ASP Referrals"
INQUIRIES: Final[Mapping[str, str]] = {
    WITHOUT: "Inquiries without investigatory powers",
    USING: "Inquiries using investigatory powers",
}
CONFERENCES: Final = "Case Conferences"
PLANS: Final = "Protection Plans"
IN_PLANS: Final = ("Begun", "Ended", "In place on the last day")
ORDERS: Final = "Protection Orders"
LARGE_SCALE: Final = "Large Scale Investigations"
UNKNOWN: Final = "Not known"
INDICATORS: Final = 19  # how many there were in 2024-25

DOUBTFUL: Final = (
    "at a time not known well enough: counted is only what was for certain in the period"
)
GONE: Final[Mapping[str, str]] = {
    WITHDRAWN: "withdrawn by a correction: now understood not to have happened, or not to belong "
    "to this case",
    TWICE: "the same concern was entered twice: of two cases that are read as one it counts once, "
    "and where both have an inquiry about it, those of one of them count",
    ELSEWHERE: "its case was transferred to another authority, which counts it: one of the two",
    YOUNG: f"under {SCOTLAND.adult_age} on that day: the Act is about adults",
}
GROWN: Final = (
    f"by the birth that was told when the quarter ended under {SCOTLAND.adult_age} on that day, "
    "and left out: it counts by the one told since"
)
MOVED: Final = (
    "concluded without investigatory powers, and one was used afterwards: it counts among those "
    "using powers, in the quarter of its trigger"
)
SECOND: Final = "concluded a second time without having been reopened: the first conclusion counts"
ROUNDED: Final = (
    "Not seen: how this dataset is rounded when it is published, or what is suppressed. Published "
    "figures here follow England's rule, by our choice; what is submitted is exact."
)
GOES_ON: Final = (
    "opened while another inquiry about the adult was open: new information to that one, and no "
    "new inquiry"
)
OPEN: Final = "not concluded, and no investigatory power used so far: which it will be is open"
PARTED: Final = (
    "split off without its powers used or its conclusion, which are read in another case: it "
    "counts as if they were not recorded"
)
LEFT_BEHIND: Final = (
    "a power used or a conclusion, and the inquiry was split off without it: the inquiry is read "
    "in another case"
)
REJOIN: Final = "Split off the inquiry's other entries to the same case, or end the split."
NO_ANSWER: Final = "no answer is recorded, or the inquiry is not concluded"
SEVERAL: Final = "several types of harm are recorded, and not which of them is the principal one"

ACTIONS: Final[Mapping[str, str]] = {
    "not_met_no_action": "Does not meet the three-point criteria - no further action",
    "not_met_other_support": (
        "Does not meet the three-point criteria - non-ASP support offered or provided"
    ),
    "met_other_support": "Meets three-point criteria - non-ASP support provided or offered",
    "met_ongoing": "Meets three-point criteria - ongoing ASP work",
    "met_no_opportunity": (
        "Meets three-point criteria - no opportunity for further ASP intervention"
    ),
    "pending": "Pending / Unknown",
}
HARMS: Final[Mapping[str, str]] = SCOTLAND.lists["abuse_type"]
GROUPS: Final[Mapping[str, str]] = {
    **SCOTLAND.lists["health_condition"],
    "autism": "Autism / Autism spectrum",
}
BANDS: Final[Mapping[str, range]] = {
    "16-24": range(16, 25),
    "25-64": range(25, 65),
    "65-84": range(65, 85),
    "85+": range(85, 200),
}
GENDERS: Final[Mapping[str, str]] = {
    "female": "Female",
    "male": "Male",
    "trans_or_non_binary": "Trans or non-binary",
    "other": "Other",
}
NOT_KNOWN: Final = "Not known"
KINDS: Final[Mapping[str | None, str]] = {
    "initial": "Initial",
    "review": "Review",
    None: "Undifferentiated",
}
PROTECTION: Final = "protection"  # of the kinds of plan: the one that is an ASPP
BANNING: Final[Mapping[str, str]] = {
    "banning": "Banning order",
    "temporary_banning": "Temporary banning order",
}
ARREST: Final[Mapping[str, str]] = {
    "no": "",
    "yes": " with power of arrest",
    NOT_RECORDED: ", power of arrest not recorded",
}
APPLIED, GRANTED = "Applied for", "Granted"
DATASET: Final = "Adult Support and Protection National Minimum Dataset"
TRIGGER: Final = (
    "its maintainer's guidance of March 2024: the trigger point of an inquiry decides the quarter, "
    "for both kinds"
)
