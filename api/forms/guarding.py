"""Whether a form that was sent is one of ours, sent by whoever it was made for.

A page elsewhere can make a browser send a form here, and whoever sits at the browser is identified
by where they are or by what stands in front of us. So each form carries a token that nobody can
guess, reckoned over who it was made for, what it asks of what, and the id of the command; and what
the browser itself says of where the form came from is held to.
"""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request

from api.forms.sending import PLAIN, WITH_FILES, content_type
from api.problems import Problem
from domain.words import Actor

_FORM: Final = b"holdfast/form/v1\n"
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def token(secret: bytes, actor: Actor, key: UUID, what: str) -> str:
    """The token of a form for somebody in a role; `what` says where it is sent."""
    told = b"\x1f".join((key.bytes, actor.worker.bytes, actor.role.encode(), what.encode()))
    return hmac.digest(secret, _FORM + told, "sha256").hex()


def check_token(secret: bytes, actor: Actor, key: UUID, what: str, sent: str) -> None:
    """Turn away a form that was not made for whoever sends it. Raises Problem `not-ours`."""
    if not hmac.compare_digest(token(secret, actor, key, what).encode(), sent.encode()):
        raise Problem("not-ours")


def check_origin(request: Request) -> None:
    """Turn away a form that another site had a browser send. Raises Problem `not-ours`.

    A browser says where a form came from in one of two headers; what says neither is no browser, or
    an old one, and is held to the token alone.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise Problem("not-ours")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem("not-ours")
    if content_type(request) not in {PLAIN, WITH_FILES}:
        raise Problem("not-ours")
