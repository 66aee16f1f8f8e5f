"""No secret and no private key shows itself: not in text, HTML, errors, pickles, logs, answers or tracebacks."""

import base64
import contextlib
import dataclasses
import io
import json
import logging
import operator
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from IPython.core.interactiveshell import InteractiveShell
from IPython.lib.pretty import pretty

from authkit import (
    Api,
    Application,
    AuthKitError,
    AuthorizationCode,
    AuthorizationRequest,
    ClientCredentials,
    GrantRefused,
    KeySet,
    RefreshToken,
    Secret,
    SteerableClock,
    Tenant,
    serve,
    serve_orders_api,
    training_tenant,
)
from authkit.explore import table
from authkit.jose import SigningSecret, sign
from authkit.registry import passwords, vendor_json

MINE = "my-own-signing-secret-of-a-good-length"
PASSWORD = "my-own-password-of-a-good-length"
EMAIL = "ada@example.com"


class Held(NamedTuple):
    """A tenant with every kind of secret in it, and the texts that must not show."""

    tenant: Tenant[SteerableClock]
    apis: tuple[Api, Api, Api]
    app: Application
    needles: frozenset[str]

    def leaked(self, shown: str | bytes) -> set[str]:
        text = shown.decode("latin-1") if isinstance(shown, bytes) else shown
        return {needle for needle in self.needles if needle in text}


def needles_of(secret: str) -> set[str]:
    """A secret as it is, and as it might be spelt."""
    raw = secret.encode()
    return {secret, base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("="), raw.hex()}


def private_needles(pem: str) -> set[str]:
    """A private key by the lines of its PEM and by its numbers."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    numbers = key.private_numbers()
    # The first line of a PEM is alike for all keys, and the modulus is public: the lines from the middle on.
    lines = [line for line in pem.splitlines()[10:-1] if len(line) == 64]
    spelt = {base64.urlsafe_b64encode(n.to_bytes(256, "big").lstrip(b"\0")).decode().rstrip("=")
             for n in (numbers.d, numbers.p, numbers.q)}  # fmt: skip
    return {*lines, *spelt, str(numbers.d), str(numbers.p), str(numbers.q)}


def password_needles(tenant: Tenant[SteerableClock]) -> set[str]:
    """A password's hash as it is kept, its salt, its key alone, and that key as bytes and digits."""
    ((kept,),) = tenant.registry.database.rows("SELECT password_hash FROM users")
    *_, salt, key = kept.split("$")
    raw = base64.b64decode(key)
    return {kept, salt, key, raw.hex(), repr(raw)[2:-1]}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr(passwords, "COST", 2)  # what is shown does not depend on it
    with training_tenant() as tenant:
        apis = (
            tenant.apis.create(identifier="https://rs.example/", scopes={"read": ""}),
            tenant.apis.create(identifier="https://hs.example/", signing_alg="HS256"),
            tenant.apis.create(identifier="https://mine.example/", signing_alg="HS256", signing_secret=MINE),
        )
        app = tenant.applications.create(name="x")
        for api in apis:
            tenant.client_grants.create(app, api)
        user, role = tenant.users.create(email=EMAIL, password=PASSWORD, name="Ada"), tenant.roles.create(name="clerk")
        tenant.roles.add_permissions(role, apis[0], ["read"])
        tenant.users.add_permissions(user, apis[0], ["read"])
        tenant.users.add_roles(user, role)
        tenant.log.add("s", "login", user_id=user.id)
        tenant.keys.rotate()
        secrets = [app.client_secret, *(api.signing_secret for api in apis)]
        needles = set().union(*(needles_of(secret.reveal()) for secret in secrets if secret is not None))
        for entry in tenant.keys.ring.keys:
            needles |= private_needles(entry.key.private_pem().reveal())
        needles |= needles_of(PASSWORD) | password_needles(tenant)
        yield Held(tenant, apis, app, frozenset(needles))


