"""RS256: what each half of a key pair can do, who chooses the algorithm, and which algorithm to choose."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from jwt.algorithms import HMACAlgorithm
from jwt.utils import force_bytes

from authkit.attacks import edit_payload, sign_with_public_key
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.course.one_fault import FAR, signed
from authkit.ground.clock import TRAINING_START, SteerableClock
from authkit.ground.errors import AuthKitError
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.key_set import KeySet
from authkit.jose.sign import sign
from authkit.jose.verifier import Verifier
from authkit.tenant import training_tenant

_ISSUER: Final = "https://training.authkit.example/"
_AUDIENCE: Final = "https://orders.example/"
_NOW: Final = int(TRAINING_START.timestamp())
_BOSS: Final = "the-boss"


class _Pair(NamedTuple):
    """One signing key of a training tenant, and a token under it."""

    subject: str
    certificate: str
    public_pem: str
    token: str


def _claims(subject: str) -> dict[str, Any]:
    return {"iss": _ISSUER, "sub": subject, "aud": _AUDIENCE, "iat": _NOW, "exp": FAR}


@cache
def _pairs() -> tuple[_Pair, ...]:
    with training_tenant() as tenant:
        made = []
        for subject in ("ann", "the nightly report"):
            key = tenant.keys.current
            token = sign(_claims(subject), key, alg="RS256")
            made.append(_Pair(subject, key.certificate, key.public_pem, token))
            tenant.keys.rotate()
        return tuple(made)


def _mapping(answer: Answer, names: tuple[str, ...], words: tuple[str, ...]) -> Mapping[Any, Any]:
    """The answer, if it is a dict that gives each of the names one of the words."""
    given = answer.value
    if not isinstance(given, Mapping):
        raise TryAgain(
            f'The check was given {shown(given)}. It needs a dict, as in {{"{names[-1]}": ...}}. Which names?'
        )
    missing = next((name for name in names if name not in given), None)
    if missing is not None:
        raise TryAgain(f"The dict says nothing of {missing!r}. Which of the words fits it?")
    odd = next((name for name in names if given[name] not in words), None)
    if odd is not None:
        raise TryAgain(f"For {odd!r} it says {shown(given[odd])}, which is none of the words. Which of them is meant?")
    return given


_FOUND: Final = ("private key", "public key", "certificate", "client secret", "access token")
_CAN: Final = ("sign", "ask", "use", "nothing")


def _thief(answer: Answer) -> None:
    said = _mapping(answer, _FOUND, _CAN)
    if said["client secret"] == "sign":
        raise TryAgain(
            "You let the client secret sign. No access token is signed with it (an HS256 ID token is: OpenID Connect "
            "Core §10.1). To whom does an application show it, and what does it get?",
            "client_secret signs",
        )
    for half in ("public key", "certificate"):
        if said[half] != "nothing":
            raise TryAgain(
                f"By your answer the {half} helps a thief to {said[half]}. The tenant publishes it, and every API has "
                "it. What could one do in section 1 with e and n alone?",
                "the public key must be hidden",
            )
    if said["private key"] != "sign":
        raise TryAgain(
            f"With the private key you let a thief {_did(said['private key'])}. It is what the tenant has that nobody "
            "else has. What does the tenant do with it?",
            "the keys have changed places",
        )
    if said["access token"] == "nothing":
        raise TryAgain(
            "By your answer a found token is worth nothing. An API takes it from whoever sends it. "
            "Does any check ask who that is?",
            "a token works for its owner alone",
        )
    if said["access token"] != "use":
        raise TryAgain(
            f"With one token you let a thief {_did(said['access token'])}. A token is what came out of the key. "
            "For what does an API take it, and until when?"
        )
    if said["client secret"] != "ask":
        raise TryAgain(
            f"With the client secret you let a thief {_did(said['client secret'])}. It is an application's password. "
            "Where does the application enter it?"
        )


def _did(word: str) -> str:
    return {"nothing": "do nothing"}.get(word, word)


THIEF: Final = Exercise(
    id="q1",
    title="For each thing that a thief may find: what does it let the thief do?",
    check=_thief,
    hints=(
        "Ask of each thing who has it already, quite rightly. What the whole world has helps nobody.",
        "Three things are secret: one belongs to the tenant, one to an application, one to whoever is logged in.",
        "Exactly one signs. One is a password at the tenant: ask. One is a ticket: use. The two others are public.",
    ),
    solution=(
        "thief = {\n"
        '    "private key": "sign",\n'
        '    "public key": "nothing",\n'
        '    "certificate": "nothing",\n'
        '    "client secret": "ask",\n'
        '    "access token": "use",\n'
        "}"
    ),
    done="One thing signs, and one party has it. Everything that an API needs in order to verify may hang on a wall.",
    start="thief = authkit.course.TODO",
)

READ: Final = choice(
    id="q2",
    title="Somebody copies a token that is signed with RS256. What do they need in order to read its payload?",
    options={
        "A": "The private key: RS256 encrypts the token.",
        "B": "The public key, which opens what the private key closed.",
        "C": "Nothing at all.",
        "D": "The client secret of the application that it was issued to.",
    },
    right="C",
    reasons={
        "A": "An API has no private key. By that answer it could not read one token. What does it read scopes from?",
        "B": "The public key says whether the signature fits. Which of the three parts does it need for that, and why "
        "can it see them?",
        "D": "An API never learns that secret, and reads the payload of every token. How does it do it?",
    },
    beliefs={"A": "RS256 encrypts", "B": "RS256 encrypts", "D": "client_secret encrypts"},
    hints=(
        "You have read the payload of a token already. What did you hand to authkit.decode?",
        "Base64url is a spelling. It hides nothing.",
        "Count the keys that decode takes.",
    ),
    done="A signature says who wrote it, and hides nothing. Run the next cell: no key is in it.",
)


_HASHES: Final = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}
_OTHER_RSA: Final = ("RS384", "RS512", "PS256", "PS384", "PS512")


def _unsigned(alg: str, key: str, token: str) -> str:
    """The token with another subject and algorithm: a MAC under the letters of the key, or no signature at all."""
    payload = edit_payload(token, sub=_BOSS).split(".")[1]
    signing_input = f"{encode_segment(encode_json({'alg': alg, 'typ': 'JWT'}))}.{payload}"
    mac = b"" if alg == "none" else hmac.new(key.encode(), signing_input.encode(), _HASHES[alg]).digest()
    return f"{signing_input}.{encode_segment(mac)}"


def _verify(answer: Answer) -> None:
    for number, pair in enumerate(_pairs()):
        _stops_forgeries(answer, pair)
        _takes_one_algorithm(answer, pair, number)
    for pair in _pairs():
        refusal, claims = answer.reaction(pair.token, pair.public_pem)
        if refusal is not None:
            raise TryAgain(
                f"On a genuine RS256 token it raised {refusal.said}, as on all forgeries. That is an outage. Which of "
                "your lines raised it?"
            )
        if not _holds(claims, pair.subject):
            raise TryAgain(
                f"For a genuine token it returned {shown(claims)}. An API needs the claims. What holds them?"
            )


def _stops_forgeries(answer: Answer, pair: _Pair) -> None:
    """What anyone can make who has the public key."""
    edited = _lets_in(answer, pair, edit_payload(pair.token, sub=_BOSS), "a payload edited after signing")
    confused = _lets_in(answer, pair, _confused(pair), "an HS256 token signed with the public key")
    others = {
        alg: _lets_in(answer, pair, _unsigned(alg, pair.public_pem, pair.token), f"a forgery that says {alg}")
        for alg in ("none", *_HASHES)
    }
    if edited:
        raise TryAgain(
            "It took an RS256 token whose payload was edited after signing. The right name in the header is no "
            "signature. Which line looks at the signature?",
            "decoded is verified",
        )
    if confused and others["none"]:
        raise TryAgain(
            "The token chose how it was judged: forged with the public key it got in, and without any signature, "
            "too. An attacker writes that header. Where does your API record its algorithm?",
            "the header chooses the algorithm",
        )
    if confused:
        raise TryAgain(
            "A token that says HS256, signed with the public key, got in. You limit the header's choice, and it "
            "still has one. How many algorithms does this key belong to?",
            "one key serves several algorithms",
        )
    if any(others.values()):
        raise TryAgain(
            "The forgery of this section is stopped, and a forgery under another name got in. A list of what is "
            "forbidden ends where its author's knowledge ends. What would a list of the allowed hold?",
            "the header chooses the algorithm",
        )


def _takes_one_algorithm(answer: Answer, pair: _Pair, number: int) -> None:
    """Tokens that the pair's own private key signed in another way; and what PyJWT alone stopped."""
    tokens = {alg: signed(_claims(pair.subject), number, alg) for alg in _OTHER_RSA}
    taken = [alg for alg, token in tokens.items() if _lets_in(answer, pair, token, f"a token under {alg}")]
    with patch.object(HMACAlgorithm, "prepare_key", lambda _, key: force_bytes(key)):  # a library without that net
        confused = _lets_in(answer, pair, _confused(pair), "an HS256 token signed with the public key")
    if len(taken) == len(tokens) and confused:
        raise TryAgain(
            "The header chose: tokens under all algorithms of RSA got in, and HS256 was stopped by PyJWT, not by you. "
            "Where does your API record its algorithm?",
            "the header chooses the algorithm",
        )
    if len(taken) == len(tokens):
        raise TryAgain(
            "HS256 and none are stopped, and under RS512, PS256 and three more tokens got in that this key signed. "
            "Their header chose. What would a list of the allowed hold for this API?",
            "the header chooses the algorithm",
        )
    if taken:
        raise TryAgain(
            f"A token under {taken[0]} got in. The API's tokens are RS256, and each key is used with one algorithm "
            "(RFC 8725 §3.1). How many names does your list need?",
            "one key serves several algorithms",
        )
    if confused:
        raise TryAgain(
            "An HS256 token, signed with the public key, came as far as PyJWT's second net, which other libraries do "
            "not have. How many algorithms does this key belong to?",
            "one key serves several algorithms",
        )


