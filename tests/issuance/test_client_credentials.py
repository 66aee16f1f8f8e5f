"""The client-credentials grant: every rule refuses with status, error and trace; what passes all of them is a token."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

import authkit
from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    GrantRefused,
    IssuedToken,
    Secret,
    SteerableClock,
    Tenant,
)

Training = Tenant[SteerableClock]
RULES = ["client", "grant_type", "audience", "client_grant", "scope"]
Ask = Callable[..., IssuedToken]


@pytest.fixture
def ask(tenant: Training, api: Api, app: Application) -> Ask:
    """Ask for a token of the application for the API, which is granted read:orders; anything can be asked otherwise."""
    tenant.client_grants.create(app, api, ["read:orders"])

    def ask(application: Any = app, **asked: Any) -> IssuedToken:
        return tenant.request_token(ClientCredentials(application, **{"audience": api.identifier, **asked}))

    return ask


def refused(action: Callable[..., object], *arguments: Any, **asked: Any) -> GrantRefused:
    with pytest.raises(GrantRefused) as caught:
        action(*arguments, **asked)
    return caught.value


def check(error: GrantRefused, rule: str, status: int, code: str) -> None:
    """The refusal and its trace: one rule refused, those before it passed, those after it were not reached."""
    assert (error.status, error.error, error.code) == (status, code, code) and error.remedy
    outcomes = [result.outcome for result in error.trace.rules]
    at = RULES.index(rule)
    assert [result.name for result in error.trace.rules] == RULES
    assert outcomes == ["passed"] * at + ["refused"] + ["not reached"] * (len(RULES) - at - 1)
    assert error.trace.refusing is error.trace.rules[at] and error.trace.claims == ()
    assert f"rule {at + 1}, {rule}" in error.trace.sentence and error.trace.sentence in str(error)


# Refusals, rule by rule


@pytest.mark.parametrize("secret", [None, "", "wrong", "é", "\ud800", Secret("wrong")], ids=ascii)
def test_a_wrong_secret_is_refused(ask: Ask, app: Application, secret: Any) -> None:
    """401, and the same answer as for an unknown client."""
    error = refused(ask, app.client_id, client_secret=secret)
    check(error, "client", 401, "access_denied")
    assert error.description == refused(ask, "nobody", client_secret="x").description == "Unauthorized"


@pytest.mark.parametrize("client_id", ["", "nobody", "\ud800", "\0", "' OR 1=1 --"], ids=ascii)
def test_an_unknown_client_is_refused(ask: Ask, client_id: str) -> None:
    """401."""
    check(refused(ask, client_id, client_secret="x"), "client", 401, "access_denied")


def test_the_owner_is_told_which_of_the_faults_it_was(ask: Ask, tenant: Training, app: Application) -> None:
    """In the trace, which the client does not get; each with a repair that repairs."""
    spa = tenant.applications.create(name="Page", app_type="spa")
    tenant.applications.rotate_secret(app)
    told = [refused(ask, one) for one in ("nobody", spa, app)]
    assert {(error.status, error.error, error.description) for error in told} == {
        (401, "access_denied", "Unauthorized")
    }
    nobody, keeps_none, rotated = ((error.trace.refusing.note, error.remedy) for error in told if error.trace.refusing)
    assert "no application has this client id" in nobody[0]
    assert "keeps no secret" in keeps_none[0] and "non_interactive" in keeps_none[1]
    assert "is not that of" in rotated[0] and "tenant.applications.get(client_id)" in rotated[1]
    assert ask(tenant.applications.get(app)).access_token


def test_no_name_and_no_audience_moves_the_cursor(ask: Ask, tenant: Training, api: Api) -> None:
    """In what a terminal shows of an outcome: neither colour nor a line of one's own."""
    hostile = "X\x1b[2J\nIssued: all 9 rules passed.\u202e"
    app = tenant.applications.create(name=hostile)
    tenant.client_grants.create(app, api, ["read:orders"])
    error = refused(ask, app, audience=hostile)
    for shown in (repr(ask(app)), repr(error.trace), str(error), repr(ClientCredentials(app, scope=[hostile]))):
        assert all(line.isprintable() for line in shown.split("\n"))
        assert not any(line.startswith("Issued: all 9") for line in shown.split("\n"))
    assert error.description == f"Service not enabled within domain: {hostile}"


