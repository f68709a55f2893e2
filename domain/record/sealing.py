"""Personal passages to ciphertext and back, and the commitments that prove them later.

Each passage has an AES-256-GCM data key of its own. A ciphertext alone does not commit to its key
(one AES-GCM ciphertext can be made to open under two keys), so beside it stands

    binds = SHA-256(PASSAGE ‖ SHA-256(KEY ‖ data key) ‖ nonce ‖ ciphertext)

checked whenever the passage is opened. Header and payload are bound into the envelope by the
hash of their bytes; each carries a random salt, so that the few likely contents of a small event
cannot be guessed from the published commitment.
"""

from __future__ import annotations

import hmac
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.refusal import Corrupt
from domain.words import Forgotten, Passage, Personal

HEADER: Final = b"holdfast/header/v1\n"
PAYLOAD: Final = b"holdfast/payload/v1\n"
PASSAGE: Final = b"holdfast/passage/v1\n"
KEY: Final = b"holdfast/key/v1\n"
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
_TAG_BYTES: Final = 16
_MEMBERS: Final = frozenset({"at", "about", "key", "nonce", "sealed", "binds"})
_URLSAFE: Final = bytes.maketrans(b"+/", b"-_")
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")


# A case names the same few again and again, and is read anew for every command: making a UUID of
# a text is a sixth of reading it.
reference = lru_cache(maxsize=1 << 16)(UUID)


def header_commitment(header: bytes) -> bytes:
    """What the envelope says of a header: SHA-256(HEADER ‖ its bytes, salt within)."""
    return sha256(HEADER + header).digest()


def payload_commitment(payload: bytes) -> bytes:
    """What the envelope says of a payload: SHA-256(PAYLOAD ‖ its bytes, salt within)."""
    return sha256(PAYLOAD + payload).digest()


def passage_commitment(key: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """Binds a ciphertext to the one key that may open it."""
    return sha256(PASSAGE + sha256(KEY + key).digest() + nonce + ciphertext).digest()


def b64(data: bytes) -> str:
    """Unpadded base64url, as all bytes are written in our JSON."""
    return b2a_base64(data, newline=False).translate(_URLSAFE, b"=").decode()


def unb64(text: str) -> bytes:
    """The inverse of `b64`."""
    return a2b_base64(text.encode("ascii").translate(_STANDARD) + b"==")


def seal(
    passage: Personal,
    *,
    key_id: UUID,
    key: bytes,
    place: str,
    entropy: Callable[[int], bytes],
) -> dict[str, Any]:
    """A passage as it is stored. `place` (stream/version/field) stops it being moved.

    References are left as they are: orjson writes their texts in a tenth of the time `str` takes.
    """
    nonce = entropy(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, passage.text.encode(), place.encode())
    return {
        "at": place,
        "about": passage.about,
        "key": key_id,
        "nonce": b64(nonce),
        "sealed": b64(ciphertext),
        "binds": b64(passage_commitment(key, nonce, ciphertext)),
    }


def key_of(sealed: Mapping[str, Any]) -> UUID:
    """The id of the key a sealed passage names. Raises Corrupt where it names none."""
    try:
        return reference(sealed["key"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Corrupt("a sealed passage does not name its key") from None


def unseal(sealed: Mapping[str, Any], key: bytes | None) -> Passage:
    """The passage, or Forgotten where its key is gone.

    That it stands where it says it was sealed is for whoever reads it from a payload to compare;
    a view may carry it elsewhere.

    Raises:
        Corrupt: key and ciphertext do not belong together, or the passage was moved.
    """
    return unseal_by(sealed, key_of(sealed), key)


def unseal_by(sealed: Mapping[str, Any], number: UUID, key: bytes | None) -> Passage:
    """As `unseal`, by the number of the key it names (`key_of`). Raises Corrupt."""
    try:
        about, place = reference(sealed["about"]), sealed["at"].encode()
        nonce, ciphertext = unb64(sealed["nonce"]), unb64(sealed["sealed"])
        binds = unb64(sealed["binds"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Corrupt(f"passage {number}: it is not in the form we seal in") from None
    if key is None:
        return Forgotten(about)
    if not hmac.compare_digest(passage_commitment(key, nonce, ciphertext), binds):
        raise Corrupt(f"passage {number}: its key is not the one it was sealed with")
    try:
        return Personal(about, AESGCM(key).decrypt(nonce, ciphertext, place).decode())
    except InvalidTag:
        raise Corrupt(f"passage {number}: it does not stand where it was sealed") from None


def key_as_written(sealed: Mapping[str, Any]) -> str:
    """As `key_of`, left as it is written. Raises Corrupt where nothing is."""
    name = sealed.get("key")
    if not isinstance(name, str):
        raise Corrupt("a sealed passage does not name its key")
    return name


def opened_before(sealed: Mapping[str, Any], text: str) -> Personal:
    """A passage that its key opened before, and that said this. Raises Corrupt."""
    try:
        return Personal(reference(sealed["about"]), text)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Corrupt("a passage that was opened before is not in the form we seal in") from None


def well_formed(sealed: Mapping[str, Any], place: str) -> bool:
    """Whether a passage has the form we seal in and says that it was sealed at `place`."""
    try:
        return (
            sealed.keys() == _MEMBERS
            and sealed["at"] == place
            and str(UUID(sealed["about"])) == sealed["about"]
            and str(UUID(sealed["key"])) == sealed["key"]
            and len(unb64(sealed["nonce"])) == NONCE_BYTES
            and len(unb64(sealed["sealed"])) >= _TAG_BYTES
            and len(unb64(sealed["binds"])) == sha256().digest_size
        )
    except (AttributeError, TypeError, ValueError):
        return False