def everything(held: Held) -> list[Any]:
    """Every object that a learner can hold, and what hangs on it."""
    tenant = held.tenant
    issued = [tenant.request_token(ClientCredentials(held.app, audience=api.identifier)) for api in held.apis]
    verifiers = [tenant.verifier(api) for api in held.apis]
    return [
        tenant, tenant.apis, tenant.applications, tenant.client_grants, tenant.keys, tenant.registry, tenant.jwks,
        tenant.keys.ring, *tenant.keys.ring.keys, *(entry.key for entry in tenant.keys.ring.keys),
        *(entry.key.private_pem() for entry in tenant.keys.ring.keys),
        *tenant.apis, *tenant.applications, *tenant.client_grants, held.app.client_secret,
        tenant.users, tenant.roles, tenant.log, *tenant.users, *tenant.roles, *tenant.log,
        *tenant.users.permissions(EMAIL), *tenant.roles.permissions("clerk"), tenant.users.roles(EMAIL),
        tenant.users.authenticate(EMAIL, PASSWORD), passwords.hashed(Secret(PASSWORD), b"salt"), passwords.NOBODYS,
        *verifiers, *(verifier.keys for verifier in verifiers),
        *(verifier.explain(one.access_token) for verifier in verifiers for one in issued),
        *issued, *(one.trace for one in issued), *(one.response() for one in issued),
        ClientCredentials(held.app, audience="x"), SigningSecret(Secret(MINE)),
        *KeySet.from_secret(MINE.encode()).keys, KeySet.from_secret(MINE.encode()),
    ]  # fmt: skip


def shown(thing: Any) -> Iterator[str]:
    """Every way of showing something."""
    yield from (repr(thing), str(thing), f"{thing}", f"{thing!r}", pprint.pformat(thing), pretty(thing))
    yield from (repr([thing]), repr({"x": thing}), json.dumps({"x": thing}, default=str))
    if hasattr(thing, "_repr_html_"):
        yield thing._repr_html_()
    if hasattr(thing, "model_dump_json"):
        yield from (
            thing.model_dump_json(),
            str(thing.model_dump()),
            str(thing.model_dump(mode="json")),
            repr(dict(thing)),
        )
        yield repr(thing.model_copy())
    if dataclasses.is_dataclass(thing) and hasattr(thing, "__dict__"):
        yield repr(vars(thing))


def refusals(held: Held) -> list[AuthKitError]:
    """Errors of operations that were given a secret, right or wrong."""
    tenant, (rs, hs, mine), app = held.tenant, held.apis, held.app
    assert app.client_secret is not None
    client_secret = app.client_secret.reveal()
    create, update = tenant.apis.create, tenant.apis.update
    attempts: list[Callable[[], object]] = [
        lambda: create(identifier=rs.identifier, signing_alg="HS256", signing_secret=MINE),
        lambda: create(identifier="new", signing_secret=MINE),
        lambda: create(identifier="", signing_alg="HS256", signing_secret=MINE),
        lambda: create(identifier="new", signing_alg="HS256", signing_secret=[MINE]),
        lambda: create(identifier="new", signing_alg="HS256", secret=MINE),
        lambda: update(mine, signing_secret=[MINE]),
        lambda: update(rs, signing_secret=MINE),
        lambda: update(hs, signing_secret=None),
        lambda: update(hs, identifier="x", signing_secret=MINE),
        lambda: tenant.applications.create(name="x", client_secret=client_secret),
        lambda: tenant.applications.update(app, client_secret=client_secret),
        lambda: tenant.applications.update(app, client_secret=Secret(MINE)),
        lambda: tenant.request_token(ClientCredentials("nobody", client_secret=client_secret, audience=rs.identifier)),
        lambda: tenant.request_token(ClientCredentials(app, audience="unknown")),
        lambda: tenant.request_token(ClientCredentials(app, audience=rs.identifier, scope="unknown")),
        lambda: tenant.request_token(ClientCredentials(app.client_id, client_secret=MINE, audience=rs.identifier)),
        lambda: ClientCredentials("x", client_secret=[client_secret]),  # type: ignore[arg-type]
        lambda: KeySet.from_jwks(MINE),  # type: ignore[arg-type]
        lambda: KeySet.from_jwks({"keys": [{"kty": "oct", "k": MINE + "="}]}),
        lambda: KeySet.from_pem(MINE),
        lambda: KeySet.from_pem(tenant.keys.current.private_pem().reveal()),
        lambda: KeySet.from_pem(tenant.keys.current.private_pem().reveal().replace("-----\n", "\n")),
        lambda: KeySet.from_secret(MINE),  # type: ignore[arg-type]
        lambda: KeySet.from_secret_base64url(MINE + "="),
        lambda: tenant.users.create(email=EMAIL, password=PASSWORD),
        lambda: tenant.users.create(email="", password=PASSWORD),
        lambda: tenant.users.create(email="new@b.example", password=PASSWORD * 20),
        lambda: tenant.users.create(email="new@b.example", password=PASSWORD + "\0"),
        lambda: tenant.users.create(email="new@b.example", password=[PASSWORD]),  # type: ignore[arg-type]
        lambda: tenant.users.create(email="new@b.example", password=PASSWORD, passwort=PASSWORD, colour="red"),
        lambda: tenant.users.create(email="new@b.example", password=PASSWORD, user_id="x"),
        lambda: tenant.users.update(EMAIL, password=PASSWORD * 20),
        lambda: tenant.users.update(EMAIL, passwort=PASSWORD),
        lambda: tenant.users.set_password(EMAIL, PASSWORD * 20),
        lambda: tenant.users.set_password("nobody", PASSWORD),
        lambda: sign({}, SigningSecret(Secret(MINE)), alg="RS256"),
        lambda: sign({}, tenant.keys.current, alg="HS256"),
        lambda: tenant.verifier(rs).verify(
            tenant.request_token(ClientCredentials(app, audience=hs.identifier)).access_token
        ),
    ]
    found = []
    for attempt in attempts:
        with pytest.raises(AuthKitError) as caught:
            attempt()
        found.append(caught.value)
    return found


