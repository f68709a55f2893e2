"""Every row of what a few stories say more, in the order a case has."""

from __future__ import annotations

from typing import Final

from api.demonstration.fuller import More
from api.demonstration.fuller_after import AFTER
from api.demonstration.fuller_coming import COMING
from api.demonstration.fuller_enquiry import ENQUIRY
from api.demonstration.fuller_meeting import LAST, MEETING
from api.demonstration.fuller_parts import PARTS
from api.demonstration.fuller_plan import PLAN

FULLER: Final[tuple[More, ...]] = (*COMING, *ENQUIRY, *MEETING, *PLAN, *AFTER, *PARTS, *LAST)
