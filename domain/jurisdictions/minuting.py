"""The lists both nations share for making minutes, questioning them and weighing who has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}

MINUTING: Final[Mapping[str, Mapping[str, str]]] = {
    "notes_form": {  # R16
        "handwritten": "Handwritten",
        "typed": "Typed",
        "shorthand": "Shorthand",
        "recording": "A recording",
        "transcript": "A transcript made by a machine",
        **_NOT_RECORDED,
    },
    "passage_origin": {  # R150: how a passage of the minutes was made
        "typed": "Typed",
        "dictated": "Dictated",
        "transcribed": "Transcribed from a recording",
        "ai_drafted": "Drafted by a tool",
        "verbatim": "Spoken words, taken down as they were said",
        "supplied": "Supplied by somebody who took part",
        "from_record": "Taken from the record",
        **_NOT_RECORDED,
    },
    "minutes_section": {  # R8, R64 to R85, R153, R154
        "adults_words": "The adult's own words",
        "involving": "How the adult was brought in",
        "meeting": "The meeting",
        "attendance": "Who was there",
        "previous_minutes": "Minutes of the meeting before",
        "reports": "Reports",
        "considerations": "What was considered",
        "discussion": "What was said",
        "findings": "Findings",
        "decisions": "Decisions",
        "plan": "The plan",
        "pach": "Action about the person alleged to have caused harm",
        "feedback": "Who tells whom",
        "amendments": "What was asked to be changed in the minutes",
        "circulation": "Who has these minutes",
    },
    "minutes_accuracy": {  # B.6
        "agreed": "Agreed as accurate",
        "amended": "Agreed with amendments",
        "disputed": "Disputed",
        "not_considered": "Not considered",
    },
    "share_risk": {  # R164
        "safe": "Safe to share",
        "safe_redacted": "Safe to share with something left out",
        "not_safe": "Not safe to share",
        "not_determined": "Could not be determined",
    },
}