def test_the_needles_are_found_where_they_are(held: Held) -> None:
    """The search works: revealed, each secret is found."""
    assert held.leaked(MINE) and held.leaked(held.tenant.keys.current.private_pem().reveal())
    assert held.app.client_secret is not None and held.leaked(f"x{held.app.client_secret.reveal()}x")
    assert len(held.needles) > 30 and all(len(needle) > 20 for needle in held.needles)


def test_no_object_shows_a_secret(held: Held) -> None:
    """repr, str, format, pretty printers, HTML, JSON of models, rows of dataclasses."""
    for thing in everything(held):
        for text in shown(thing):
            assert not held.leaked(text), f"{type(thing).__name__}: {text[:200]}"


def test_no_error_shows_a_secret(held: Held) -> None:
    """Message, repair, attributes, HTML, and both kinds of traceback."""
    for error in refusals(held):
        texts = [str(error), repr(error), error._repr_html_(), repr(error.args), repr(vars(error))]
        texts += ["\n".join(error._render_traceback_()), *traceback.format_exception(error)]
        if isinstance(error, GrantRefused):
            texts += [repr(error.trace), error.trace._repr_html_()]
        for text in texts:
            assert not held.leaked(text), f"{error.code}: {text[:300]}"


def test_no_password_is_echoed_by_a_misspelt_field(held: Held) -> None:
    """Nobody knows what is in a field that there is not, so it is not shown."""
    for field in ("Password", "new_password", "password_hash", "passphrase", "Passwort", "pin", "colour"):
        with pytest.raises(AuthKitError) as caught:
            held.tenant.users.create(email="new@b.example", password=PASSWORD, **{field: PASSWORD})
        assert not held.leaked(f"{caught.value}{caught.value!r}{caught.value._repr_html_()}{vars(caught.value)}")


def test_no_json_of_the_vendors_holds_what_was_not_asked_for(held: Held) -> None:
    """No password and no hash under any circumstances, no secret unless it is asked for."""
    tenant = held.tenant
    documents = [
        *(vendor_json.api_json(api, secrets=False) for api in tenant.apis),
        *(vendor_json.application_json(app, secrets=False) for app in tenant.applications),
        *map(vendor_json.client_grant_json, tenant.client_grants),
        *map(vendor_json.user_json, tenant.users),
        *map(vendor_json.role_json, tenant.roles),
        *map(vendor_json.permission_json, tenant.roles.permissions("clerk")),
    ]
    assert len(documents) > 8 and not held.leaked(json.dumps(documents)) and "password" not in json.dumps(documents)
    revealed = json.dumps([vendor_json.application_json(app, secrets=True) for app in tenant.applications])
    assert held.leaked(revealed), "the search works"


