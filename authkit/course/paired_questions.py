"""Eight questions on what the course is about, each in two clothings: one for before, one for after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Wording(NamedTuple):
    """One clothing of a question.

    Attributes:
        title: The question.
        options: The answers by their letter.
        right: The letter of the right one.
    """

    title: str
    options: Mapping[str, str]
    right: str


class Pair(NamedTuple):
    """One idea, asked twice.

    Attributes:
        before, after: The two clothings.
        reason: Why the right answer is right, in a sentence.
        lesson: Where it is taught.
    """

    before: Wording
    after: Wording
    reason: str
    lesson: str


def _wording(title: str, a: str, b: str, c: str, *, right: str) -> Wording:
    return Wording(title, {"A": a, "B": b, "C": c}, right)


PAIRS: Final[Mapping[str, Pair]] = {
    "a": Pair(
        _wording(
            "A server decodes a token and reads: role is admin. What does it know now?",
            "The user is an admin.", "Somebody wrote so.", "The token has not expired.", right="B",
        ),
        _wording(
            "A page decodes a token in the browser and reads: scope is delete:all. What has been checked?",
            "The signature.", "The signature and exp.", "Nothing.", right="C",
        ),
        "To decode is to read; anyone can write a payload, and only a verified signature says who did.", "02",
    ),
    "b": Pair(
        _wording(
            "A token is signed with RS256. Who can read what it says?",
            "The API alone.", "Everyone who gets hold of it.", "Who has the public key.", right="B",
        ),
        _wording(
            "Somebody wants to put a patient's diagnosis into a claim. Who will be able to read it?",
            "Everyone through whose hands the token goes.", "The tenant and the API.", "Who has the private key.",
            right="A",
        ),
        "Signed is not encrypted: header and payload are JSON in base64url, a spelling that everyone can read.", "02",
    ),
    "c": Pair(
        _wording(
            "A token with a good signature arrives. For whom does the signature vouch?",
            "Who sent it.", "The user at the screen.", "Who issued it.", right="C",
        ),
        _wording(
            "A valid token was copied out of a log file. What does the API say when the thief sends it?",
            "401: another sender.", "200.", "401: the signature is the application's.", right="B",
        ),
        "A bearer token works for its bearer; the signature is the issuer's and says nothing of the sender.", "02",
    ),
    "d": Pair(
        _wording(
            "With which algorithm should an API check a token's signature?",
            "With the one it was configured for.", "With the one the token's header names.",
            "With the strongest it knows.", right="A",
        ),
        _wording(
            "Your API was registered with RS256. A token arrives whose header says HS256. What should the API do?",
            "Check it with HS256.", "Check it with HS256 and the public key.", "Refuse it.", right="C",
        ),
        "Whoever forges a token writes its header too, so the API must know the algorithm by itself.", "04",
    ),
    "e": Pair(
        _wording(
            "Three services check HS256 tokens with one shared secret. Who can make tokens that they accept?",
            "The issuer and each of the three.", "The issuer alone.", "Nobody without a private key.", right="A",
        ),
        _wording(
            "A partner must be able to check your tokens, and never to make one. Which algorithm do you choose?",
            "HS256 with a long secret.", "RS256.", "Either, if the partner is careful.", right="B",
        ),
        "With HS256 the secret that checks is the secret that signs; with RS256 they are two keys.", "03",
    ),
    "f": Pair(
        _wording(
            "A genuine token for the API billing arrives at the API orders, of the same issuer. Orders should …",
            "accept it: the signature is good.", "accept it if it knows the user.", "refuse it.", right="C",
        ),
        _wording(
            "Your API is https://a.example/ and the token's aud is https://a.example, all else is good. It should …",
            "refuse it.", "accept it: a slash does not count.", "accept it: the host is the same.", right="A",
        ),
        "An audience is a name, compared letter by letter; a token for another name is for another API.", "06",
    ),
    "g": Pair(
        _wording(
            "At noon an administrator takes a role away. The user's token is good until six. What do APIs say at one?",
            "401, from noon on.", "200, until six.", "403, until the next login.", right="B",
        ),
        _wording(
            "A user is deleted from the tenant. Her access token, a JWT, has ten minutes left. What do APIs say to it?",
            "401 at once.", "403 at once.", "200, for ten minutes.", right="C",
        ),
        "An API that verifies asks nobody: what the tenant changes reaches it with the next token.", "01",
    ),
    "h": Pair(
        _wording(
            "The tenant begins to sign with a new key. What has to happen at an API that verifies with a JWKS?",
            "A deployment with the new key.", "Nothing: it fetches the published keys.",
            "It asks the tenant about each token.", right="B",
        ),
        _wording(
            "A token names a kid that your API's cached set does not have. What now?",
            "Fetch the set once more, then decide.", "Refuse it.", "Try the first key of the set.", right="A",
        ),
        "Keys come and go by name: look it up, fetch again once if it is not there, and never guess.", "05",
    ),
}  # fmt: skip
"""By their letters, in the order in which they are asked."""