def _confused(pair: _Pair) -> str:
    return sign_with_public_key(pair.token, pair.public_pem, sub=_BOSS)


def _lets_in(answer: Answer, pair: _Pair, token: str, what: str) -> bool:
    """Whether it returns the claims of a token that is none of this API's; False if it raises.

    Raises:
        TryAgain: It does neither.
    """
    reaction = answer.reaction(token, pair.public_pem)
    if reaction.refusal is None and not _holds(reaction.returned, _BOSS, pair.subject):
        raise reaction.silent(what)
    return reaction.refusal is None


def _holds(claims: object, *subjects: str) -> bool:
    """Whether these are claims of one of the subjects."""
    return isinstance(claims, Mapping) and claims.get("sub") in subjects


REPAIR: Final = Exercise(
    id="q3",
    title="Write verify(token, pem): the claims of a genuine RS256 token; it raises an error for everything else",
    check=_verify,
    hints=(
        "Find the line of section 4 in which the attacker's words reach the code.",
        "What a token may be signed with is a fact about the API. It stands in the API's code, as a constant.",
        'signature_fits(token, pem, "RS256"), whatever the header says; if it does not fit, raise ValueError.',
    ),
    solution=(
        "def verify(token, pem):\n"
        "    read = authkit.decode(token)\n"
        '    if read.header["alg"] != "RS256":\n'
        '        raise ValueError("this API takes RS256")\n'
        '    if not authkit.attacks.signature_fits(token, pem, "RS256"):\n'
        '        raise ValueError("the signature does not fit")\n'
        "    return dict(read.payload)"
    ),
    done="The algorithm stands in your code. The header may agree, or the token is refused.",
    start="def verify(token, pem):\n    return authkit.course.TODO",
)

