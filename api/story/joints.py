"""What reads ill where two places of a sentence meet, and how it reads well."""

from __future__ import annotations

import re
from typing import Final

COMMON: Final = {  # an agency whose name ends so is called by it, and another by its own name
    *(
        "council",
        "police",
        "trust",
        "board",
        "provider",
        "practice",
        "surgery",
        "team",
        "hospital",
        "authority",
    ),
    *("service", "ambulance", "committee", "court", "agency"),
}
_KINDS: Final = "|".join(sorted(COMMON | {"association", "office", "officer", "department"}))
_OF_ITSELF: Final = re.compile(
    r"\b(\w[\w ]*) of (the )?\1\b", re.IGNORECASE
)  # police of the police
_AGAIN: Final = re.compile(r"\b(the adult), the adult\b", re.IGNORECASE)
_ALLEGED: Final = re.compile(
    r"(\balleged to have caused (?:the )?harm\b(?!\)).*?)"
    r" \(the person alleged to have caused harm\)"
)
# What reads ill where two places meet, and how it reads well.
MENDED: Final = (
    (_OF_ITSELF, r"\2\1"),
    (_AGAIN, r"\1"),
    # whoever is told of as alleged to have caused harm is not called that again beside the name
    (_ALLEGED, r"\1"),
    (re.compile(r"\(independent chair\) – independent\b"), "(independent chair)"),
    (re.compile(r"\b(an earlier finding), another entry\b"), r"\1"),
    # council's lawyer of the council
    (re.compile(r"\b(council)('s [\w ]+?) of the \1\b", re.IGNORECASE), r"\1\2"),
    # a meeting's chair comes for the council, and is not the chair of the council
    (
        re.compile(r"\b([Cc]hair|[Mm]inute taker|leading the (?:en|in)quiry) of (?=the |[A-Z])"),
        r"\1, for ",
    ),
    (re.compile(r"\bthe other (?=\w+ professional)", re.IGNORECASE), "another "),
    (re.compile(r"\binvited as other (?=\w+ professional)"), "invited as another "),
    (re.compile(r"\binvited as the (?=police|fire)"), "invited for the "),
    (re.compile(r"\binvited as (?=council's )"), "invited as the "),
    (re.compile(r"\bwith (?=(?:advocate|interpreter)\b)"), "with an "),
    # an agency's own kind, of whom nothing else is known: the housing service
    (
        re.compile(rf"\b([Tt]he (?:housing|contracts or commissioning))\b(?! (?:{_KINDS})\b)"),
        r"\1 service",
    ),
    (re.compile(r"\binvited as (?=housing\b|contracts or commissioning\b)"), "invited for "),
    (re.compile(r"\b(care provider) of (?=[A-Z]|the )"), r"\1 "),
    (re.compile(r"\b(manager) of an agency involved of\b", re.IGNORECASE), r"\1 of"),
    (re.compile(r"(?<!of )(?<!by )(?<!for )\b(the police) was\b", re.IGNORECASE), r"\1 were"),
    (re.compile(r"\b([Tt]he) the\b"), r"\1"),  # where an agency or a role has its article already
    # part 1 and 2; passage 1, 2 and 3
    (re.compile(r"\b(part|passage) (\d+(?:, \d+)* and \d+)\b"), r"\1s \2"),
    # from 2 March 2026, 10:00 to 2 March 2026, 11:00
    (re.compile(r"\bfrom (\d+ \w+ \d{4}), (\d\d:\d\d) to \1, (?=\d\d:)"), r"on \1 from \2 to "),
)
