"""A time-stamp authority of our own, years old, and what somebody can do to a stamp of it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """[tsa]
serial=serial
crypto_device=builtin
signer_digest=sha256
default_policy=1.2.3.4
digests=sha256
accuracy=secs:1
ess_cert_id_alg=sha256
"""
FALSE = "Jan  2 00:00:00 2024 GMT"  # a time within its certificates


class Authority:
    """Its root is `root`, in `folder`/ca.pem."""

    def __init__(self, folder: Path) -> None:
        """Make its keys and certificates in a folder."""
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
        self.root = _certificate("root", keys[0], keys[0])
        theirs = _certificate("time", keys[1], keys[0])
        for name, one in (("ca.pem", self.root), ("tsa.pem", theirs)):
            (folder / name).write_bytes(one.public_bytes(serialization.Encoding.PEM))
        pem = keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / "tsa.key").write_bytes(pem)

    def stamp(self, data: bytes, *, chain: bool = False) -> bytes:
        """Stamp bytes; with `chain` its root goes along, in no order that DER would have."""
        (self.folder / "data").write_bytes(data)
        self._openssl("-query -data data -sha256 -cert -out query")
        return self.answer((self.folder / "query").read_bytes(), chain=chain)

    def answer(self, query: bytes, *, chain: bool = False) -> bytes:
        """Answer a request."""
        (self.folder / "query").write_bytes(query)
        self._openssl(
            "-reply -config tsa.cnf -section tsa -queryfile query -signer tsa.pem -inkey tsa.key"
            f" -out answer{' -chain ca.pem' if chain else ''}"
        )
        return (self.folder / "answer").read_bytes()

    def _openssl(self, words: str) -> None:
        asked = ["openssl", "ts", *words.split()]
        subprocess.run(asked, cwd=self.folder, check=True, capture_output=True)


def _certificate(name: str, of: rsa.RSAPrivateKey, by: rsa.RSAPrivateKey) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")]))
        .public_key(of.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=of is by, path_length=None), critical=True)
    )
    if of is not by:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(by, hashes.SHA256())


def worded(stamp: bytes, words: str, status: int = 0) -> bytes:
    """The same stamp, the text beside its status another: no signature is over that."""
    start = _body(stamp, 0)
    token = stamp[_end(stamp, start) :]
    text = _tlv(0x30, _tlv(0x0C, words.encode()))
    return _tlv(0x30, _tlv(0x30, bytes([2, 1, status]) + text) + token)


def unsigned(stamp: bytes, *, since: str = "2024") -> bytes:
    """The same stamp with another year in what is signed: its signature holds no longer."""
    year = f"{datetime.now(UTC):%Y}".encode()
    head, found, rest = stamp.partition(b"\x18\x0f" + year)  # a GeneralizedTime of 15 signs
    assert found, "its time is not where it was looked for"
    return head + b"\x18\x0f" + since.encode() + rest


def _body(data: bytes, at: int) -> int:
    return at + (2 + (data[at + 1] & 0x7F) if data[at + 1] & 0x80 else 2)


def _end(data: bytes, at: int) -> int:
    start = _body(data, at)
    long = data[at + 1] & 0x80
    return start + (int.from_bytes(data[at + 2 : start], "big") if long else data[at + 1])


def _tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body