def test_no_table_holds_a_secret(held: Held) -> None:
    """Of any collection, on the screen and in files."""
    tenant = held.tenant
    for thing in (tenant.apis, tenant.applications, tenant.client_grants, tenant.users, tenant.roles, tenant.log):
        frame = table(thing)
        assert len(frame) == len(thing)
        for written in (repr(frame), frame.to_html(), frame.to_csv(), frame.to_string(), str(frame.to_dict())):
            assert not held.leaked(written)


def test_a_password_lies_in_the_file_as_its_hash_alone(tmp_path: Path) -> None:
    """Neither in the file nor in what SQLite keeps beside it."""
    with Tenant.open(tmp_path / "t.db") as tenant:
        tenant.users.create(email=EMAIL, password=PASSWORD)
        tenant.users.set_password(EMAIL, PASSWORD[::-1])
        tenant.users.authenticate(EMAIL, PASSWORD[::-1])
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"scrypt$" in written and EMAIL.encode() in written
    for password in (PASSWORD, PASSWORD[::-1]):
        assert not any(needle.encode() in written for needle in needles_of(password))


def test_no_pickle_holds_a_secret(held: Held) -> None:
    """What holds one is not pickled at all; what is pickled holds none."""
    pickled = 0
    for thing in [*everything(held), *refusals(held)]:
        try:
            frozen = pickle.dumps(thing)
        except (TypeError, AttributeError, pickle.PicklingError):
            continue
        pickled += 1
        assert not held.leaked(frozen), type(thing).__name__
    assert pickled > 20


def test_the_tenants_log_repeats_nothing_that_was_merely_sent(held: Held) -> None:
    """A secret in the wrong field is told to who sent it, and to nobody else; scopes of the API keep their names."""
    tenant, api = held.tenant, held.apis[0]
    tenant.apis.update(api, allow_offline_access=True)
    web = tenant.applications.create(name="Web", app_type="regular_web", callbacks=["https://web.example/callback"])

    def asking(**changes: Any) -> AuthorizationRequest:
        asked: dict[str, Any] = {"redirect_uri": web.callbacks[0], "audience": api.identifier, **changes}
        return AuthorizationRequest(web, **asked)

    offline = asking(scope=["read", "offline_access"])
    code = tenant.authorize(offline, EMAIL, consented=True).code
    redeemed = AuthorizationCode(web, code=code, redirect_uri=web.callbacks[0])
    refresh_token = tenant.request_token(redeemed).refresh_token
    attempts: list[Callable[[], object]] = [
        lambda: tenant.request_token(ClientCredentials(held.app, audience=PASSWORD)),
        lambda: tenant.request_token(ClientCredentials(held.app, audience=api.identifier, scope=["read", PASSWORD])),
        lambda: tenant.authorization(asking(audience=PASSWORD)),
        lambda: tenant.authorization(asking(response_type=PASSWORD)),
        lambda: tenant.authorization(asking(prompt=PASSWORD)),
        lambda: tenant.authorization(asking(redirect_uri=PASSWORD)),
        lambda: tenant.authorization(asking(code_challenge=PASSWORD, code_challenge_method=PASSWORD)),
        lambda: tenant.request_token(RefreshToken(web, refresh_token=refresh_token, scope=["read", PASSWORD])),
    ]
    for attempt in attempts:
        before = len(tenant.log)
        with pytest.raises(GrantRefused):
            attempt()
        entries = tenant.log.page(before, -1)
        assert len(entries) == 1 and not held.leaked(repr(entries)), entries
    assert "has not been granted scopes: read (1 unknown)" in repr(tenant.log)


