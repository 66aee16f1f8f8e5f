"""Start here: an exercise to learn how exercises work, and two to see what signature and audience are for."""

from __future__ import annotations

import re
from typing import Final

from authkit.attacks import DecodesOnly
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.jose.decode import decode
from authkit.jose.rejection import TokenRejected
from authkit.tenant import training_tenant

ME: Final = "me"
_ISSUED_TO: Final = re.compile(r"[A-Za-z0-9]{32}@clients")  # a tenant's client_id


def _forged(answer: Answer) -> None:
    token = answer.value
    if not isinstance(token, str):
        raise TryAgain("What was handed in is no text. A token is one: three parts, joined by dots. What did you edit?")
    try:
        payload = decode(token).payload
        DecodesOnly().verify(token)
    except TokenRejected as rejected:
        if rejected.check == "form":
            raise TryAgain(
                "It cannot be decoded any more. The three parts and the two dots must stay. Which part did you change?"
            ) from None
        raise TryAgain(f"It cannot be decoded any more. {rejected.message} What wrote it?") from None
    if _ISSUED_TO.fullmatch(str(payload.get("sub"))):
        raise TryAgain(
            "It still says who it was issued to. Anyone may rewrite the payload. Which claim says who is asking?",
            "the payload is protected",
        )
    if payload.get("sub") != ME:
        raise TryAgain(f"Its sub is {shown(payload.get('sub'))}. The question asks for another name. Which one?")
    if not token.rpartition(".")[2]:
        raise TryAgain("The signature is gone. The old one may stay, though it no longer fits. Who would notice?")
    with training_tenant() as tenant:
        api = tenant.apis.create(identifier="https://orders.example/")
        if tenant.verifier(api).explain(token).outcome == "accepted":  # nobody here has the tenant's key
            raise TryAgain("The strict verifier accepts it: that is no forgery. Did you have it issued?")


FORGE: Final = Exercise(
    id="q1",
    title='Forge a token: let its payload say that sub is "me"',
    check=_forged,
    hints=(
        "Section 4 did the same with another name.",
        "The payload is JSON in base64url. authkit.attacks.edit_payload writes claims into it and leaves the rest.",
        'authkit.attacks.edit_payload(token, ...) with sub="me"',
    ),
    solution='my_token = authkit.attacks.edit_payload(token, sub="me")',
    done="The API that only decodes would greet you as me. The signature no longer fits, and a verifier says so.",
    start="my_token = authkit.course.TODO",
)

NOTICED: Final = choice(
    id="q2",
    title="Why did the verifier refuse the forged token, although every claim in it was plausible?",
    options={
        "A": "The payload is encrypted, and the forger did not have the key.",
        "B": "The signature was computed over the old payload and does not fit the new one.",
        "C": "The tenant keeps a list of the tokens it has issued, and this one is not on it.",
        "D": "The API asked the tenant over the network whether the token is good.",
    },
    right="B",
    reasons={
        "A": "You read the payload in section 3 without any key. What would encryption have done to that?",
        "C": "The verifier had the issuer's name, the API's identifier and a public key. Which list did it look into?",
        "D": "The verifier of section 7 fetched the public keys once, and no token. What can it check by itself?",
    },
    beliefs={
        "A": "the payload is secret",
        "C": "the tenant remembers its tokens",
        "D": "verifying asks the tenant",
    },
    hints=(
        "Look at what explain() said of the check signature.",
        "A signature is computed from header and payload.",
        "What did edit_payload leave as it was, and what did it change?",
    ),
    done="The signature covers header and payload: change one character, and it no longer fits.",
)

FOR_ONE_API: Final = choice(
    id="q3",
    title="The token for billing is genuine, and its signature good. What could happen if the orders API took it?",
    options={
        "A": "Nothing bad: a good signature is good everywhere.",
        "B": "Whoever runs billing could call orders with the tokens that billing receives.",
        "C": "Orders could not read it: it is encrypted for billing.",
        "D": "The tenant would notice, and take the token back.",
    },
    right="B",
    reasons={
        "A": "The signature says who issued it. Billing gets such tokens all day: what could it do with them?",
        "C": "You decoded the token for orders without any key. What would be different about one for billing?",
        "D": "The orders API asked nobody when it verified. How would the tenant hear of it?",
    },
    beliefs={
        "A": "a good signature is enough",
        "C": "the payload is secret",
        "D": "verifying asks the tenant",
    },
    hints=(
        "Think of an API that is less well guarded than the others, and of what it is sent.",
        "A bearer token works for whoever holds it. Every API holds the tokens of its callers.",
        "What would billing hold, and what would orders answer to it?",
    ),
    done="That is what aud is for: a token opens one API, so that the weakest of them cannot open the others.",
)

PLAN: Final = Plan(number="00", title="Start here", exercises=(FORGE, NOTICED, FOR_ONE_API))