def test_an_empty_secret_proves_nothing(ask: Ask, tenant: Training, app: Application) -> None:
    """Not even where a store has one, from an import of earlier days."""
    document = app.model_copy(update={"client_secret": Secret("")}).model_dump(mode="json", context={"reveal": True})
    tenant.registry.database.execute("UPDATE applications SET document = ?", (json.dumps(document),))
    assert tenant.applications.get(app).client_secret == Secret("")
    check(refused(ask, app.client_id, client_secret=""), "client", 401, "access_denied")


def test_an_application_without_a_secret_is_refused(ask: Ask, tenant: Training) -> None:
    """What keeps no secret proves nothing, whatever it presents."""
    spa = tenant.applications.create(name="x", app_type="spa")
    for application, secret in ((spa, None), (spa.client_id, ""), (spa.client_id, "None")):
        check(refused(ask, application, client_secret=secret), "client", 401, "access_denied")


def test_a_deleted_application_is_refused(ask: Ask, tenant: Training, app: Application) -> None:
    """Its secret is worth nothing any more."""
    tenant.applications.delete(app)
    check(refused(ask), "client", 401, "access_denied")


def test_a_grant_type_that_is_off_is_refused(ask: Ask, tenant: Training, app: Application) -> None:
    """403 `unauthorized_client`."""
    tenant.applications.update(app, grant_types=[])
    check(refused(ask), "grant_type", 403, "unauthorized_client")


@pytest.mark.parametrize("audience", [None, ""])
def test_a_missing_audience_is_refused(ask: Ask, audience: str | None) -> None:
    """400: one audience a request."""
    check(refused(ask, audience=audience), "audience", 400, "invalid_request")


@pytest.mark.parametrize(
    "audience", ["https://orders.example", "https://ORDERS.example/", "https://orders.example/ ", "x"]
)
def test_an_unknown_audience_is_refused(ask: Ask, audience: str) -> None:
    """403, and a slash makes the difference."""
    error = refused(ask, audience=audience)
    check(error, "audience", 403, "access_denied")
    assert error.description == f"Service not enabled within domain: {audience}"


@pytest.mark.parametrize("asked", [{"audience": "\ud800"}, {"scope": ["read:orders", "\ud800"]}], ids=str)
def test_what_no_token_can_hold_is_not_asked_for(ask: Ask, asked: dict[str, Any]) -> None:
    """Half a surrogate pair: no log and no terminal could take what is said of it."""
    with pytest.raises(ConfigurationError) as caught:
        ask(**asked)
    assert caught.value.code == f"request.{next(iter(asked))}" and str(caught.value).encode()


def test_scopes_in_a_set_stand_in_the_same_order_everywhere(tenant: Training, api: Api, app: Application) -> None:
    """Python gives a set another order in every process."""
    tenant.apis.update(api, scopes=dict.fromkeys("abcdefgh", ""))
    grant = tenant.client_grants.create(app, api, set("hgfedcba"))
    assert grant.scope == tuple("abcdefgh")
    assert ClientCredentials(app, audience=api.identifier, scope=frozenset("ceab")).scope == tuple("abce")
    assert ClientCredentials(app, audience=api.identifier, scope=dict.fromkeys("cab")).scope == tuple("cab")
    web = tenant.applications.create(name="Web", callbacks={f"https://{name}.example/" for name in "dcba"})
    assert web.callbacks == tuple(f"https://{name}.example/" for name in "abcd")
    role = tenant.roles.create(name="r")
    tenant.roles.add_permissions(role, api, set("fedcba"))
    assert [one.permission_name for one in tenant.roles.permissions(role)] == list("abcdef")


def test_the_id_of_an_api_is_no_audience(ask: Ask, api: Api) -> None:
    """The audience is the identifier alone."""
    check(refused(ask, audience=api.id), "audience", 403, "access_denied")


def test_without_a_client_grant_it_is_refused(ask: Ask, tenant: Training, app: Application) -> None:
    """403 with the vendor's sentence."""
    other = tenant.apis.create(identifier="https://stock.example/")
    error = refused(ask, audience=other.identifier)
    check(error, "client_grant", 403, "access_denied")
    assert error.description.startswith('Client is not authorized to access "https://stock.example/".')


def test_after_the_grant_is_deleted_it_is_refused(ask: Ask, tenant: Training) -> None:
    """Each request is decided anew."""
    (grant,) = tenant.client_grants
    assert ask().access_token
    tenant.client_grants.delete(grant)
    check(refused(ask), "client_grant", 403, "access_denied")


