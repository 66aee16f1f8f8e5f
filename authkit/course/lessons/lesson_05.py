"""Verify with a JWKS: which key of the set, when to fetch the set again, and who says where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.tenant import training_tenant

Jwk = dict[str, Any]

PASTED: Final = choice(
    id="q1",
    title=(
        "The tenant's public key was copied into the API's configuration. Tonight the tenant rotates. "
        "What does the API do with a genuine token that is issued tomorrow?"
    ),
    options={
        "A": "It accepts the token: the new key belongs to the same tenant.",
        "B": "It fetches the new public key, then accepts the token.",
        "C": "It refuses the token, in the same words as a forgery.",
        "D": "It accepts the token until the tenant revokes the old key.",
    },
    right="C",
    reasons={
        "A": "The API was given one key, and no tenant. The new signature comes from another pair: what does it fit?",
        "B": "A copied key is a text in a file. Which line of it says where to ask for another?",
        "D": "Revoking is about tokens under the old key. Which key signed this one, and does the API have it?",
    },
    beliefs={
        "A": "one key stands for the tenant",
        "B": "a copied key renews itself",
        "D": "old and new key are the same until revoked",
    },
    hints=(
        "Write down which keys exist after the rotation, and which of them the API holds.",
        "A signature fits the public half of the pair that made it, and no other.",
        "The new token was signed with the new private key; the API checks it with the old public one.",
    ),
    done="To the API a genuine token under an unknown key and a forgery look the same. Run the next cell and read why.",
)


@cache
def _elsewhere() -> Jwk:
    """A key of the training tenant, as the notebook's own tenant publishes it."""
    with training_tenant() as tenant:
        return dict(tenant.jwks["keys"][0])


_NAMELESS: Final[Jwk] = {"kty": "RSA"}
_NAMED: Final[tuple[Jwk, ...]] = tuple({"kid": kid, "kty": "RSA"} for kid in ("Ab3", "q-Z", "7y"))
_SET: Final[Jwk] = {"keys": [_NAMELESS, *_NAMED]}
"""Short keys, so that an error in a learner's code shows all of them, the nameless one first."""
_BROUGHT: Final[Jwk] = {"kid": "Ab3", "kty": "RSA", "e": "Aw"}


def _header(kid: str | None, **more: object) -> Jwk:
    header: Jwk = {"alg": "RS256", "typ": "JWT", **more}
    return header if kid is None else {**header, "kid": kid}


def _find_key(answer: Answer) -> None:
    if answer(_header(_elsewhere()["kid"]), _SET) == _elsewhere():
        raise TryAgain(
            "It returned a key that is not in the set it was handed. An API may take tokens of several tenants. "
            "From which name did your code read the keys?"
        )
    for wanted in _NAMED:
        found = answer(_header(wanted["kid"]), _SET)
        if found == wanted:
            continue
        if found in _SET["keys"]:
            raise TryAgain(
                "For one kid it returned the key of another name. The set has several, in no promised order. "
                "Which two texts have to be equal?",
                "the first key will do",
            )
        if found is None:
            raise TryAgain(
                f"It found nothing for {wanted['kid']!r}, which is in the set: every token under it would be "
                "refused. Which keys did it look at?"
            )
        raise TryAgain(
            f"It returned {shown(found)}. A verifier needs the key itself, the whole JWK. What does the loop run over?"
        )
    _brings_none(answer)
    for kid, words in _NO_NAMES.items():
        found = answer(_header(kid), _SET)
        if found is not None:
            belief = "the first key will do" if kid == "made-up" else ""
            raise TryAgain(words.format(found=_kind(found, _SET)), belief)
    if answer(_header(None), _SET) is not None:
        raise TryAgain(
            "A token without kid was given the key without kid: two names that are missing counted as equal. "
            "What does .get return for both?"
        )


