"""The witnesses of a policy, asked over the network for their cosignatures; and the time, of a TSA.

Nothing is sent but a signed head: a name, a size and a hash.
"""

from __future__ import annotations

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_pem_x509_certificates

from api.guard import told
from api.settings import LOOPBACK, Settings, unusable
from domain.record.proof import anchoring
from domain.record.proof.note import Signature
from domain.record.proof.policy import Policy, Witness, read_policy
from domain.record.proof.strict import Wrong
from domain.record.proof.witness import ANSWER_BYTES, PATH, Ask, Elsewhere, cosignature

ANSWER_S: Final = 10.0
LATE_S: Final = 0.5  # for a witness's answer, once those that came are enough
LOGGER: Final = logging.getLogger("holdfast")
_SETTING: Final = "HOLDFAST_POLICY_FILE"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A witness that sends us elsewhere is not the one that was named."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        """Follow nothing."""


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


Answer = tuple[int, bytes]
Outcome = Signature | Wrong | OSError  # of asking one witness


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


class NotWitnessed(Exception):  # noqa: N818 — what it is, not that it is an error
    """Too few witnesses cosigned a head: it is not published yet."""


class Witnesses:
    """The witnesses of a policy, asked at once. One that fails is let be while the rest are enough.

    For one thread; each question has one of its own. Whoever is slow is waited for only while the
    rest are too few, and not asked again before it answered.
    """

    def __init__(self, policy: Policy, log: str) -> None:
        self.troubles: dict[str, str] = {}  # by name: no-answer, refused or differs
        self._policy = policy
        self._log = log
        self._cosigned: dict[str, int] = {}  # by name, the size of the last head it cosigned
        self._asked: set[str] = set()  # who has not answered yet
        self._said: dict[str, str] = {}  # by name, what was told of it in the log

    def cosigned(
        self,
        note: bytes,
        size: int,
        *,
        consistency: Callable[[int], Sequence[bytes]],
        unmet: Callable[[bytes], str | None],
    ) -> bytes:
        """A head with the cosignatures of whoever answers, in the policy's order.

        Args:
            note: the head, signed by the log.
            size: of its tree.
            consistency: the proof that the tree goes on from an older size; for one thread at once.
            unmet: why a note has too few cosignatures; None: they are enough.

        Raises:
            NotWitnessed: they are not enough; ask again.
            Elsewhere: nor could they be: one knows a tree that this log does not go on from.
        """
        round_ = _Round(consistency)
        waited = [one for one in self._policy.witnesses if one.name not in self._asked]
        for one in waited:
            self._asked.add(one.name)
            asked = (round_, one, note, size, self._cosigned.get(one.name, 0))
            Thread(target=self._ask, args=asked, name="ask-witness", daemon=True).start()
        found: dict[str, Outcome] = {}
        why, patience = unmet(note), None
        while len(found) < len(waited):
            try:
                name, outcome = round_.done.get(timeout=patience)
            except Empty:
                break
            found[name] = outcome
            if why is not None and isinstance(outcome, Signature):
                why = unmet(self._with(note, found))
            patience = LATE_S if why is None else None
        round_.close()
        self._judge(found)
        if why is None:
            return self._with(note, found)
        for outcome in found.values():
            if isinstance(outcome, Elsewhere):
                raise outcome
        raise NotWitnessed(why)

    def _ask(self, round_: _Round, one: Witness, note: bytes, size: int, old: int) -> None:
        outcome: Outcome
        try:
            outcome = cosignature(
                one, asking(one), note, size, old=old, consistency=round_.consistency
            )
            self._cosigned[one.name] = size
        except (Wrong, OSError) as error:
            outcome = error
        except Exception as error:  # noqa: BLE001 — told to whoever waits, who would wait for ever
            outcome = OSError(type(error).__name__)
        self._asked.discard(one.name)
        round_.done.put((one.name, outcome))

    def _with(self, note: bytes, found: Mapping[str, Outcome]) -> bytes:
        signed = (found.get(one.name) for one in self._policy.witnesses)
        return note + b"".join(one.line.encode() for one in signed if isinstance(one, Signature))

    def _judge(self, found: Mapping[str, Outcome]) -> None:
        """Who failed, and how: said once, and loudly where a witness knows another log."""
        for one in self._policy.witnesses:
            outcome = found.get(one.name, TimeoutError("it has not answered yet"))
            if isinstance(outcome, Signature):
                self.troubles.pop(one.name, None)
                if self._said.pop(one.name, None) is not None:
                    LOGGER.warning("the witness %s cosigns %s again", one.name, self._log)
                continue
            level, kind = logging.WARNING, "no-answer"
            if isinstance(outcome, Elsewhere):
                level, kind = logging.ERROR, "differs"
            elif isinstance(outcome, Wrong):
                kind = "refused"
            self.troubles[one.name] = kind
            if self._said.get(one.name) != kind:
                self._said[one.name] = kind
                why = str(outcome) if isinstance(outcome, Wrong) else told(outcome)
                words = f"the witness {one.name} cosigned no head of {self._log}: {why}"
                LOGGER.log(level, "%s", words)


class _Round:
    """One head, and whoever is asked about it; who is late finds it closed."""

    def __init__(self, consistency: Callable[[int], Sequence[bytes]]) -> None:
        self.done: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
        self._consistency = consistency
        self._guard = Lock()
        self._open = True

    def consistency(self, old: int) -> Sequence[bytes]:
        """A proof, over the one connection of whoever waits; not once it has gone on with that."""
        with self._guard:
            if not self._open:
                raise TimeoutError("its answer came too late")
            return self._consistency(old)

    def close(self) -> None:
        """Let nobody ask for a proof any more."""
        with self._guard:
            self._open = False


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
