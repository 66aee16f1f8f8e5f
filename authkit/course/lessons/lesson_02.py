"""Inside a token: three parts in base64url, who may read them, and what the signature is and is not good for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from authkit.attacks import edit_payload
from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.exercise import Exercise, choice, same
from authkit.course.lesson import Plan
from authkit.issuance import ClientCredentials
from authkit.jose.checks import CHECKS
from authkit.jose.encoding import encode_segment
from authkit.tenant import training_tenant

READER: Final = choice(
    id="q1",
    title="A token stands in a log file. Who of those who find it there can read what its payload says?",
    options={
        "A": "Only the API, which has the key.",
        "B": "Everyone.",
        "C": "Only who has the tenant's public key.",
        "D": "Nobody: base64url has to be cracked first.",
    },
    right="B",
    reasons={
        "A": "The API needs a key to check the signature. Which key did you use in section 2 to read the header?",
        "C": "A public key checks a signature. Which step between base64url and JSON would need one?",
        "D": "base64url is a spelling, as Morse is one. What does someone have to know to turn it back?",
    },
    beliefs={"A": "the payload is secret", "C": "the payload is secret", "D": "the payload is secret"},
    hints=(
        "What did you need in section 2 to read the header?",
        "Encoding turns bytes into letters by a rule that everyone knows. Encrypting needs a key.",
        "No key was used, so no key is needed: count who that leaves.",
    ),
    done="A token is a postcard. Put nothing into it that its holder, or a log file, must not know.",
)

_GOOD: Final[tuple[Mapping[str, Any], ...]] = (
    {"a": 1},
    {"ab": 1},
    {"abc": 1},
    {"sub": "çà et là ÿÿÿ>>>???", "list": [1, {"deep": None}]},
)


@cache
def _parts() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    texts = [json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in _GOOD]
    return tuple((encode_segment(text.encode()), one) for text, one in zip(texts, _GOOD, strict=True))


def _decodes(answer: Answer) -> None:
    for part, expected in _parts():
        if answer.refuses(part):
            lacking = -len(part) % 4
            raise TryAgain(
                f"It refused {part[:24]!r}, a sound part whose padding was left off: {lacking} '='. "
                "That is an outage. How many '=' does a part of any length lack?"
            )
        got = answer(part)
        if isinstance(got, bytes | str):
            raise TryAgain(
                f"It gave back {shown(got)}, the JSON as text or bytes. Claims are looked up by name. What reads JSON?"
            )
        if not same(got, expected):
            raise TryAgain(
                f"It read {part[:24]!r} as {shown(got)}. The alphabet of a token has '-' and '_' where plain base64 "
                "has others. Which decoder knows them?"
            )
    part = _parts()[0][0]
    if kind := _other_error(answer, f"{part[:4]}!!!!{part[4:]}"):
        raise TryAgain(
            f"It ended with {kind} on a part with '!!!!' in it. An API that waits for ValueError would break down. "
            "What do you raise, and where?"
        )
    if not answer.refuses(f"{part[:4]}!!!!{part[4:]}"):
        raise TryAgain(
            "It took a part with '!!!!' in it, and silently skipped them. One token then has many spellings, "
            "and a list of blocked ones knows one. What do you check before you decode?"
        )
    if not answer.refuses(part + "=" * (-len(part) % 4)):
        raise TryAgain(
            "It took a part that still has its '='. RFC 7515 leaves them off, so that each part has one spelling. "
            "Which letters may a part consist of?"
        )
    for letter in (".", "$", "\n", "ä"):
        if not answer.refuses(f"{part}{letter * 4}"):
            raise TryAgain(
                f"It took a part with {letter!r} in it. You list letters that are not allowed; there are a million. "
                "Is it shorter to say which are?"
            )
    if not answer.refuses(_parts()[-1][0].replace("-", "+").replace("_", "/")):
        raise TryAgain("It took '+' or '/', letters of plain base64. Which 64 letters are base64url's?")


def _other_error(answer: Answer, part: str) -> str:
    """The name of what was raised, if that is no ValueError; empty if nothing or a ValueError was."""
    try:
        answer(part)
    except BrokenAnswer as broken:
        if broken.kind is not None and not issubclass(broken.kind, ValueError):
            return broken.kind.__name__
    return ""


DECODE_PART: Final = Exercise(
    id="q2",
    title="Write decode_part(part): its JSON as a dict; what is no base64url is refused with ValueError",
    check=_decodes,
    hints=(
        "Decoding needs the '=' back. Being strict needs a look at the letters, before the decoder drops some.",
        "A part of length n lacks as many '=' as bring n to a multiple of 4: -n % 4. Letters, digits, '-' and '_' are "
        "all that may be in it.",
        'if set(part) - LETTERS: raise ValueError; then base64.urlsafe_b64decode(part + "=" * ...); then json.loads',
    ),
    solution=(
        "def decode_part(part):\n"
        "    if set(part) - LETTERS:\n"
        '        raise ValueError("this is no base64url")\n'
        '    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))'
    ),
    done="Padding given back, foreign letters refused. authkit.decode does this, and one thing more: see section 7.",
    start="def decode_part(part):\n    return authkit.course.TODO",
)

CHECK_NAMES: Final = tuple(check.name for check in CHECKS)
EDITS: Final = ("genuine", "a dot lost", "a strange letter", "payload edited", "for another API")


@cache
def _verdicts() -> Mapping[str, str]:
    """What a strict verifier really says of such tokens: the check that refuses, or `accepted`."""
    with training_tenant() as tenant:
        orders = tenant.apis.create(identifier="https://orders.example/")
        billing = tenant.apis.create(identifier="https://billing.example/")
        app = tenant.applications.create(name="Check", app_type="non_interactive")
        tokens = []
        for api in (orders, billing):
            tenant.client_grants.create(app, api)
            tokens.append(tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token)
        genuine, other = tokens
        edits = (
            genuine,
            genuine.replace(".", "", 1),
            f"{genuine[:20]}!{genuine[21:]}",
            edit_payload(genuine, sub="the-boss"),
            other,
        )
        verifier = tenant.verifier(orders)
        decisive = [verifier.explain(edit).decisive for edit in edits]
        names = ["accepted" if one is None else one.name for one in decisive]
        return dict(zip(EDITS, names, strict=True))


_WHY: Final = {
    "genuine": "Nobody touched it, it is for this API, and its time is not up. What would refuse it?",
    "a dot lost": "It has two parts now. Which check counts them, before anything is decoded?",
    "a strange letter": "Three parts are there, and one holds '!'. Which check looks at letters?",
    "payload edited": "Its base64url and JSON are sound, its aud and exp untouched. What covers the old one?",
    "for another API": "The same tenant signed it, and nobody changed it. Which claim tells whom it is for?",
}


def _predicts(answer: Answer) -> None:
    given = answer.value
    if not isinstance(given, Mapping):
        raise TryAgain(
            f"The check was given {shown(given)}. Hand in a dict: the name of each edit, and what you predict. "
            "Which names has edits?"
        )
    missing = [name for name in EDITS if name not in given]
    if missing:
        raise TryAgain(f"There is no prediction for {missing[0]!r} yet. What will the verifier say of it?")
    # A refusal's code begins with its check: form.segments is as good as form.
    said = {name: str(given[name]).strip().lower().split(".")[0] for name in EDITS}
    strange = next((one for one in said.values() if one not in (*CHECK_NAMES, "accepted")), None)
    if strange is not None:
        raise TryAgain(f"No check is called {shown(strange)}. Which of the names in the text do you mean?")
    if said["payload edited"] == "accepted":
        raise TryAgain(
            "By your prediction the edited payload gets in. It decodes without complaint, and so would anyone's JSON. "
            "Which part could the editor not make anew?",
            "decoded is verified",
        )
    if said["for another API"] == "accepted":
        raise TryAgain(
            "By your prediction a token for billing opens orders. Its signature is good. What else does a verifier "
            "compare?",
            "a good signature is enough",
        )
    for name, verdict in _verdicts().items():
        if said[name] != verdict:
            raise TryAgain(f"{name!r}: you say {said[name][:20]!r}. {_WHY[name]}")


PREDICT: Final = Exercise(
    id="q3",
    title="Predict for each of the five edits which check refuses it, or that it is accepted",
    check=_predicts,
    hints=(
        "The verifier asks in a fixed order: form, base64url, json, …, signature, iss, aud, exp. The first no decides.",
        "Go through the edits: can the token still be cut in three, decoded, read as JSON? Only then the signature "
        "counts, and only after it the claims.",
        "Two fail before any key is used, one at the signature, one at a claim, and one not at all.",
    ),
    solution=(
        "my_predictions = {\n"
        '    "genuine": "accepted",\n'
        '    "a dot lost": "form",\n'
        '    "a strange letter": "base64url",\n'
        '    "payload edited": "signature",\n'
        '    "for another API": "aud",\n'
        "}"
    ),
    done="A verifier asks in order, and the first no decides. Whatever follows a bad signature is not trusted.",
    start="my_predictions = authkit.course.TODO",
)

REPLAY: Final = choice(
    id="q4",
    title="Mallory has copied a token out of a log file. What must she change, so that the orders API answers her?",
    options={
        "A": "The signature: it is the application's, and she must make her own.",
        "B": "Nothing.",
        "C": "The sub, since she is not who it was issued to.",
        "D": "She must send the application's client secret with it.",
    },
    right="B",
    reasons={
        "A": "The tenant made the signature; the application only carries it. How would the API see who does so now?",
        "C": "If she changes one letter, the signature no longer fits. And if she leaves it, what does the API see?",
        "D": "The secret was shown to the tenant, when the token was issued. What does the API get to see of it?",
    },
    beliefs={
        "A": "the signature proves the sender",
        "C": "the signature proves the sender",
        "D": "the signature proves the sender",
    },
    hints=(
        "Compare, byte by byte, what the application sends with what she would send.",
        "The signature says who issued the token. Is there anything in the request that says who sends it?",
        "A bearer token works for its bearer (RFC 6750 §1.2): whoever holds it.",
    ),
    done="Run the next cell and see. A token is like a key to a door: it opens for whoever holds it, until exp.",
)

PLAN: Final = Plan(number="02", title="Inside a token", exercises=(READER, DECODE_PART, PREDICT, REPLAY))