_NO_NAMES: Final = {
    "made-up": "The token named a key that is not in the set, and was given {found} all the same. "
    "What may be concluded from a name nobody knows?",
    "Ab": "The token named 'Ab', and was given {found}, because 'Ab3' begins with it. A name is compared as a whole. "
    "Where does this one end?",
    "Ab34": "The token named 'Ab34', and was given {found}, because it begins with 'Ab3'. A name is compared as a "
    "whole. How much of it did you compare?",
    "aB3": "The token named 'aB3', and was given {found}, as if it were 'Ab3'. In a kid, case counts "
    "(RFC 7517 §4.5). What was changed before comparing?",
    "": "The token's kid is an empty text, no key is called that, and it was given {found}. "
    "What does your code make of an empty name?",
}
"""Names that no key of the set has, and what is said if one is found."""


def _brings_none(answer: Answer) -> None:
    if answer(_header("Ab3", jwk=_BROUGHT), _SET) == _BROUGHT:
        raise TryAgain(
            "The header brought a key of its own, and that key was returned. Whoever writes the header can sign with "
            "it. Whose keys does your API trust?",
            "the token may bring its key",
        )
    if answer(_header("made-up", jwk=_BROUGHT), _SET) == _BROUGHT:
        raise TryAgain(
            "Its kid was in nobody's set, so the token was judged by the key in its own header, which fits every "
            "forgery. What is a name worth that nobody knows?",
            "the token may bring its key",
        )


def _kind(found: object, jwks: Jwk) -> str:
    return "one of its keys" if found in jwks["keys"] else shown(found)


FIND_KEY: Final = Exercise(
    id="q2",
    title="Write find_key(header, jwks): the JWK that the header's kid names, or None",
    check=_find_key,
    hints=(
        "Print header for a token of section 2, and tenant.jwks. Where does the same text stand in both?",
        "Go through the list of keys and compare names; a name that is missing is equal to nothing.",
        'for key in jwks["keys"]: if header has a kid and key.get("kid") equals it, return key. After it: None.',
    ),
    solution=(
        "def find_key(header, jwks):\n"
        '    kid = header.get("kid")\n'
        '    for key in jwks["keys"]:\n'
        '        if kid is not None and key.get("kid") == kid:\n'
        "            return key\n"
        "    return None"
    ),
    done="The header chooses among keys that the API trusts already. It cannot add one, whatever it brings.",
    start="def find_key(header, jwks):\n    return authkit.course.TODO",
)


class _Endpoint:
    """A tenant's JWKS that counts how often it is fetched, and a clock beside it."""

    def __init__(self, seconds: float) -> None:
        self.kids = ["key-1", "key-2"]
        self.fetches = 0
        self.seconds = seconds

    def functions(self) -> tuple[Callable[[], Jwk], Callable[[], float]]:
        """`fetch` and `now` as plain functions: what is handed to an answer is copied, and these stay what they are."""

        def fetch() -> Jwk:
            self.fetches += 1
            return {"keys": [{"kty": "RSA", "use": "sig", "kid": kid} for kid in self.kids]}

        def now() -> float:
            return self.seconds

        return fetch, now


class _Asked:
    """A learner's cache, asked for keys, with the fetches that each question caused."""

    def __init__(self, answer: Answer, seconds: float = 1000.0) -> None:
        self.endpoint = _Endpoint(seconds)
        cache_made = answer(*self.endpoint.functions())
        find = getattr(cache_made, "find", None)
        if not callable(find):
            raise TryAgain("KeyCache(fetch, now) made something without find(kid). Is the method still in the class?")
        self._find = Answer(find)

    def fetches_for(self, *kids: str) -> int:
        """How many fetches it took to look these up."""
        before = self.endpoint.fetches
        for kid in kids:
            self._find(kid)
        return self.endpoint.fetches - before

    def finds(self, kid: str) -> bool:
        """Whether it comes up with the key of that name."""
        found = self._find(kid)
        if found is not None and not (isinstance(found, dict) and found.get("kid") == kid):
            raise TryAgain(f"Asked for {kid!r}, find returned {shown(found)}. The key itself is wanted. What was kept?")
        return found is not None


_MADE_UP: Final = tuple(f"made-up-{number}" for number in range(100))


