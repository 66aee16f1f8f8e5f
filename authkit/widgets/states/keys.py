"""The state of the keys panel: the ring, tokens signed under each key, and clients that know the keys in three ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from traitlets import Bool, HasTraits, Instance, Int, Tuple, Unicode

from authkit.ground.display import pretty_json
from authkit.ground.errors import AuthKitError, ConfigurationError, ServerError
from authkit.issuance import ClientCredentials
from authkit.jose.decode import decode
from authkit.jose.key_set import KeySet
from authkit.jose.policy import RFC9068
from authkit.jose.remote import RemoteKeySet
from authkit.jose.verdict import Verdict
from authkit.jose.verifier import Verifier
from authkit.registry.models import Api, Application
from authkit.tenant import Tenant
from authkit.widgets.states import debugger_code
from authkit.widgets.states import keys_code as code
from authkit.widgets.states.key_times import LANES, Timeline, timeline
from authkit.widgets.states.news import listen, tell


class TokenRow(NamedTuple):
    """A token that the panel had issued, and what each of three verifiers makes of it.

    Attributes:
        key: The number of the key that signed it.
        kid: Its name.
        place: What that key is now.
        published: The verdict with the JWKS as it is published now.
        client: The verdict of the client with a cache when it last verified, or None.
        pasted: The verdict of the client into which a key was pasted.
    """

    key: int
    kid: str
    place: str
    published: Verdict
    client: Verdict | None
    pasted: Verdict


class _Kept(NamedTuple):
    token: str
    kid: str
    audience: str


class KeysState(HasTraits):
    """What the keys panel holds; never raises for what was clicked.

    The client with a cache is a real `RemoteKeySet`. The tenant is served on loopback for as long as it verifies, so
    that nothing stays open between two clicks.

    Args:
        tenant: Whose keys they are.

    Attributes:
        times: The newest keys and what each was, rotation by rotation.
        rows: A token for each key under which the panel had one issued, oldest first.
        fetches, hits, refused_refetches: The counters of the client with a cache.
        pasted: The number of the key that was pasted into the other client; 0 once it is not among the newest.
        can_revoke: Whether there is a previous key.
        jwks: The JWKS as served.
        note: What the last click did, in a sentence or two.
        failure: Why it did nothing, or None.
        python, http: The last click as code; before one, the rotation.
    """

    times = Instance(Timeline, allow_none=True)
    rows = Tuple()
    fetches = Int(0)
    hits = Int(0)
    refused_refetches = Int(0)
    pasted = Int(0)
    can_revoke = Bool(False)
    jwks = Unicode()
    note = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self.reset()
        listen(tenant, self)

    def rotate(self) -> None:
        """Next becomes current, current becomes previous, a fresh key becomes next."""
        self._do(self._rotate)

    def revoke_previous(self) -> None:
        """Take the previous key out of the JWKS."""
        self._do(self._revoke)

    def issue(self) -> None:
        """Have a token issued, signed with the current key."""
        self._do(self._issue)

    def client_verifies(self) -> None:
        """Have the client with a cache verify every token of the table."""
        self._do(self._verify)

    def paste(self) -> None:
        """Paste the current key into the other client, as someone does who deploys it by hand."""
        self._do(self._paste)

    def reset(self) -> None:
        """No tokens, and fresh clients; what was rotated or revoked stays so."""
        self._kept: dict[str, _Kept] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._remote: RemoteKeySet | None = None
        self._port = 0
        self._pem: KeySet | None = None
        self._pem_kid = ""
        self._clicked: tuple[str, str] | None = None
        self.note = ""
        self.refresh()

    def refresh(self) -> None:
        """Derive everything anew from the tenant's keys, time and APIs of now."""
        self.failure = None
        try:
            self._derive()
        except AuthKitError as error:
            self.failure = error

    def _do(self, click: Callable[[], tuple[str, str, str]]) -> None:
        """A click: what it did as a sentence, as Python and as HTTP; or why it did nothing."""
        try:
            self.note, *done = click()
        except AuthKitError as error:
            self.note = ""
            self.refresh()
            self.failure = error
            return
        self._clicked = (done[0], done[1])
        self.refresh()
        tell(self.tenant)

    def _rotate(self) -> tuple[str, str, str]:
        self.tenant.keys.rotate()
        said = (
            f"{self._name('current')} signs now. {self._name('previous')} is previous: its tokens hold until it is "
            f"revoked. {self._name('next')} is published already, so that clients know it before it signs."
        )
        return said, code.ROTATE, code.rotate_http(self.tenant.issuer)

    def _revoke(self) -> tuple[str, str, str]:
        previous = self.tenant.keys.ring.at("previous")
        name = self._name("previous")
        kid = "" if previous is None else previous.kid
        self.tenant.keys.revoke(kid)
        said = f"{name} is out of the JWKS for good. Who has it cached or pasted goes on trusting it."
        return said, code.revoke(kid), code.revoke_http(self.tenant.issuer, kid)

    def _issue(self) -> tuple[str, str, str]:
        api, application = self._authorised()
        issued = self.tenant.request_token(ClientCredentials(application, audience=api.identifier))
        kid = str(decode(issued.access_token).header["kid"])
        self._kept[kid] = _Kept(issued.access_token, kid, api.identifier)
        self._verdicts.pop(kid, None)
        said = f"{application.name} has a token for {api.name or api.identifier}, signed with {self._name('current')}."
        issuer = self.tenant.issuer
        return (
            said, debugger_code.grant_python(api, application), debugger_code.grant_http(api, application, issuer),
        )  # fmt: skip

    def _verify(self) -> tuple[str, str, str]:
        from authkit.http import serve  # the web framework takes its time to load

        kept = self._shown()
        if not kept:
            raise ConfigurationError("keys.no_token", "There is no token to verify.", "Press Issue a token first.")
        before = (self.fetches, self.hits, self.refused_refetches)
        try:
            served = serve(self.tenant, port=self._port)
        except ServerError as error:  # another program has taken the port between two clicks
            raise ServerError(error.code, error.message, "Press Reset: the next client has another address.") from None
        with served as server:
            if self._remote is None:
                self._remote = RemoteKeySet(server.jwks_uri, clock=self.tenant.clock)
                self._port = server.port
            self._verdicts = {one.kid: self._verifier(one, self._remote).explain(one.token) for one in kept}
        after = (self._remote.fetches, self._remote.hits, self._remote.refused_refetches)
        newest = kept[-1]
        tokens = [one.token for one in kept if one.audience == newest.audience]
        python = code.client(newest.audience, tokens, self._rfc9068(newest.audience))
        counted = [now - then for now, then in zip(after, before, strict=True)]
        return _client_words(*counted), python, code.client_http(self.tenant.issuer)

    def _paste(self) -> tuple[str, str, str]:
        audience = next((one.audience for one in reversed(self._shown())), None)
        if audience is None:
            audience = self._authorised()[0].identifier
        self._copy_current()
        said = f"{self._name('current')} is pasted. By hand, as after every rotation: a PEM has no kid to look up."
        return said, code.paste(audience, self._rfc9068(audience)), code.paste_http(self.tenant.issuer)

    def _derive(self) -> None:
        ring = self.tenant.keys.ring
        if self._pem is None:
            self._copy_current()
        self.times = timeline(ring)
        self.can_revoke = ring.at("previous") is not None
        self.jwks = pretty_json(self.tenant.jwks)
        numbers = {entry.key.kid: number for number, entry in enumerate(ring.keys, start=1)}
        places = {entry.key.kid: entry.place for entry in ring.keys}
        pem = self._pem
        assert pem is not None, "the current key was pasted"
        self.pasted = numbers.get(self._pem_kid, 0)
        self.rows = tuple(
            TokenRow(
                key=numbers[one.kid],
                kid=one.kid,
                place=places[one.kid],
                published=self.tenant.verifier(one.audience).explain(one.token),
                client=self._verdicts.get(one.kid),
                pasted=self._verifier(one, pem).explain(one.token),
            )
            for one in self._shown()
        )
        remote = self._remote
        self.fetches = remote.fetches if remote else 0
        self.hits = remote.hits if remote else 0
        self.refused_refetches = remote.refused_refetches if remote else 0
        self.python, self.http = self._clicked or (code.ROTATE, code.rotate_http(self.tenant.issuer))

    def _shown(self) -> list[_Kept]:
        """The tokens of the newest keys, for APIs that are still there."""
        newest = [entry.key.kid for entry in self.tenant.keys.ring.keys[-LANES:]]
        kept = [self._kept[kid] for kid in newest if kid in self._kept]
        return [one for one in kept if self.tenant.apis.find(one.audience) is not None]

    def _copy_current(self) -> None:
        current = self.tenant.keys.current
        self._pem, self._pem_kid = KeySet.from_pem(current.public_pem), current.kid

    def _verifier(self, one: _Kept, keys: KeySet | RemoteKeySet) -> Verifier:
        like = self.tenant.verifier(one.audience)
        return Verifier(
            issuer=like.issuer,
            audience=like.audience,
            keys=keys,
            algorithms=like.algorithms,
            policy=like.policy,
            clock=like.clock,
        )

    def _rfc9068(self, audience: str) -> bool:
        return self.tenant.verifier(audience).policy == RFC9068

    def _authorised(self) -> tuple[Api, Application]:
        """The first RS256 API of one's own for which an application may ask, and that application."""
        for grant in self.tenant.client_grants:
            api = self.tenant.apis.find(grant.audience)
            application = self.tenant.applications.find(grant.client_id)
            if api is None or application is None or api.is_system or api.signing_alg != "RS256":
                continue
            if "client_credentials" in application.grant_types:
                return api, application
        raise ConfigurationError(
            "keys.nobody_authorised",
            "No application is authorised for an RS256 API yet, so that nobody can have a token.",
            "Create an API, an application and a client grant first.",
        )

    def _name(self, place: Any) -> str:
        ring = self.tenant.keys.ring
        found = ring.at(place)
        number = next((number for number, entry in enumerate(ring.keys, start=1) if entry.key is found), 0)
        return f"Key {number}" if number else f"The {place} key"


def _client_words(fetches: int, hits: int, refused: int) -> str:
    said = [f"The client fetched the JWKS {'once' if fetches == 1 else f'{fetches} times'}." if fetches else ""]
    said.append("The client fetched nothing: its cache was enough." if hits and not fetches and not refused else "")
    if refused:
        said.append(
            "A kid was unknown to it, and it did not ask again: its last fetch is less than 30 s ago (cooldown). "
            "Move the clock."
        )
    return " ".join(filter(None, said)) or "The client verified."