_SCENARIOS: Final = ("partner", "phone", "link", "thirty", "cookie")
_ALGORITHMS: Final = ("HS256", "RS256")


def _choose(answer: Answer) -> None:
    said = _mapping(answer, _SCENARIOS, _ALGORITHMS)
    if len({said[name] for name in _SCENARIOS}) == 1:
        raise TryAgain(
            f"You chose {said['partner']} five times. Each of the two has something that the other has not. "
            "In which rows does nobody but the signer verify?"
        )
    if said["partner"] == "HS256":
        raise TryAgain(
            "With a shared secret the partner's people could write your tenant's tokens. Which key could you hand to "
            "them without trusting them?",
            "who verifies cannot sign",
        )
    if said["phone"] == "HS256":
        raise TryAgain(
            "A secret within an app is on every phone, and whoever unpacks the app has it. What may be on every phone?",
            "a secret in an app stays secret",
        )
    if said["thirty"] == "HS256":
        raise TryAgain(
            "With HS256 thirty servers have to get the new secret in the same minute, each from you. What could they "
            "fetch by themselves, because it may be published?",
            "a secret can be fetched like a key",
        )
    wrong = next((name for name in ("link", "cookie") if said[name] != "HS256"), None)
    if wrong is not None:
        raise TryAgain(
            f"For {wrong!r} you chose a pair of keys. It would work. Who else verifies there, and what does the pair "
            "cost in bytes?",
            "RS256 is always better",
        )


CHOOSE: Final = Exercise(
    id="q4",
    title="For each of five scenarios: HS256 or RS256",
    check=_choose,
    hints=(
        "Underline in each row who signs and who verifies.",
        "If both are the same program, a shared secret is shared with nobody, and HS256 is smaller and quicker.",
        "Two rows have one program on both sides. In the three others the verifier is somebody else.",
    ),
    solution=(
        "chosen = {\n"
        '    "partner": "RS256",\n'
        '    "phone": "RS256",\n'
        '    "link": "HS256",\n'
        '    "thirty": "RS256",\n'
        '    "cookie": "HS256",\n'
        "}"
    ),
    done="Ask who verifies. If it is anybody but the signer: RS256.",
    start="chosen = authkit.course.TODO",
)


def _public_key(answer: Answer) -> None:
    said = [answer(pair.certificate) for pair in _pairs()]
    for given, pair in zip(said, _pairs(), strict=True):
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
        Verifier(issuer=_ISSUER, audience=_AUDIENCE, keys=keys, clock=SteerableClock(TRAINING_START)).verify(token)
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

PLAN: Final = Plan(number="04", title="RS256: a key pair", exercises=(THIEF, READ, REPAIR, CHOOSE, CERTIFICATE))
