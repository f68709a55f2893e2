"""A form that somebody comes back to after it was recorded, by the Back button of the browser.

The browser asks for the page anew, as a form of its own, and puts the words back that were typed:
only the browser itself knows that it was here before. So it is asked to keep, for this form's
address alone and for an hour, where what was recorded stands: references, and nobody's words.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_COOKIE: Final = "recorded"
_KEPT_S: Final = 3600
_KEPT: Final = re.compile(r"((?:case|person)s)\.([0-9a-f-]{36})\.([1-9][0-9]{0,18})", re.ASCII)


def remember(answer: Response, request: Request, at: str, position: int) -> None:
    """Have the browser keep where what a form recorded stands."""
    answer.set_cookie(
        _COOKIE,
        f"{at.strip('/').replace('/', '.')}.{position}",
        max_age=_KEPT_S,
        path=request.url.path,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def before(request: Request) -> str:
    """The address of what this browser recorded by this form a short while ago; else empty."""
    found = _KEPT.fullmatch(request.cookies.get(_COOKIE, ""))
    if found is None:
        return ""
    kind, stream, position = found.groups()
    return f"/{kind}/{stream}?entry={position}#entry-{position}"
