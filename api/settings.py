"""Every setting, read from the environment in this one place.

| variable | what it sets | default |
|---|---|---|
| `HOLDFAST_DATA` | folder of the embedded database, keys and logs | `./data` |
| `DATABASE_URL` | a PostgreSQL ≥ 17 server instead; the application's plain login | embedded |
| `HOLDFAST_OWNER_URL` | the account `holdfast migrate` uses on that server | embedded superuser |
| `HOLDFAST_HOST`, `HOLDFAST_PORT` | where `serve` listens | `127.0.0.1`, `8000` |
| `HOLDFAST_NATION` | `england` or `scotland`, for a record not yet opened | `england` |
| `HOLDFAST_KEYS` | folder of the keyring file | `<data>/keys` |
| `HOLDFAST_MASTER_KEY_FILE` | 32 bytes that wrap the keyring | `<keys>/master.key` |
| `HOLDFAST_LOG_KEY_FILE` | 32 bytes that sign the record's tree heads | `<keys>/log.key` |
| `HOLDFAST_ORIGIN` | the name they are signed under, as `record.council.gov.uk` | made up |
| `HOLDFAST_PROOF` | folder where the proof is published, for any web server | `<data>/proof` |
| `HOLDFAST_POLICY_FILE` | witnesses and quorum a head needs (tlog-policy) | nobody's |
| `HOLDFAST_TSA_URL` | time-stamp authority that stamps a head a day (RFC 3161) | none |
| `HOLDFAST_TSA_CA_FILE` | the roots its certificates are believed by, PEM | needed with it |
| `HOLDFAST_OIDC_ISSUER` | OpenID issuer whose bearer tokens are accepted | none, no service |
| `HOLDFAST_OIDC_AUDIENCE` | the audience those tokens must name | `holdfast` |
| `HOLDFAST_OIDC_JWKS_FILE` | its keys from a file, not its published address | fetched |
| `HOLDFAST_DEVELOPMENT_IDENTITY` | `1`: a made-up worker, of a made-up record on 127.0.0.1 | off |
| `HOLDFAST_CLOSED_DAYS` | days the authority's office is shut, `2026-12-24,2026-12-29` | none |
| `HOLDFAST_WORKED_DAYS` | public holidays the authority works | none |
| `HOLDFAST_DEMO` | load the demonstration if empty: `english` or `scottish` | none |
| `HOLDFAST_COUNCIL` | the council's code in the yearly return, such as `211` | none |
| `HOLDFAST_COUNCILS` | the councils of each year, CSV `year,code,name` (England) | Holdfast's |
| `HOLDFAST_FONTS` | folder of fonts for scripts that minutes as PDF lack | the typesetter's |
| `HOLDFAST_POSTGRES_BIN` | PostgreSQL's programs for the embedded database | the wheel's |
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.refusal import Refused

LAST_PORT = 65535
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}(/[a-z0-9._-]{1,40}){0,3}")
_COUNCIL = re.compile("[0-9A-Za-z]{1,12}")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process; see the table above."""

    data: Path
    database_url: str | None
    owner_url: str | None
    host: str
    port: int
    nation: str
    keys: Path
    master_key_file: Path
    log_key_file: Path
    origin: str | None
    proof: Path
    policy_file: Path | None
    tsa_url: str | None
    tsa_ca_file: Path | None
    oidc_issuer: str | None
    oidc_audience: str
    oidc_jwks_file: Path | None
    development_identity: bool
    closed_days: frozenset[date]
    worked_days: frozenset[date]
    demo: str | None
    council: str | None
    councils: Path | None
    fonts: Path | None
    postgres_bin: Path | None
    environ: Mapping[str, str]

    @property
    def embedded(self) -> bool:
        """Whether the database is our own."""
        return self.database_url is None


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        Refused: a setting cannot be what it says, with the remedy.
    """
    env = os.environ if environ is None else environ
    data = _folder(env, "HOLDFAST_DATA", "data")
    keys = Path(env.get("HOLDFAST_KEYS") or data / "keys").absolute()
    jwks, postgres = env.get("HOLDFAST_OIDC_JWKS_FILE"), env.get("HOLDFAST_POSTGRES_BIN")
    roots, councils = env.get("HOLDFAST_TSA_CA_FILE"), env.get("HOLDFAST_COUNCILS")
    fonts, policy = env.get("HOLDFAST_FONTS"), env.get("HOLDFAST_POLICY_FILE")
    return Settings(
        data=data,
        database_url=_database(env, "DATABASE_URL"),
        owner_url=_database(env, "HOLDFAST_OWNER_URL"),
        host=env.get("HOLDFAST_HOST") or "127.0.0.1",
        port=_port(env.get("HOLDFAST_PORT") or "8000"),
        nation=_one_of(env, "HOLDFAST_NATION", ("england", "scotland")) or "england",
        keys=keys,
        master_key_file=Path(env.get("HOLDFAST_MASTER_KEY_FILE") or keys / "master.key"),
        log_key_file=Path(env.get("HOLDFAST_LOG_KEY_FILE") or keys / "log.key").absolute(),
        origin=_origin(env),
        proof=Path(env.get("HOLDFAST_PROOF") or data / "proof").absolute(),
        policy_file=Path(policy).absolute() if policy else None,
        tsa_url=env.get("HOLDFAST_TSA_URL") or None,
        tsa_ca_file=Path(roots).absolute() if roots else None,
        oidc_issuer=env.get("HOLDFAST_OIDC_ISSUER") or None,
        oidc_audience=env.get("HOLDFAST_OIDC_AUDIENCE") or "holdfast",
        oidc_jwks_file=Path(jwks) if jwks else None,
        development_identity=env.get("HOLDFAST_DEVELOPMENT_IDENTITY") == "1",
        closed_days=_days(env, "HOLDFAST_CLOSED_DAYS"),
        worked_days=_days(env, "HOLDFAST_WORKED_DAYS"),
        demo=_one_of(env, "HOLDFAST_DEMO", ("english", "scottish")),
        council=_council(env),
        councils=Path(councils).absolute() if councils else None,
        fonts=Path(fonts).absolute() if fonts else None,
        postgres_bin=Path(postgres) if postgres else None,
        environ=env,
    )


def unusable(variable: str, remedy: str) -> Refused:
    """A setting that cannot be what it says."""
    return Refused("setting", "start-up", f"{variable}: {remedy}")


@contextmanager
def usable(variable: str, place: Path) -> Iterator[None]:
    """Say which setting names a place that the operating system does not let this account use.

    Raises:
        Refused: instead of an OSError about this place, one within it, or one it is within.
    """
    try:
        yield
    except OSError as error:
        named = None if error.filename is None else Path(str(error.filename))
        if named is None or not (named.is_relative_to(place) or place.is_relative_to(named)):
            raise
        raise unusable(
            variable,
            f"this place cannot be used ({error.strerror}): let this account read and write it, "
            "or name another",
        ) from None


def _port(text: str) -> int:
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PORT))
    if not digits or not 0 < int(text) <= LAST_PORT:
        raise unusable("HOLDFAST_PORT", "give a number from 1 to 65535")
    return int(text)


def _folder(env: Mapping[str, str], variable: str, default: str) -> Path:
    path = Path(env.get(variable) or default).absolute()
    with usable(variable, Path(path.anchor)):
        file = any(one.exists() and not one.is_dir() for one in (path, *path.parents))
    if file:
        raise unusable(variable, "name a folder: there is a file in this place")
    return path


def _database(env: Mapping[str, str], variable: str) -> str | None:
    """An address of PostgreSQL. What libpq says of a wrong one may quote the password: not told."""
    text = env.get(variable) or None
    try:
        conninfo_to_dict(text or "")
    except psycopg.ProgrammingError:
        wanted = "postgresql://LOGIN:PASSWORD@HOST:PORT/DATABASE"
        raise unusable(variable, f"give an address as {wanted}") from None
    return text


def _origin(env: Mapping[str, str]) -> str | None:
    """A name without scheme, as of an address; the log and its incarnation are put behind it."""
    text = env.get("HOLDFAST_ORIGIN") or None
    if text is not None and not _ORIGIN.fullmatch(text):
        raise unusable(
            "HOLDFAST_ORIGIN",
            "give a name such as record.council.gov.uk/safeguarding, without https",
        )
    return text


def _council(env: Mapping[str, str]) -> str | None:
    text = env.get("HOLDFAST_COUNCIL") or None
    if text is not None and not _COUNCIL.fullmatch(text):
        remedy = "give the code of letters and digits that the return has for the council, as 211"
        raise unusable("HOLDFAST_COUNCIL", remedy)
    return text


def _one_of(env: Mapping[str, str], variable: str, choices: tuple[str, ...]) -> str | None:
    value = env.get(variable) or None
    if value is not None and value not in choices:
        raise unusable(variable, f"choose one of {', '.join(choices)}")
    return value


def _days(env: Mapping[str, str], variable: str) -> frozenset[date]:
    try:
        return frozenset(
            date.fromisoformat(one.strip())
            for one in (env.get(variable) or "").split(",")
            if one.strip()
        )
    except ValueError:
        raise unusable(variable, "give days as 2026-12-24,2026-12-29") from None
