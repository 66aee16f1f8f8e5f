"""Inside a token: three parts in base64url, who may read them, and what the signature is and is not good for."""

from __future__ import annotations

import binascii
import json
import string
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from authkit.attacks import edit_payload
from authkit.course.answer import Answer, BrokenAnswer, Reaction, TryAgain, shown
from authkit.course.exercise import Exercise, choice
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

_BY_LENGTH: Final[tuple[Mapping[str, Any], ...]] = ({"a": 1}, {"ab": 1}, {"abc": 1})
_OTHER_TEXT: Final[Mapping[str, Any]] = {"city": "Zürich"}
"""Written in UTF-8 it is not ASCII, and in base64url it has neither '-' nor '_'."""
_OTHER_LETTERS: Final[Mapping[str, Any]] = {"sub": "çà et là ÿÿÿ>>>???", "list": [1, {"deep": None}]}
_FOREIGN: Final = (
    *sorted(
        set(map(chr, range(128))) - set(string.ascii_letters + string.digits + "-_"),
        key=lambda one: (not one.isprintable(), one),
    ),
    *"äÿ\u212a\u0663\uff10\u2028\U0001f511",
)
"""Every ASCII character that is none of base64url, and some beyond: letters, digits, the end of a line, a picture."""


def _part(claims: Mapping[str, Any]) -> str:
    return encode_segment(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())


def _decodes(answer: Answer) -> None:
    for claims in _BY_LENGTH:
        _reads_any_length(answer, claims)
    _reads_other_text(answer)
    _reads_other_letters(answer)
    _is_strict(answer)


def _read(answer: Answer, part: str) -> Reaction:
    """What it did with a sound part.

    Raises:
        BrokenAnswer: It raised something else than the task's ValueError: an error of its own.
        TryAgain: It returned the JSON unread.
    """
    reaction = answer.reaction(part)
    refusal, got = reaction
    if refusal is not None and not _is_value_error(refusal):
        raise refusal
    if isinstance(got, bytes | str):
        raise TryAgain(
            f"It gave back {shown(got)}, the JSON as text or bytes. Claims are looked up by name. What reads JSON?"
        )
    return reaction


def _is_value_error(refusal: BrokenAnswer) -> bool:
    return refusal.kind is not None and issubclass(refusal.kind, ValueError)


def _is(got: object, claims: Mapping[str, Any]) -> bool:
    return isinstance(got, dict) and got == claims


def _reads_any_length(answer: Answer, claims: Mapping[str, Any]) -> None:
    part = _part(claims)
    refusal, got = _read(answer, part)
    if refusal is None:
        if _is(got, claims):
            return
        raise TryAgain(
            f"It read {part!r} as {shown(got)}. That is another JSON than the one in it. What do the lines of "
            "section 2 make of this part?"
        )
    if refusal.kind is binascii.Error:
        raise TryAgain(
            f"It refused {part!r} with {refusal.said}. The part is sound, its padding was left off: {-len(part) % 4} "
            "'='. That is an outage. How many '=' does a part of any length lack?"
        )
    raise TryAgain(
        f"It refused {part!r} with {refusal.said}. Nothing is wrong with that part, so this is an outage. "
        "Which of your lines refused it?"
    )


def _reads_other_text(answer: Answer) -> None:
    refusal, got = _read(answer, _part(_OTHER_TEXT))
    if refusal is not None:
        raise TryAgain(
            f"It refused a part whose JSON has the city 'Zürich', with {refusal.said}. Names are not ASCII alone. "
            "In which encoding is JSON sent (RFC 8259 §8.1)?"
        )
    if not _is(got, _OTHER_TEXT):
        raise TryAgain(
            f"It read a part whose JSON has the city 'Zürich' as {shown(got)}. The bytes are right, the text is "
            "another. In which encoding is JSON sent (RFC 8259 §8.1)?"
        )


def _reads_other_letters(answer: Answer) -> None:
    part = _part(_OTHER_LETTERS)
    refusal, got = _read(answer, part)
    if refusal is not None:
        raise TryAgain(
            f"It read other parts, and refused one with '-' and '_' in it: {refusal.said}. Plain base64 has two other "
            "letters in their place. Which decoder knows these?"
        )
    if not _is(got, _OTHER_LETTERS):
        raise TryAgain(
            f"It read {part[:24]!r} as {shown(got)}. The alphabet of a token has '-' and '_' where plain base64 "
            "has others. Which decoder knows them?"
        )


def _is_strict(answer: Answer) -> None:
    short, even, other = _BY_LENGTH[0], _BY_LENGTH[2], _OTHER_LETTERS
    part = _part(short)
    if _takes(answer, f"{part[:4]}!!!!{part[4:]}", short, "a part with '!!!!' in it"):
        raise TryAgain(
            "It took a part with '!!!!' in it, and silently skipped them. One token then has many spellings, "
            "and a list of blocked ones knows one. What do you check before you decode?"
        )
    if _takes(answer, part + "=" * (-len(part) % 4), short, "a part that still has its '='"):
        raise TryAgain(
            "It took a part that still has its '='. RFC 7515 leaves them off, so that each part has one spelling. "
            "Which letters may a part consist of?"
        )
    if _takes(answer, _part(other).replace("-", "+").replace("_", "/"), other, "a part in plain base64"):
        raise TryAgain("It took '+' or '/', letters of plain base64. Which 64 letters are base64url's?")
    part = _part(even)  # no padding is lacking that could be what is refused
    for letter in _FOREIGN:
        what = f"a part with {letter!r} in it"
        for foreign in (letter, letter * 4):
            inside = _takes(answer, f"{part[:4]}{foreign}{part[4:]}", even, what)
            if _takes(answer, part + foreign, even, what) and not inside:
                raise TryAgain(
                    f"It took a part with {letter!r} at its end, and refused one with {letter!r} inside. The first "
                    "has two spellings now. How far does your check look?"
                )
            if inside:
                raise TryAgain(
                    f"It took {what}. You list letters that are not allowed; there are a million. "
                    "Is it shorter to say which are?"
                )


def _takes(answer: Answer, part: str, claims: Mapping[str, Any], what: str) -> bool:
    """Whether it reads a part that is no base64url as these claims; False if it refuses it as the task asks.

    Raises:
        TryAgain: It does neither.
    """
    reaction = answer.reaction(part)
    refusal, got = reaction
    if refusal is None:
        if _is(got, claims):
            return True
        raise reaction.silent(what)
    if not _is_value_error(refusal):
        raise TryAgain(
            f"It ended with {refusal.said} on {what}. An API that waits for ValueError would break down. "
            "What do you raise, and where?"
        )
    return False


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
