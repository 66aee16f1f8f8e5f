"""The key within a certificate."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_04.pairs import pairs
from authkit.course.some_claims import AUDIENCE, ISSUER
from authkit.ground.clock import TRAINING_START, SteerableClock
from authkit.ground.errors import AuthKitError
from authkit.jose.key_set import KeySet
from authkit.jose.verifier import Verifier


def _public_key(answer: Answer) -> None:
    said = [answer(pair.certificate) for pair in pairs()]
    for given, pair in zip(said, pairs(), strict=True):
        if isinstance(given, bytes):
            raise TryAgain(
                "It returned bytes. PEM is text, from the first dash to the last. Which method makes one of it?"
            )
        if not isinstance(given, str):
            raise TryAgain(
                f"It returned {shown(type(given).__name__)}. A configuration file holds text. Which method of a key "
                "writes it down?"
            )
        if "BEGIN CERTIFICATE" in given:
            raise TryAgain(
                "It returned a certificate. The key is in it, beside a name, dates and a signature. "
                "Which method of the loaded certificate takes it out?",
                "a certificate is a public key",
            )
        if given.strip() == pair.certificate.replace("CERTIFICATE", "PUBLIC KEY").strip():
            raise TryAgain(
                "The first and the last line now say PUBLIC KEY, and the letters between them are still a certificate. "
                "What do those lines do to the content?",
                "the label makes the key",
            )
        if not _verifies(given, pair.token):
            if len(set(said)) == 1:
                raise TryAgain(
                    "Two certificates, and the same key both times. After a rotation the tenant shows another "
                    "certificate. Where does yours come from?"
                )
            raise TryAgain(
                f"No token verifies with what it returned: {shown(given)}. What does KeySet.from_pem say to it?"
            )


def _verifies(pem: str, token: str) -> bool:
    try:
        keys = KeySet.from_pem(pem)
        Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=SteerableClock(TRAINING_START)).verify(token)
    except AuthKitError:
        return False
    return True


CERTIFICATE: Final = Exercise(
    id="q5",
    title="Write public_key(certificate): the public key in it, both as PEM text",
    check=_public_key,
    hints=(
        "The cell above goes half of the way: it loads a certificate and asks it for its key.",
        "A key object writes itself down with public_bytes, which wants to know an encoding and a format.",
        "x509.load_pem_x509_certificate(certificate.encode()).public_key().public_bytes(Encoding.PEM, "
        "PublicFormat.SubjectPublicKeyInfo), and decode() makes text of it.",
    ),
    solution=(
        "def public_key(certificate):\n"
        "    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()\n"
        "    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()"
    ),
    done="The certificate wraps the key in a name and dates. To verify a token the key alone is needed.",
    start="def public_key(certificate):\n    return authkit.course.TODO",
)
