"""Who is asking: a bearer token becomes an `Actor`, or the request goes no further.

Tokens are JWTs of one OpenID issuer (OpenID Connect Core 1.0; RFC 8725 for what is checked). The
development identity is for `holdfast demo` alone: it answers only on a loopback address, to a
client on this machine that addressed it as this machine, and `api.serving` starts with it on no
record but a made-up one.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

import jwt
from jwt import PyJWK, PyJWKSet
from starlette.requests import Request

from api.clock import SystemClock
from api.problems import Problem
from api.settings import LOOPBACK, Settings
from domain.authority import ROLES
from domain.refusal import Refused
from domain.words import Actor, Code, Slug, named

if TYPE_CHECKING:
    from api.office import Office

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
REQUIRED: Final = ("iss", "sub", "aud", "exp")
LEEWAY_S: Final = 30
FETCH_S: Final = 5.0
REFRESH_S: Final = 300.0  # how long a set of keys is believed
COOLDOWN_S: Final = 30.0  # at most one look for a key nobody knows within this time
MOST_BYTES: Final = 1 << 20
DEVELOPMENT: Final = "holdfast-development"
DEVELOPMENT_ROLE: Final = Code("manager")
ROLE_HEADER: Final = "Holdfast-Role"
WORKER_HEADER: Final = "Holdfast-Worker"  # of the development identity


class Identity(Protocol):
    """How a door learns who is asking."""

    def actor(self, request: Request) -> Actor:
        """Whoever is asking. Raises Problem `not-identified` or `not-permitted`."""
        ...


def identity_of(office: Office) -> Identity:
    """The identity the settings ask for.

    Raises:
        Refused: there is none, or the development identity would be reachable from elsewhere.
    """
    settings = office.settings
    check(settings)
    if settings.oidc_issuer is not None:
        return Bearer(office, Keys(settings))
    return Development(office)


def check(settings: Settings) -> None:
    """Refuse to serve without an identity, or with the development identity in reach of others."""
    if settings.oidc_issuer is not None and settings.development_identity:
        raise Refused(
            "identity", "start-up", "unset HOLDFAST_DEVELOPMENT_IDENTITY: an issuer is set too"
        )
    if settings.development_identity and settings.host not in LOOPBACK:
        raise Refused(
            "identity",
            "start-up",
            "the development identity answers on 127.0.0.1 alone: unset HOLDFAST_HOST, or set "
            "HOLDFAST_OIDC_ISSUER and unset HOLDFAST_DEVELOPMENT_IDENTITY",
        )
    if settings.oidc_issuer is None and not settings.development_identity:
        raise Refused(
            "identity",
            "start-up",
            "nobody could be identified: set HOLDFAST_OIDC_ISSUER (and HOLDFAST_OIDC_AUDIENCE) to "
            "your identity provider; to look at Holdfast on your own machine, run `holdfast demo`",
        )


class Keys:
    """The issuer's public keys: from a file, or from where its metadata says (https only)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        self._guard = Lock()
        self._keys: dict[str | None, PyJWK] = {}
        self._read_at = float("-inf")

    def find(self, kid: str | None) -> PyJWK | None:
        """The key of that id; the only key where no id is given. Raises Problem `unavailable`."""
        with self._guard:
            age = self._clock.monotonic() - self._read_at
            if age > REFRESH_S or (kid not in self._keys and age > COOLDOWN_S):
                self._keys = self._read()
                self._read_at = self._clock.monotonic()
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _read(self) -> dict[str | None, PyJWK]:
        try:
            path = self._settings.oidc_jwks_file
            data = self._fetched() if path is None else json.loads(path.read_bytes())
            keys = PyJWKSet.from_dict(data).keys
        except (OSError, ValueError, KeyError, TypeError, jwt.PyJWTError):
            raise Problem(
                "unavailable", "The identity provider's keys cannot be read now: try again."
            ) from None
        # A symmetric key in a public set would let anybody sign.
        return {key.key_id: key for key in keys if key.key_type in {"RSA", "EC", "OKP"}}

    def _fetched(self) -> Any:  # noqa: ANN401 — JSON from elsewhere
        issuer = (self._settings.oidc_issuer or "").rstrip("/")
        metadata = _get(f"{issuer}/.well-known/openid-configuration")
        return _get(str(metadata["jwks_uri"]))


