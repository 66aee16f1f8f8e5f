"""Who says where an issuer's keys are."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise

_OURS: Final = "https://training.authkit.example/"
_SHOP: Final = "https://login.shop.example/"
_ADDRESSES: Final = {_OURS: f"{_OURS}.well-known/jwks.json", _SHOP: "https://keys.shop.example/v2"}
_EVIL: Final = "https://evil.example/"
_UPLOADED: Final = {
    f"{_OURS}uploads/keys.json": "The jku began like a trusted address, and was taken. On many hosts users may upload "
    "a file. Which part of the address did you not compare?",
    f"{_ADDRESSES[_OURS]}/../../uploads/keys.json": "The jku began with the whole of a trusted address, went on to "
    "another place, and was taken. Whoever writes the header chooses what follows. Who needs the jku?",
}
"""Addresses at the issuer's own host that are not its keys', and what is said if one is taken."""
_ALMOST: Final = {
    f"{_OURS}evil/": "it begins like one that is. Anything may follow. How much of the name was compared?",
    f"{_EVIL}?{_OURS}": "it holds one that is. Whoever makes up a name puts into it what they like. "
    "What does in ask of two texts?",
    _OURS.replace("https", "http"): "it has http for https. Under http anybody on the way answers, and it is another "
    "name. What was changed before comparing?",
    "/": "it ends like one that is. Whoever makes up a name may make it short. How much of the name was compared?",
    "": "it is empty, and an empty text is part of every other. When are two names the same?",
    _OURS.upper(): "its letters were made small. Issuers are names, compared as they are. What was changed, and why?",
}
"""Issuers that are not trusted and look alike, and what is said if one is taken."""


def _address(answer: Answer) -> None:
    plain = {"alg": "RS256", "kid": "key-1"}
    stranger = answer({**plain, "jku": f"{_EVIL}keys.json"}, {"iss": _EVIL}, _ADDRESSES)
    elsewhere = answer({**plain, "jku": f"{_EVIL}keys.json"}, {"iss": _OURS}, _ADDRESSES)
    if f"{_EVIL}keys.json" in (stranger, elsewhere):
        raise TryAgain(
            "A token had its keys fetched from evil.example, because its header said so. Whoever writes the header "
            "publishes the keys. Who else could name the address?",
            "the token may bring its key",
        )
    if isinstance(stranger, str) and stranger.startswith(_EVIL):
        raise TryAgain(
            "A token said it was issued by evil.example, and the keys came from there. Anyone can be an issuer. "
            "Where is it written which ones you trust?"
        )
    swapped = answer({**plain, "jku": _ADDRESSES[_SHOP]}, {"iss": _OURS}, _ADDRESSES)
    if swapped == _ADDRESSES[_SHOP]:
        raise TryAgain(
            f"A token of {_OURS} named the other issuer's address in its jku, and was given it. You trust that address "
            "for other tokens. What decides about this one?",
            "the token may bring its key",
        )
    uploaded = []
    for jku, words in _UPLOADED.items():
        uploaded.append(answer({**plain, "jku": jku}, {"iss": _OURS}, _ADDRESSES))
        if uploaded[-1] == jku:
            raise TryAgain(words, "a prefix makes it trusted")
    for issuer, address in _ADDRESSES.items():
        sought = answer(plain, {"iss": issuer}, _ADDRESSES)
        if sought is None:
            raise TryAgain(
                f"For a token of {issuer}, which is in trusted and whose header has no jku, it returned None: an "
                "outage. Where on its way was the address lost?"
            )
        if sought != address:
            raise TryAgain(
                f"No stranger's address got in, but tokens of {issuer} have their keys sought in the wrong place: an "
                "outage. What does trusted say of that issuer?"
            )
    if any(one != _ADDRESSES[_OURS] for one in (elsewhere, swapped, *uploaded)):
        raise TryAgain(
            "All strangers were kept out, and so was a genuine token whose header has a jku. Nobody has to obey it. "
            "What happens if it is not read at all?"
        )
    if stranger is not None:
        raise TryAgain(
            f"For a token of {_EVIL}, which is not in trusted, it returned {shown(stranger)}. What does the question "
            "ask for if nobody knows the issuer?"
        )
    for issuer, words in _ALMOST.items():
        if answer(plain, {"iss": issuer}, _ADDRESSES) is not None:
            raise TryAgain(f"The issuer {issuer!r} is not in trusted, and was given an address: {words}")
    if answer(plain, {"iss": _OURS.rstrip("/")}, _ADDRESSES) is not None:
        raise TryAgain(
            "An issuer whose name lacks the last slash was taken for the one in trusted. Issuers are names, compared "
            "letter by letter. When are two names the same?",
            "the slash does not matter",
        )


ADDRESS: Final = Exercise(
    id="q4",
    title="Write keys_address(header, payload, trusted): where the API fetches the keys for this token, or None",
    check=_address,
    hints=(
        "Who wrote header and payload? Who wrote trusted?",
        "What a stranger wrote may choose an entry of your own list, and nothing more.",
        "trusted.get(...) with the iss of the payload",
    ),
    solution='def keys_address(header, payload, trusted):\n    return trusted.get(payload["iss"])',
    done="The token says which issuer; your configuration says where that issuer's keys are. The jku is not read.",
    start="def keys_address(header, payload, trusted):\n    return authkit.course.TODO",
)
