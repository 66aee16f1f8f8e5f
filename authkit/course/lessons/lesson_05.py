"""Verify with a JWKS: which key of the set, when to fetch the set again, and who says where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from authkit.attacks import sign_with_own_key
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.issuance import ClientCredentials
from authkit.jose.decode import decode
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
def _published() -> tuple[tuple[Jwk, ...], Jwk]:
    """The keys that a training tenant publishes after a rotation, and the header of a token that brings its own."""
    with training_tenant() as tenant:
        api = tenant.apis.create(identifier="https://orders.example/")
        application = tenant.applications.create(name="Check", app_type="non_interactive")
        tenant.client_grants.create(application, api)
        tenant.keys.rotate()
        token = tenant.request_token(ClientCredentials(application, audience=api.identifier)).access_token
        return tuple(tenant.jwks["keys"]), dict(decode(sign_with_own_key(token)).header)


def _find_key(answer: Answer) -> None:
    keys, bringing = _published()
    nameless = {name: value for name, value in keys[0].items() if name != "kid"}
    jwks = {"keys": [nameless, *keys]}
    for wanted in keys:
        header = {"alg": "RS256", "typ": "JWT", "kid": wanted["kid"]}
        found = answer(header, jwks)
        if found == wanted:
            continue
        if found in jwks["keys"]:
            raise TryAgain(
                "For one kid it returned the key of another name. The set has several, in no promised order. "
                "Which two texts have to be equal?",
                "the first key will do",
            )
        if found is None:
            raise TryAgain(
                f"It found nothing for {header['kid'][:8]}…, which is in the set: every token under it would be "
                "refused. Which keys did it look at?"
            )
        raise TryAgain(
            f"It returned {shown(found)}. A verifier needs the key itself, the whole JWK. What does the loop run over?"
        )
    _brings_none(answer, jwks, bringing)
    unknown = answer({"alg": "RS256", "typ": "JWT", "kid": "made-up"}, jwks)
    if unknown is not None:
        raise TryAgain(
            f"The token named a key that is not in the set, and was given {_kind(unknown, jwks)} all the same. "
            "What may be concluded from a name nobody knows?",
            "the first key will do",
        )
    if answer({"alg": "RS256", "typ": "JWT"}, jwks) is not None:
        raise TryAgain(
            "A token without kid was given the key without kid: two names that are missing counted as equal. "
            "What does .get return for both?"
        )


def _brings_none(answer: Answer, jwks: Jwk, bringing: Jwk) -> None:
    brought = bringing["jwk"]
    if answer(bringing, jwks) == brought:
        raise TryAgain(
            "The header brought a key of its own, and that key was returned. Whoever writes the header can sign with "
            "it. Whose keys does your API trust?",
            "the token may bring its key",
        )
    if answer({**bringing, "kid": "made-up"}, jwks) == brought:
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

    def __init__(self) -> None:
        self.kids = ["key-1", "key-2"]
        self.fetches = 0
        self.seconds = 1000.0

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

    def __init__(self, answer: Answer) -> None:
        self.endpoint = _Endpoint()
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
    if _ADDRESSES[_OURS] not in (elsewhere, uploaded):
        raise TryAgain(
            "All strangers were kept out, and so was a genuine token whose header has a jku. Nobody has to obey it. "
            "What happens if it is not read at all?"
        )
    if stranger is not None:
        raise TryAgain(
            f"For a token of {_EVIL}, which is not in trusted, it returned {shown(stranger)}. What does the question "
            "ask for if nobody knows the issuer?"
        )
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
