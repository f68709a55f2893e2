"""The witnesses of a policy, asked over the network for their cosignatures; and the time, of a TSA.

Nothing is sent but a signed head: a name, a size and a hash.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_pem_x509_certificates

from api.settings import LOOPBACK, Settings, unusable
from domain.record.proof import anchoring
from domain.record.proof.policy import Policy, Witness, read_policy
from domain.record.proof.strict import Wrong
from domain.record.proof.witness import ANSWER_BYTES, PATH, Ask

ANSWER_S: Final = 10.0
_SETTING: Final = "HOLDFAST_POLICY_FILE"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A witness that sends us elsewhere is not the one that was named."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        """Follow nothing."""


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


Answer = tuple[int, bytes]


def _bounded(sent: urllib.request.Request, most: int) -> Answer:
    """Status and body of an answer, within `ANSWER_S` in all, however slowly it comes.

    Raises OSError where there is none, none in time, a longer one, or one that is no HTTP.
    """
    done: SimpleQueue[Answer | Exception] = SimpleQueue()

    def read() -> None:
        try:
            try:
                answer = _OPENER.open(sent, timeout=ANSWER_S)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                done.put((answer.status, answer.read(most + 1)))
        except Exception as error:  # noqa: BLE001 — told to whoever waits
            done.put(error)

    Thread(target=read, name="ask-outside", daemon=True).start()
    found: Answer | Exception | None = None
    with suppress(Empty):
        found = done.get(timeout=ANSWER_S)
    if found is None:
        raise TimeoutError("no whole answer in time")
    if isinstance(found, http.client.HTTPException | ValueError):
        raise OSError("the answer is no HTTP")
    if isinstance(found, Exception):
        raise found
    if len(found[1]) > most:
        raise OSError("the answer is too long")
    return found


def policy_of(settings: Settings) -> Policy | None:
    """Whose cosignatures a head needs before it is published; None where nobody's.

    Raises:
        Refused: the file cannot be read, is no policy, or names a witness no one can ask.
    """
    if settings.policy_file is None:
        return None
    try:
        policy = read_policy(settings.policy_file.read_bytes())
    except OSError as error:
        raise unusable(_SETTING, f"this cannot be read ({error.strerror})") from None
    except Wrong as error:
        raise unusable(_SETTING, f"this is no policy: {error}") from None
    for one in policy.witnesses:
        address = urlsplit(one.url or "")
        plain = address.scheme == "http" and address.hostname in LOOPBACK
        if not (address.scheme == "https" or plain) or not address.hostname:
            raise unusable(_SETTING, "give every witness an https address to be asked at")
    return policy


def asking(witness: Witness) -> Ask:
    """How a witness is asked. Raises OSError where it cannot be reached, as urllib does."""
    url = f"{(witness.url or '').rstrip('/')}/{PATH}"

    def ask(body: bytes) -> tuple[int, bytes]:
        sent = urllib.request.Request(  # noqa: S310 — https, or this machine: checked above
            url, data=body, headers={"Content-Type": "text/plain; charset=utf-8"}, method="POST"
        )
        return _bounded(sent, ANSWER_BYTES)

    return ask


def authority_of_time(settings: Settings) -> tuple[anchoring.Ask, Sequence[Certificate]] | None:
    """Whom to ask for the time, and the roots that its certificates are believed by; None: nobody.

    Raises:
        Refused: its address is none, or there are no roots to believe it by.
    """
    url, file = settings.tsa_url, settings.tsa_ca_file
    if url is None:
        return None
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise unusable("HOLDFAST_TSA_URL", "give an address as https://tsa.example/")
    if file is None:
        raise unusable("HOLDFAST_TSA_CA_FILE", "name the roots of that authority, a PEM file")
    try:
        roots = load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        raise unusable("HOLDFAST_TSA_CA_FILE", f"this cannot be read ({error.strerror})") from None
    except ValueError:
        raise unusable("HOLDFAST_TSA_CA_FILE", "this is no PEM file of certificates") from None

    def ask(body: bytes) -> bytes:
        # A stamp is believed by its own signature: by which way it came does not matter.
        sent = urllib.request.Request(  # noqa: S310 — http or https: checked above
            url, data=body, headers={"Content-Type": anchoring.MEDIA}, method="POST"
        )
        status, raw = _bounded(sent, anchoring.ANSWER_BYTES)
        if status != http.client.OK:
            raise OSError(f"the time-stamp authority answered {status}")
        return raw

    return ask, roots