def _key_cache(answer: Answer) -> None:
    asked = _Asked(answer)
    endpoint = asked.endpoint
    if not asked.finds("key-1") or not asked.finds("key-2"):
        raise TryAgain("The very first look-up found nothing. The cache begins empty. When does it fetch at all?")
    endpoint.seconds += 5
    again = asked.fetches_for(*["key-1", "key-2"] * 20)
    if again:
        raise TryAgain(
            f"40 tokens under keys it had just fetched caused {again} fetches more. Each request would wait for the "
            "tenant. What is a cache for?"
        )
    flood = asked.fetches_for(*_MADE_UP)
    if flood > 1:
        raise TryAgain(
            f"100 tokens with made-up kids, sent within a second, caused {flood} fetches. Anyone can make up names. "
            "How long ago was the last fetch?",
            "an unknown kid always fetches",
        )
    endpoint.kids = ["key-2", "key-3"]  # key-1 is revoked, key-3 is new
    endpoint.seconds += 120
    if not asked.finds("key-3"):
        raise TryAgain(
            "Two minutes after its last fetch it did not find a key that the tenant had published since: good tokens "
            "refused, an outage. When may it ask again?"
        )
    endpoint.seconds += 5
    if asked.fetches_for(*_MADE_UP):
        raise TryAgain(
            "After a second fetch the flood came through: made-up kids caused fetches again. From which fetch does the "
            "cooldown count?",
            "an unknown kid always fetches",
        )
    if asked.finds("key-1"):
        raise TryAgain(
            "The tenant has revoked key-1, the set was fetched since, and the key is still found. New keys were added. "
            "What became of the old ones?"
        )
    endpoint.kids = ["key-3"]
    endpoint.seconds += 700
    if asked.finds("key-2"):
        raise TryAgain(
            "Over ten minutes after its last fetch it still served a key that was revoked. A known kid is no news. "
            "What else tells a cache to ask?"
        )
    _floods(answer)
    _keeps_to_the_table(answer)
    _begins_at_zero(answer)


def _floods(answer: Answer) -> None:
    """Made-up names before anything else, and again when the cooldown is over."""
    single = _Asked(answer).fetches_for("made-up")
    if single > 1:
        raise TryAgain(
            f"One made-up kid, the first question of all, caused {single} fetches. The second brings what the first "
            "has brought. What does the code know after the first?"
        )
    asked = _Asked(answer)
    first = asked.fetches_for(*_MADE_UP)
    if first > 1:
        raise TryAgain(
            f"The first traffic after a start was 100 made-up kids, and they caused {first} fetches. None of them was "
            "found. What is noted of a fetch that did not bring the key?",
            "an unknown kid always fetches",
        )
    asked.endpoint.seconds += 40
    later = asked.fetches_for(*_MADE_UP)
    if later > 1:
        raise TryAgain(
            f"40 seconds after a fetch 100 made-up kids came at once, and caused {later} fetches. One may be due, "
            "and none after it. From when does the cooldown count?",
            "an unknown kid always fetches",
        )
    asked = _Asked(answer)
    asked.fetches_for("key-1", "key-3")
    asked.endpoint.kids.append("key-3")
    asked.endpoint.seconds += 40
    if not asked.finds("key-3"):
        raise TryAgain(
            "key-3 was asked for before the tenant published it, and 40 seconds later it was still not found. It had "
            "been published since. What did the cache remember of it?"
        )


def _keeps_to_the_table(answer: Answer) -> None:
    """The limits themselves, to the second."""
    for age, kid, due in (
        (31, "key-1", 0),
        (599, "key-1", 0),
        (29, "made-up", 0),
        (30, "made-up", 1),
        (600, "key-1", 1),
    ):
        asked = _Asked(answer)
        asked.fetches_for("key-1")
        asked.endpoint.seconds += age
        fetches = asked.fetches_for(kid)
        if fetches == due:
            continue
        if fetches > 1:
            raise TryAgain(
                f"A single question, {age} s after the last fetch, caused {fetches} fetches. The second brings what "
                "the first has brought. Which lines fetch?"
            )
        if due:
            raise TryAgain(
                f"Exactly {age} s after the last fetch, {kid} caused none. The table says from when on it is time. "
                f"Does {age} itself count?"
            )
        if kid == "key-1":
            raise TryAgain(
                f"A known kid, {age} s after the last fetch, caused a fetch. Each such fetch makes a good token wait. "
                "Which row and column of the table is this?"
            )
        raise TryAgain(
            f"An unknown kid, {age} s after the last fetch, caused another one. The cooldown was not over. "
            "How long is it by the table?"
        )