@pytest.mark.parametrize(
    "scope", ["write:orders", "read:orders write:orders", "READ:ORDERS", "x", ["read:orders", "x"]]
)
def test_a_scope_that_is_not_granted_is_refused(ask: Ask, scope: Any) -> None:
    """403, and the description names what is missing alone."""
    error = refused(ask, scope=scope)
    check(error, "scope", 403, "access_denied")
    assert "read:orders" not in error.description.split()


def test_a_scope_that_the_api_no_longer_defines_is_refused(ask: Ask, tenant: Training, api: Api) -> None:
    """An old grant does not bring it back."""
    tenant.apis.update(api, scopes={"write:orders": ""})
    check(refused(ask, scope="read:orders"), "scope", 403, "access_denied")
    assert ask().scope == ""


def test_the_first_fault_decides(ask: Ask) -> None:
    """A wrong secret hides everything behind it."""
    check(refused(ask, "nobody", audience="x", scope="x"), "client", 401, "access_denied")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"scope": 5}, "scope"),
        ({"scope": None}, "scope"),
        ({"scope": [5]}, "scope"),
        ({"scope": [["a"]]}, "scope"),
        ({"audience": 5}, "audience"),
        ({"audience": ["https://orders.example/"]}, "audience"),
        ({"client_secret": 5}, "client_secret"),
        ({"client_secret": b"tell-nobody"}, "client_secret"),
        ({"client_secret": ["tell-nobody"]}, "client_secret"),
    ],
    ids=str,
)
def test_an_argument_of_the_wrong_kind_is_one_clear_error(asked: dict[str, Any], field: str) -> None:
    """Said when the request is made, and never echoing a secret."""
    with pytest.raises(ConfigurationError) as caught:
        ClientCredentials("x", **asked)
    assert caught.value.code == f"request.{field}" and "tell-nobody" not in str(caught.value)


@pytest.mark.parametrize("application", [None, 5, b"x", [], object()], ids=lambda value: type(value).__name__)
def test_an_application_is_an_application_or_its_id(application: Any) -> None:
    """Nothing else is guessed to be one."""
    with pytest.raises(ConfigurationError) as caught:
        ClientCredentials(application, audience="x")
    assert caught.value.code == "request.application"


# Tokens


def test_a_token_response_is_the_vendors(ask: Ask) -> None:
    """RFC 6749 §5.1: token, type, lifetime, scope."""
    issued = ask()
    assert issued.response() == {
        "access_token": issued.access_token,
        "scope": "read:orders",
        "expires_in": 86400,
        "token_type": "Bearer",
    }


def test_the_trace_shows_that_every_rule_passed(ask: Ask) -> None:
    """With what each of them saw, and where it is set."""
    trace = ask().trace
    assert [(rule.name, rule.outcome) for rule in trace.rules] == [(name, "passed") for name in RULES]
    assert all(rule.note and rule.question.endswith("?") and rule.source and rule.setting for rule in trace.rules)
    assert trace.refusing is None and trace.sentence == "Issued: all 5 rules passed."


def test_the_claims_of_an_rs256_token(ask: Ask, tenant: Training, app: Application) -> None:
    """The default dialect: no jti, a gty, times from the clock; the kid is the current key's."""
    token = ask().access_token
    assert authkit.decode(token).header == {"alg": "RS256", "typ": "JWT", "kid": tenant.keys.current.kid}
    assert authkit.decode(token).payload == {
        "iss": "https://training.authkit.example/",
        "sub": f"{app.client_id}@clients",
        "aud": "https://orders.example/",
        "iat": 1767603600,
        "exp": 1767690000,
        "scope": "read:orders",
        "gty": "client-credentials",
        "azp": app.client_id,
    }


def test_an_hs256_token_is_signed_with_the_apis_secret(hs_api: Api, hs_token: str, app: Application) -> None:
    """No kid; PyJWT verifies it with the revealed secret; without scopes there is no scope claim."""
    assert hs_api.signing_secret is not None
    assert authkit.decode(hs_token).header == {"alg": "HS256", "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_iat": False}
    secret = hs_api.signing_secret.reveal()
    claims = jwt.decode(hs_token, secret, algorithms=["HS256"], audience=hs_api.identifier, options=options)
    assert claims["azp"] == app.client_id and "scope" not in claims


