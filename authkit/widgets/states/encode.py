"""The state of the debugger's other side: header and payload as typed, a key, and the token it signs."""

from __future__ import annotations

from typing import Any, Final

from traitlets import Dict, HasTraits, Instance, Tuple, Unicode, observe

from authkit.ground import display
from authkit.ground.errors import AuthKitError, ConfigurationError
from authkit.ground.secret import Secret
from authkit.jose.encoding import Malformed, encode_json, encode_segment, parse_object
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.sign import sign
from authkit.registry.models import Api
from authkit.tenant import Tenant
from authkit.widgets.states import encode_code as code
from authkit.widgets.states.fields import Problem
from authkit.widgets.states.news import listen

TYPED: Final = "typed"
"""The signer that is a secret of the reader's own."""
_LONGEST: Final = 16 * 1024
_SUBJECT: Final = "me"


class EncodeState(HasTraits):
    """What is written into a token, and with what it is signed. Nothing here verifies, or reaches what verifies.

    Args:
        tenant: Whose keys and secrets can be signed with.

    Attributes:
        header, payload: JSON exactly as typed.
        signer: What signs: `key:<kid>`, `api:<identifier>` for an API's secret, or `typed`.
        signers: A label and the name of everything that can sign.
        held: What is held of a typed secret, in words.
        shown: What is wrong with header or payload.
        token: The signed token; empty until Sign is pressed, and again once anything is changed.
        signed_with: What signed it, in words.
        failure: Why nothing was signed, or None.
        python, http: The same as code.
    """

    header = Unicode()
    payload = Unicode()
    signer = Unicode()

    signers = Tuple()
    held = Unicode()
    shown: Dict[str, Problem] = Dict()
    token = Unicode()
    signed_with = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self._secret: Secret | None = None
        self._touched: set[str] = set()
        self._kept = False  # what was signed stays as it is when the clock moves
        self._filling = False
        self.reset()
        listen(tenant, self)

    def sign(self) -> None:
        """Sign exactly what stands in header and payload."""
        self._not_signed()
        self.refresh()
        if self.shown or self.failure is not None:
            return
        try:
            self.token = signed(_object(self.header), _object(self.payload), self._key())
        except AuthKitError as error:
            self.failure = error
            return
        self._kept = True
        self.signed_with = dict((name, label) for label, name in self.signers)[self.signer]
        self.refresh()

    def give_secret(self, secret: Secret) -> None:
        """Take a secret to sign with; an empty one changes nothing."""
        if len(secret):
            self._secret = secret
            self._not_signed()
            self.refresh()

    def reset(self) -> None:
        """Header and payload as a token of the tenant would have them; a typed secret is forgotten."""
        self._secret = None
        self._touched.clear()
        self._not_signed()
        self._kept, self._filling = False, True
        self.signer = ""
        self.refresh()

    @observe("header", "payload")
    def _typed(self, change: Any) -> None:
        if not self._filling:
            self._touched.add(change["name"])
            self._not_signed()
            self.refresh()

    @observe("signer")
    def _another_signer(self, change: Any) -> None:
        if not self._filling:
            self._not_signed()
            self._kept = False
            self.refresh()

    def refresh(self) -> None:
        """Derive everything anew; what was not touched follows the tenant."""
        try:
            self._fill()
        except AuthKitError as error:
            self.failure = error
            return
        self.held = "" if self._secret is None else f"{len(self._secret):,} characters, masked"
        found = {name: _fault(getattr(self, name)) for name in ("header", "payload")}
        self.shown = {name: problem for name, problem in found.items() if problem is not None}
        if not self.shown:
            header, payload = _object(self.header), _object(self.payload)
            self.python = code.python(header, payload, self.signer, self._is_current())
        self.http = code.http(self.token)

    def _not_signed(self) -> None:
        self.token, self.signed_with, self.failure = "", "", None

    def _fill(self) -> None:
        self._filling = True
        try:
            apis = list(self.tenant.apis)
            ring = self.tenant.keys.ring
            entries = sorted(ring.keys, key=lambda entry: entry.place != "current")
            keys = [(f"the tenant’s {e.place} key, {e.key.kid[:8]}…", f"key:{e.key.kid}") for e in entries]
            secrets = [
                (f"the secret of {api.name or api.identifier}", f"api:{api.identifier}")
                for api in apis
                if api.signing_secret is not None
            ]
            self.signers = (*keys, *secrets, ("a secret that I type", TYPED))
            if self.signer not in [name for _, name in self.signers]:
                self.signer = f"key:{ring.current.kid}"
                self._not_signed()
            header, payload = self._suggested(apis)
            for name, members in (("header", header), ("payload", payload)):
                if name not in self._touched and not self._kept:
                    setattr(self, name, display.pretty_json(members))
        finally:
            self._filling = False

    def _suggested(self, apis: list[Api]) -> tuple[dict[str, object], dict[str, object]]:
        """What the tenant would write for the API whose secret signs, or for the first that takes RS256."""
        kind, _, name = self.signer.partition(":")
        fits = [api for api in apis if not api.is_system and (api.signing_alg == "RS256") == (kind == "key")]
        api = next((api for api in fits if api.identifier == name), fits[0] if fits else apis[0])
        now = int(self.tenant.clock.now())
        typ = self.tenant.verifier(api).policy.types[0] or "JWT"
        header: dict[str, object] = {"alg": "RS256" if kind == "key" else "HS256", "typ": typ}
        payload: dict[str, object] = {"iss": self.tenant.issuer, "sub": _SUBJECT, "aud": api.identifier}
        payload |= {"iat": now, "exp": now + api.token_lifetime}
        if kind == "key":
            header["kid"] = name
        if typ != "JWT":
            payload |= {"client_id": _SUBJECT, "jti": "one"}
        return header, payload

    def _key(self) -> SigningKey | SigningSecret:
        """What signs."""
        kind, _, name = self.signer.partition(":")
        if kind == "key":
            return next(entry.key for entry in self.tenant.keys.ring.keys if entry.key.kid == name)
        secret = self._secret if kind == TYPED else self.tenant.apis.get(name).signing_secret
        if secret is None:
            raise ConfigurationError(
                "signing_secret.missing", "There is no secret to sign with yet.", "Type one under Signing secret."
            )
        try:
            return SigningSecret(secret)
        except UnicodeEncodeError:
            raise ConfigurationError(
                "signing_secret.not_text", "This secret holds half of a surrogate pair.", "Type it anew."
            ) from None

    def _is_current(self) -> bool:
        return self.signer == f"key:{self.tenant.keys.current.kid}"


def signed(header: dict[str, Any], payload: dict[str, Any], key: SigningKey | SigningSecret) -> str:
    """Header and payload as they are, and the signature over their encoded forms (RFC 7515 §5.1).

    Raises:
        ConfigurationError: The header names no algorithm that authkit signs with, or one for another kind of key.
    """
    alg = header.get("alg")
    sign({}, key, alg=alg if isinstance(alg, str) else display.shorten(alg))  # for what it refuses
    signing_input = f"{encode_segment(encode_json(header))}.{encode_segment(encode_json(payload))}"
    return f"{signing_input}.{encode_segment(key.sign_bytes(str(alg), signing_input.encode('ascii')))}"


def _object(typed: str) -> dict[str, Any]:
    return parse_object(typed.encode("utf-8", "surrogatepass"))


def _fault(typed: str) -> Problem | None:
    if len(typed) > _LONGEST:
        return Problem("json.too_large", f"This is longer than {_LONGEST:,} characters.", "A token travels often.")
    try:
        _object(typed)
    except Malformed as fault:
        return Problem(f"json.{fault.reason}", f"This {fault}.", 'Write one object, as in {"sub": "me"}.')
    return None
