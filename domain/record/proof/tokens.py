"""What a time-stamp (RFC 3161) holds, read from its bytes: its certificates, and its own signature.

Who may be believed is judged elsewhere (`anchoring.py`), by a library that asks for certificates in
the order of DER. Some authorities, OpenSSL's among them, leave them in another; nothing is signed
over that order, so they are put into it before anything is judged. And whether a stamp was altered
can be told without any root, by the certificate that lies in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import Certificate, load_der_x509_certificate

_SEQUENCE, _SET, _OCTETS, _NUMBER, _OID = 0x30, 0x31, 0x04, 0x02, 0x06
_FIRST, _SECOND = 0xA0, 0xA1  # [0] and [1] of what stands around them
_LONG: Final = 0x80  # the length of a length, not a length
_FEW: Final = 4  # bytes of a length
_DIGEST: Final = bytes.fromhex("2a864886f70d010904")  # messageDigest, 1.2.840.113549.1.9.4
_RSA: Final = bytes.fromhex("2a864886f70d010101")  # with the digest that is named beside it
_HASHES: Final[Mapping[bytes, hashes.HashAlgorithm]] = {
    bytes.fromhex(oid): one
    for one, oids in (
        (hashes.SHA256(), ("608648016503040201", "2a864886f70d01010b", "2a8648ce3d040302")),
        (hashes.SHA384(), ("608648016503040202", "2a864886f70d01010c", "2a8648ce3d040303")),
        (hashes.SHA512(), ("608648016503040203", "2a864886f70d01010d", "2a8648ce3d040304")),
    )
    for oid in oids  # the digest alone; with RSA; with ECDSA
}


class _Unread(Exception):  # noqa: N818 — what it is
    """These bytes are not in the form that is looked for."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One element of DER: where it begins, its content, and where that ends."""

    data: bytes
    at: int
    start: int
    end: int

    @property
    def tag(self) -> int:
        return self.data[self.at]

    @property
    def whole(self) -> bytes:
        return self.data[self.at : self.end]

    @property
    def content(self) -> bytes:
        return self.data[self.start : self.end]

    def parts(self, *tags: int) -> list[_Part]:
        """The elements within it, which begin with these."""
        found, at = list[_Part](), self.start
        while at < self.end:
            found.append(_part(self.data, at, self.end))
            at = found[-1].end
        if [one.tag for one in found[: len(tags)]] != list(tags):
            raise _Unread
        return found


def _part(data: bytes, at: int, until: int) -> _Part:
    if at + 2 > until:
        raise _Unread
    size, start = data[at + 1], at + 2
    if size & _LONG:
        start += size - _LONG
        if not 0 < size - _LONG <= _FEW:
            raise _Unread
        size = int.from_bytes(data[at + 2 : start], "big")
    if start + size > until:
        raise _Unread
    return _Part(data, at, start, start + size)


def _signed_data(raw: bytes) -> list[_Part]:
    """The parts of the SignedData in a response: version, digests, content, what follows."""
    _, token = _part(raw, 0, len(raw)).parts(_SEQUENCE, _SEQUENCE)
    _, held = token.parts(_OID, _FIRST)
    (signed,) = held.parts(_SEQUENCE)
    return signed.parts(_NUMBER, _SET, _SEQUENCE)


def ordered(raw: bytes) -> bytes:
    """A time-stamp response with its certificates in the order of DER; as it is, where it is none.

    They stand where they stood, in another order: no length changes, and nothing that was signed.
    """
    with suppress(_Unread, ValueError):
        for one in _signed_data(raw):
            if one.tag in {_FIRST, _SECOND}:
                inner = b"".join(sorted(part.whole for part in one.parts()))
                raw = raw[: one.start] + inner + raw[one.end :]
    return raw


def altered(raw: bytes) -> bool:
    """Whether a stamp's signature is not that of the certificate in it over what it says.

    False too where that cannot be told: no such certificate, or another kind of signature.
    """
    try:
        return _altered(_signed_data(raw))
    except (_Unread, ValueError, UnsupportedAlgorithm):
        return False


def _altered(signed: Sequence[_Part]) -> bool:
    (signer,) = signed[-1].parts(_SEQUENCE)
    _, whose, digest, attributes, way, signature = signer.parts(
        _NUMBER, _SEQUENCE, _SEQUENCE, _FIRST, _SEQUENCE, _OCTETS
    )[:6]
    certificate = _certificate(signed, whose)
    digested = _hash(digest)
    hashed = digested if way.parts(_OID)[0].content == _RSA else _hash(way)
    if certificate is None or digested is None or hashed is None:
        return False
    _, held = signed[2].parts(_OID, _FIRST)
    (said,) = held.parts(_OCTETS)
    reckoned = hashes.Hash(digested)
    reckoned.update(said.content)
    if _digest_in(attributes) != reckoned.finalize():
        return True
    text = bytes([_SET]) + attributes.whole[1:]  # it is signed as the set that it is
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature.content, text, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature.content, text, ec.ECDSA(hashed))
    except InvalidSignature:
        return True
    return False


def _hash(algorithm: _Part) -> hashes.HashAlgorithm | None:
    return _HASHES.get(algorithm.parts(_OID)[0].content)


def _certificate(signed: Sequence[_Part], whose: _Part) -> Certificate | None:
    """The certificate in a stamp that its signer names, by issuer and number."""
    issuer, number = whose.parts(_SEQUENCE, _NUMBER)
    for held in signed:
        for one in held.parts() if held.tag == _FIRST else ():
            found = load_der_x509_certificate(one.whole)
            wanted = int.from_bytes(number.content, "big", signed=True)
            if (found.issuer.public_bytes(), found.serial_number) == (issuer.whole, wanted):
                return found
    return None


def _digest_in(attributes: _Part) -> bytes:
    for one in attributes.parts():
        name, values = one.parts(_OID, _SET)
        if name.content == _DIGEST:
            return values.parts(_OCTETS)[0].content
    raise _Unread