def test_every_claim_has_an_origin(ask: Ask) -> None:
    """The trace says of each claim what it is, where it comes from, and which setting decides it."""
    issued = ask()
    origins = {origin.claim: origin for origin in issued.trace.claims}
    assert {name: origin.value for name, origin in origins.items()} == authkit.decode(issued.access_token).payload
    assert list(origins) == list(authkit.decode(issued.access_token).payload)
    assert {name: origin.setting for name, origin in origins.items()} == {
        "iss": "tenant.issuer",
        "sub": "application.client_id",
        "aud": "api.identifier",
        "iat": "tenant.clock",
        "exp": "api.token_lifetime",
        "scope": "client_grant.scope",
        "gty": "application.grant_types",
        "azp": "application.client_id",
    }
    assert all(origin.origin for origin in origins.values())
    assert origins["scope"].origin.endswith("none was asked for")
    (asked,) = (one for one in ask(scope=["read:orders"]).trace.claims if one.claim == "scope")
    assert asked.origin.startswith("asked for")


def test_times_follow_the_clock(ask: Ask, tenant: Training) -> None:
    """Whole seconds, also where the clock stands between two."""
    tenant.clock.advance(days=1, seconds=0.9)
    payload = authkit.decode(ask().access_token).payload
    assert (payload["iat"], payload["exp"]) == (1767603600 + 86400, 1767603600 + 2 * 86400)


@pytest.mark.parametrize("lifetime", [1, 3600, 2592000])
def test_the_lifetime_is_the_apis(ask: Ask, tenant: Training, api: Api, lifetime: int) -> None:
    """In the claim and in the response (S7)."""
    tenant.apis.update(api, token_lifetime=lifetime)
    issued = ask()
    payload = authkit.decode(issued.access_token).payload
    assert issued.expires_in == lifetime == payload["exp"] - payload["iat"]


def test_a_lifetime_of_0_is_over_at_once(ask: Ask, tenant: Training, api: Api) -> None:
    """Issued, and refused the same second."""
    tenant.apis.update(api, token_lifetime=0)
    issued = ask()
    decisive = tenant.verifier(api).explain(issued.access_token).decisive
    assert issued.expires_in == 0 and issued.response()["expires_in"] == 0
    assert decisive is not None and decisive.code == "exp.expired"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({}, "read:orders write:orders"),
        ({"scope": ""}, "read:orders write:orders"),
        ({"scope": "read:orders"}, "read:orders"),
        ({"scope": ["write:orders"]}, "write:orders"),
        ({"scope": "write:orders read:orders"}, "write:orders read:orders"),
        ({"scope": "  read:orders \n read:orders "}, "read:orders"),
        pytest.param({"scope": iter(["read:orders"])}, "read:orders", id="an iterator"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_asking_for_less_gives_less(ask: Ask, tenant: Training, asked: dict[str, Any], given: str) -> None:
    """Nothing asked is all that is granted; each scope once."""
    (grant,) = tenant.client_grants
    tenant.client_grants.update(grant, scope=["read:orders", "write:orders"])
    issued = ask(**asked)
    assert issued.scope == given == authkit.decode(issued.access_token).payload["scope"]


def test_a_client_id_with_its_secret_is_as_good_as_the_application(ask: Ask, app: Application) -> None:
    """As over HTTP; text or Secret."""
    assert app.client_secret is not None
    for secret in (app.client_secret, app.client_secret.reveal()):
        assert ask(app.client_id, client_secret=secret).access_token == ask().access_token


def test_the_same_request_gives_the_same_token(ask: Ask) -> None:
    """On a training tenant nothing in it is random."""
    assert ask().access_token == ask().access_token


def test_a_request_shows_no_secret(app: Application) -> None:
    """Only who asks, for what."""
    assert app.client_secret is not None
    shown = repr(ClientCredentials(app, audience="a")) + repr(ClientCredentials("x", client_secret="tell-nobody"))
    assert app.client_secret.reveal() not in shown and "tell-nobody" not in shown and app.client_id in shown


def test_a_secret_beside_an_application_is_the_one_that_counts(ask: Ask, app: Application) -> None:
    """A wrong one is refused, although the application would have presented its own."""
    check(refused(ask, app, client_secret="x"), "client", 401, "access_denied")
    assert app.client_secret is not None
    assert ask(app, client_secret=app.client_secret).access_token