def _get(url: str) -> Any:  # noqa: ANN401 — JSON from elsewhere
    if not url.startswith("https://"):
        raise ValueError("not https")
    with urllib.request.urlopen(url, timeout=FETCH_S) as answer:  # noqa: S310 — https, checked above
        return json.loads(answer.read(MOST_BYTES))


class Bearer:
    """The identity of a verified token."""

    def __init__(self, office: Office, keys: Keys) -> None:
        self._office = office
        self._keys = keys

    def actor(self, request: Request) -> Actor:
        """Whoever the token vouches for."""
        claims = self._claims(request)
        role = _role(claims, request)
        organisation = _slug(claims, "organisation")
        if organisation is None:
            raise Problem("not-permitted", "The token names no organisation.")
        subject = _told(claims.get("sub"))
        if subject is None:
            raise _unidentified(' error="invalid_token"')  # whoever has none would be one person
        worker = self._office.worker(claims["iss"], subject, _told(claims.get("name")), role)
        return Actor(
            worker=worker, role=role, organisation=organisation, team=_slug(claims, "team")
        )

    def _claims(self, request: Request) -> Mapping[str, Any]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unidentified("")
        settings = self._office.settings
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys.find(kid if isinstance(kid, str) else None)
            if key is None or key.algorithm_name not in ALGORITHMS:
                raise _unidentified(' error="invalid_token"')
            return jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=settings.oidc_audience,
                issuer=settings.oidc_issuer,
                leeway=LEEWAY_S,
                options={"require": list(REQUIRED), "strict_aud": False},
            )
        except jwt.PyJWTError:
            raise _unidentified(' error="invalid_token"') from None


def _told(value: object) -> str | None:
    """A claim that is text: some, and such as can be written down."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return None
    return (
        value if value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value) else None
    )


def _unidentified(why: str) -> Problem:
    return Problem("not-identified", headers={"WWW-Authenticate": f"Bearer{why}"})


def _role(claims: Mapping[str, Any], request: Request) -> Code:
    """The role acted in: the token's, or the one of its several that the request chooses."""
    given = claims.get("roles", claims.get("role", ()))
    told = (given,) if isinstance(given, str) else given
    roles = (
        [one for one in told if isinstance(one, str) and one in ROLES]
        if isinstance(told, list | tuple)
        else []
    )
    chosen = request.headers.get(ROLE_HEADER)
    if chosen is not None:
        roles = [one for one in roles if one == chosen]
    if len(roles) != 1:
        raise Problem(
            "not-permitted",
            "The token must give one role of this service; where it gives several, the header "
            f"{ROLE_HEADER} chooses one of them.",
        )
    return Code(roles[0])


def _slug(claims: Mapping[str, Any], name: str) -> Slug | None:
    value = claims.get(name)
    if value is None:
        return None
    try:
        return Slug(value)
    except (TypeError, ValueError):
        raise Problem("not-permitted", f"The token's {name} is not an identifier.") from None


class Development:
    """A made-up worker for whoever sits at this machine; any role, by the role header.

    One worker a role, and as many more as the worker header names: what takes two people, as an
    erasure does, cannot be tried by one.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def actor(self, request: Request) -> Actor:
        """The development worker, to this machine alone."""
        if not _from_here(request):
            raise _unidentified("")
        asked = request.headers.get(ROLE_HEADER, DEVELOPMENT_ROLE)
        if asked not in ROLES:  # before it is a Code, which not every header can be
            raise Problem("not-permitted", f"The header {ROLE_HEADER} names no role.")
        role = Code(asked)
        subject, called = str(role), "Development identity"
        if (other := request.headers.get(WORKER_HEADER)) is not None:
            subject, called = f"{role}/{_other(other)}", f"Development identity {other}"
        worker = self._office.worker(DEVELOPMENT, subject, called, role)
        return Actor(worker=worker, role=role, organisation=Slug("council"))


def _other(text: str) -> str:
    """What another made-up worker is called. Raises Problem `not-permitted`."""
    try:
        return named(text)
    except ValueError as error:
        raise Problem("not-permitted", f"The header {WORKER_HEADER}: {error}.") from None


def _from_here(request: Request) -> bool:
    """Whether the client is on this machine, called it so, and nobody stands in between.

    The name it called is checked so that a page elsewhere cannot reach in by a name of its own
    that it points at 127.0.0.1.
    """
    if request.client is None or request.url.hostname not in LOOPBACK:
        return False
    if any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