def test_no_log_record_holds_a_secret(held: Held, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    """Everything at DEBUG, ours and the libraries', while secrets travel over HTTP in every way they can."""
    caplog.set_level(logging.DEBUG)
    tenant, app = held.tenant, held.app
    assert app.client_secret is not None
    secret = app.client_secret.reveal()
    good = {"grant_type": "client_credentials", "audience": held.apis[1].identifier}
    body = {**good, "client_id": app.client_id, "client_secret": secret}
    answers = []
    with (
        serve(tenant) as server,
        serve_orders_api(tenant.verifier(held.apis[1])) as orders,
        httpx.Client(trust_env=False) as client,
    ):
        url = server.token_endpoint
        answers.append(client.post(url, data=body))
        answers.append(client.post(url, json=body))
        answers.append(client.post(url, data=good, auth=(app.client_id, secret)))
        answers.append(client.post(url, data=body, auth=(app.client_id, secret)))
        answers.append(client.post(url, json={**body, "client_secret": [secret]}))
        answers.append(client.post(url, json={**body, "scope": secret, "audience": None}))
        answers.append(client.post(url, data={**body, "grant_type": "x"}))
        answers.append(client.post(url, content=json.dumps(body)[:-1], headers={"Content-Type": "application/json"}))
        answers.append(client.post(url, content=f"client_secret={secret}&client_secret={secret}"))
        answers.append(client.get(server.jwks_uri))
        token = answers[0].json()["access_token"]
        answers.append(client.get(f"{orders.url}/orders", headers={"Authorization": f"Bearer {token}"}))
        tenant.close()
        answers.append(client.post(url, data=body))
        answers.append(client.get(f"{orders.url}/orders", headers={"Authorization": f"Basic {secret}"}))
    assert [answer.status_code for answer in answers] == [
        200,
        200,
        200,
        400,
        400,
        400,
        400,
        400,
        400,
        200,
        200,
        503,
        401,
    ]
    for answer in answers:
        assert not held.leaked(answer.text) and not held.leaked(str(answer.headers)), answer.text
    records = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert records, "the client at least writes a log"
    assert not held.leaked("\n".join(records))
    assert not held.leaked("".join(capfd.readouterr()))


VERBOSE = {
    # what the learner does -> something breaks inside authkit that is no AuthKitError
    "a clock that fails": "tenant.request_token(authkit.ClientCredentials(app, audience={audience!r}))",
    "a payload that is no JSON": "authkit.jose.sign({{'x': object()}}, key, alg='RS256')",
    "a payload that is no JSON, shared secret": "authkit.jose.sign({{'x': object()}}, secret, alg='HS256')",
    "our own error": "tenant.apis.create(identifier='new', signing_secret=api.signing_secret)",
    "a request that is refused": "tenant.request_token(authkit.ClientCredentials(app, audience='x'))",
    "a user is made": "tenant.users.create(email='new@b.example', password=mine.reveal())",
    "a password is set": "tenant.users.set_password(email, mine.reveal())",
    "a password is changed": "tenant.users.update(email, password=mine.reveal())",
    "a user logs in": "tenant.users.authenticate(email, mine.reveal())",
    "a secret that is pickled": "import pickle; pickle.dumps(tenant.verifier(api))",
}


@pytest.mark.parametrize("source", VERBOSE.values(), ids=VERBOSE)
@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal"])
def test_no_traceback_shows_a_secret(
    held: Held, shell: InteractiveShell, source: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a real IPython, in every mode: Verbose prints the values of all variables it meets."""
    import authkit

    def broken() -> float:
        raise ZeroDivisionError

    class Broken:
        derive, verify = operator.neg, operator.truediv  # of bytes: errors from C, as scrypt's would be

        def __init__(self, **_: object) -> None:
            pass

    held.tenant.clock.now = broken  # type: ignore[method-assign]
    monkeypatch.setattr(passwords, "Scrypt", Broken)
    shell.user_ns.update(mine=Secret(PASSWORD), email=EMAIL)
    shell.user_ns.update(authkit=authkit, tenant=held.tenant, app=held.app, api=held.apis[2])
    shell.user_ns.update(key=held.tenant.keys.current, secret=SigningSecret(Secret(MINE)))
    shell.run_line_magic("xmode", mode)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        result = shell.run_cell(source.format(audience=held.apis[1].identifier))
    assert result.error_in_exec is not None and type(result.error_in_exec).__name__ in out.getvalue()
    assert not held.leaked(out.getvalue()), out.getvalue()
