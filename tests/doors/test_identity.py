from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi.testclient import TestClient
from httpx2 import Response
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from api.app import create_app
from api.identity import check
from api.office import Office
from api.settings import read_settings
from domain.refusal import Refused
from domain.worker import WorkerRegistered
from tests.conftest import Database
from tests.doors.conftest import HERE, Doors, settings_for

ISSUER = "https://identity.example"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class Service:
    """A service with an issuer, asked with tokens."""

    office: Office
    client: TestClient

    def ask(self, token: str, **headers: str) -> Response:
        """Ask for the lists of the nation, as the cheapest thing there is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get("/v1/lists", headers={"Authorization": f"Bearer {token}", **named})


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    """Give a service whose issuer's keys are in a file: one RSA, one curve, one symmetric."""
    keys = [
        {**json.loads(RSAAlgorithm.to_jwk(RSA.public_key())), "kid": "rsa", "alg": "RS256"},
        {**json.loads(ECAlgorithm.to_jwk(CURVE.public_key())), "kid": "curve", "alg": "ES256"},
        {"kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2Vj"},
    ]
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": keys}))
    settings = settings_for(
        database,
        tmp_path,
        HOLDFAST_DEVELOPMENT_IDENTITY="0",
        HOLDFAST_OIDC_ISSUER=ISSUER,
        HOLDFAST_OIDC_JWKS_FILE=str(file),
    )
    with Office(settings) as office, TestClient(create_app(office), base_url=HERE) as client:
        yield Service(office, client)


def token(key: Any = RSA, kid: str | None = "rsa", alg: str = "RS256", **changed: Any) -> str:  # noqa: ANN401 — keys and claims of every kind
    """Give a good token, with claims changed or (None) left out."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "sub": "somebody",
        "aud": "holdfast",
        "exp": now + timedelta(minutes=5),
        "role": "practitioner",
        "organisation": "council",
        "name": "Ann Worker",
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, alg, headers={} if kid is None else {"kid": kid})


def test_a_token_of_the_issuer_identifies_a_worker(service: Service) -> None:
    """A good token is accepted, and its issuer and subject stand sealed in the worker's stream."""
    assert service.ask(token()).status_code == 200
    assert service.ask(token(CURVE, "curve", "ES256")).status_code == 200
    registered = [
        fact
        for fact in service.office.record.open(service.office.record.log.read(0))
        if isinstance(fact.event, WorkerRegistered)
    ]
    (fact,) = registered
    assert (fact.event.issuer.text, fact.event.subject.text) == (ISSUER, "somebody")
    assert b"somebody" not in b"".join(
        row.header + row.payload for row in service.office.record.log.read(0)
    )


def test_a_token_that_proves_nothing_is_turned_away(service: Service) -> None:
    """Expired, early, foreign, unsigned or badly signed tokens get 401 and how to do better."""
    now = datetime.now(UTC)
    bad = {
        "expired": token(exp=now - timedelta(minutes=5)),
        "not yet": token(nbf=now + timedelta(minutes=5)),
        "no end": token(exp=None),
        "no subject": token(sub=None),
        "a subject that is nobody": token(sub=" "),
        "a subject nobody can write": token(sub="\ud800"),
        "another issuer": token(iss="https://elsewhere.example"),
        "another audience": token(aud="payroll"),
        "no audience": token(aud=None),
        "a stranger's key": token(STRANGER),
        "an unknown key": token(kid="nobody"),
        "no key id among several": token(kid=None),
        "another key's id": token(CURVE, "rsa", "ES256"),
        "symmetric": token("secret-secret-sec" * 3, "shared", "HS256"),
        "unsigned": token(None, "rsa", "none"),
        "nonsense": "x.y.z",
    }
    for what, one in bad.items():
        answer = service.ask(one)
        assert answer.status_code == 401, what
        assert answer.json()["type"] == "/problems/not-identified"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert service.client.get("/v1/lists").status_code == 401
    assert service.client.get("/").status_code == 401
    assert service.client.get("/health").status_code == 200


def test_a_token_must_say_for_whom_and_as_what(service: Service) -> None:
    """Without one role and an organisation nobody acts; of several roles the request chooses."""
    for wrong in (
        {"role": None},
        {"role": "wizard"},
        {"organisation": None},
        {"organisation": "The Council!"},
        {"team": "Not A Slug"},
        {"roles": ["practitioner", "chair"]},
    ):
        answer = service.ask(token(**wrong))
        assert answer.status_code == 403, wrong
        assert answer.json()["type"] == "/problems/not-permitted"
    several = token(role=None, roles=["practitioner", "chair", "something-else"])
    assert service.ask(several, Holdfast_Role="chair").status_code == 200
    assert service.ask(several, Holdfast_Role="manager").status_code == 403
    assert service.ask(token(), Holdfast_Role="manager").status_code == 403


@pytest.mark.parametrize(
    ("headers", "client", "base"),
    [
        ({}, ("10.0.0.7", 5000), HERE),
        ({}, ("127.0.0.1", 5000), "http://records.example"),
        ({"X-Forwarded-For": "10.0.0.7"}, ("127.0.0.1", 5000), HERE),
        ({}, ("not an address", 5000), HERE),
    ],
)
def test_the_development_identity_is_for_this_machine_alone(
    shared: Doors, headers: dict[str, str], client: tuple[str, int], base: str
) -> None:
    """It answers nobody from elsewhere, through a proxy, or under another name."""
    app = shared.client.app
    with TestClient(app, base_url=base, client=client) as elsewhere:
        assert elsewhere.get("/v1/lists", headers=headers).status_code == 401


def test_the_development_identity_can_be_more_than_one_worker(doors: Doors) -> None:
    """What takes two people is tried by naming another worker of the role, in a name's form."""
    case = doors.case()
    note = {"command": {"target": 1, "kind": "context", "text": "Noted."}}
    path = f"/v1/cases/{case}/annotate-entry"
    for version, headers in enumerate(({}, {"Holdfast_Worker": "second"}, {}), 1):
        assert doors.post(path, note, version=version, **headers).status_code == 201
    facts = doors.office.record.facts(UUID(case))
    first, second, third = (fact.header.recorded_by for fact in facts[1:])
    assert first == third != second
    answer = doors.post(path, note, version=4, Holdfast_Worker="Mr Somebody")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")
    assert "Holdfast-Worker" in answer.json()["detail"]
    assert "Somebody" not in answer.text


def test_a_service_without_identity_does_not_start(tmp_path: Path) -> None:
    """No issuer, or the development identity in reach of others: refused, with the remedy."""
    bare = read_settings({"HOLDFAST_DATA": str(tmp_path)})
    with pytest.raises(Refused, match="HOLDFAST_OIDC_ISSUER"):
        check(bare)
    with pytest.raises(Refused, match=r"127\.0\.0\.1"):
        check(replace(bare, development_identity=True, host="0.0.0.0"))  # noqa: S104 — it is refused
    with pytest.raises(Refused, match="HOLDFAST_DEVELOPMENT_IDENTITY"):
        check(replace(bare, development_identity=True, oidc_issuer=ISSUER))
    check(replace(bare, development_identity=True))
    check(replace(bare, oidc_issuer=ISSUER, host="0.0.0.0"))  # noqa: S104 — with an issuer it may