def _begins_at_zero(answer: Answer) -> None:
    """A clock that counts from 0, as those that count seconds since a start do."""
    asked = _Asked(answer, seconds=0.0)
    if not asked.finds("key-1"):
        raise TryAgain(
            "On a clock that stood at 0, the very first look-up found nothing, without a fetch. "
            "How does your code tell *never fetched* from *fetched at 0*?"
        )
    more = asked.fetches_for(*["key-1", "key-2"] * 20)
    if more:
        raise TryAgain(
            f"The first fetch was at 0 on the clock, and 40 known kids caused {more} more. To Python, 0 is false as "
            "None is. What are you asking about fetched_at?"
        )


KEY_CACHE: Final = Exercise(
    id="q3",
    title="Write KeyCache.find(kid): the key of that name, with few fetches and none too few",
    check=_key_cache,
    hints=(
        "First make it right and slow: fetch each time. Then find out, line by line of the table, when not to.",
        "Two facts decide: how old the last fetch is, and whether the kid is among the keys. Note both at each fetch.",
        "age = now - fetched_at. Fetch if there was none, or age >= 600, or the kid is unknown and age >= 30. A fetch "
        "replaces self.keys as a whole. Then return self.keys.get(kid).",
    ),
    solution=(
        "class KeyCache:\n"
        "    def __init__(self, fetch, now):\n"
        "        self.fetch, self.now = fetch, now\n"
        "        self.keys, self.fetched_at = {}, None\n"
        "\n"
        "    def find(self, kid):\n"
        "        age = None if self.fetched_at is None else self.now() - self.fetched_at\n"
        "        if age is None or age >= 600 or (kid not in self.keys and age >= 30):\n"
        '            self.keys = {key["kid"]: key for key in self.fetch()["keys"]}\n'
        "            self.fetched_at = self.now()\n"
        "        return self.keys.get(kid)"
    ),
    done="One fetch for a new key, none for a flood, and a revoked key gone in ten minutes.",
    start=(
        "class KeyCache:\n"
        "    def __init__(self, fetch, now):\n"
        "        self.fetch, self.now = fetch, now\n"
        "        self.keys, self.fetched_at = {}, None\n"
        "\n"
        "    def find(self, kid):\n"
        "        return authkit.course.TODO"
    ),
)

_OURS: Final = "https://training.authkit.example/"
_SHOP: Final = "https://login.shop.example/"
_ADDRESSES: Final = {_OURS: f"{_OURS}.well-known/jwks.json", _SHOP: "https://keys.shop.example/v2"}
_EVIL: Final = "https://evil.example/"
_ALMOST: Final = {
    f"{_OURS}evil/": "it begins like one that is. Anything may follow. How much of the name was compared?",
    f"{_EVIL}?{_OURS}": "it holds one that is. Whoever makes up a name puts into it what they like. "
    "What does in ask of two texts?",
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
    uploaded = answer({**plain, "jku": f"{_OURS}uploads/keys.json"}, {"iss": _OURS}, _ADDRESSES)
    if uploaded == f"{_OURS}uploads/keys.json":
        raise TryAgain(
            "The jku began like a trusted address, and was taken. On many hosts users may upload a file. "
            "Which part of the address did you not compare?",
            "a prefix makes it trusted",
        )
    for issuer, address in _ADDRESSES.items():
        if answer(plain, {"iss": issuer}, _ADDRESSES) != address:
            raise TryAgain(
                f"No stranger's address got in, but tokens of {issuer} have their keys sought in the wrong place: an "
                "outage. What does trusted say of that issuer?"
            )
    if (elsewhere, uploaded, swapped) != (_ADDRESSES[_OURS],) * 3:
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
            raise TryAgain(f"The issuer {issuer} is not in trusted, and was given an address: {words}")
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

PLAN: Final = Plan(number="05", title="Verify with a JWKS", exercises=(PASTED, FIND_KEY, KEY_CACHE, ADDRESS))
