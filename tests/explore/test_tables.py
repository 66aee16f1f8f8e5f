"""`table(anything)`: a row for each thing, in the order it has elsewhere, and no secret."""

from typing import Any

import pytest

import authkit
from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRequest,
    Claims,
    ClientCredentials,
    ConfigurationError,
    Family,
    KeySet,
    RefreshToken,
    SteerableClock,
    Tenant,
)
from authkit.explore import table
from authkit.jose.checks import CHECKS
from authkit.registry import passwords

Training = Tenant[SteerableClock]


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a table shows does not depend on what hashing costs."""
    monkeypatch.setattr(passwords, "COST", 2)


def test_a_verdict_has_a_row_for_each_check(tenant: Training, api: Api, token: str) -> None:
    """Every check in order, with all that the verdict knows of it."""
    tenant.clock.advance(hours=25)
    frame = table(tenant.verifier(api).explain(token))
    assert [*frame["check"]] == [check.name for check in CHECKS]
    columns = "check status code note seen expected remedy rule source question"
    assert " ".join(frame.columns) == columns
    refused = frame[frame["status"] == "failed"]
    assert [*refused["code"]] == ["exp.expired"] and [*refused["source"]] == ["RFC 7519 §4.1.4"]


def test_the_checks_themselves_are_a_table() -> None:
    """What a verifier would ask, before there is a token."""
    frame = table(CHECKS)
    assert [*frame["name"]] == [check.name for check in CHECKS] and "run" not in frame


def test_claims_have_their_meaning_beside_them(tenant: Training, api: Api, token: str) -> None:
    """A row a claim."""
    frame = table(tenant.verifier(api).verify(token))
    assert dict(zip(frame["claim"], frame["value"], strict=True)) == tenant.verifier(api).verify(token)
    assert "RFC 7519 §4.1.1" in frame["meaning"][0] and table(Claims({"mine": 1}))["meaning"][0] == ""


def test_a_decoded_token_says_in_each_row_that_nothing_is_verified(token: str) -> None:
    """However it is filtered."""
    frame = table(authkit.decode(token))
    assert [*frame["part"].unique()] == ["header", "payload"] and not frame["verified"].any()


def test_a_key_set_shows_no_material() -> None:
    """Kid, kind and algorithms."""
    frame = table(KeySet.from_secret(b"a-shared-secret-of-a-good-length"))
    assert frame.to_dict("records") == [{"kid": None, "kty": "oct", "algorithms": "HS256"}]


def test_a_trace_has_a_row_for_each_rule(tenant: Training, api: Api, app: Application) -> None:
    """And its claims are a table of their own."""
    tenant.client_grants.create(app, api)
    issued = tenant.request_token(ClientCredentials(app, audience=api.identifier))
    assert "client_grant" in [*table(issued.trace)["rule"]]
    assert {"claim", "value", "origin", "setting"} == {*table(issued.trace.claims).columns}


def test_a_collection_has_a_row_for_each_and_masks_its_secrets(tenant: Training) -> None:
    """Neither on the screen nor in a file it is written to."""
    made = tenant.apis.create(identifier="https://stock.example/", signing_alg="HS256")
    app = tenant.applications.create(name="A", app_type="non_interactive")
    assert made.signing_secret is not None and app.client_secret is not None
    for collection, secret in ((tenant.apis, made.signing_secret), (tenant.applications, app.client_secret)):
        frame = table(collection)
        assert len(frame) == len(collection)
        for written in (repr(frame), frame.to_html(), frame.to_csv(), frame.to_string()):
            assert secret.reveal() not in written


def test_times_have_their_date_beside_the_number(tenant: Training, api: Api, token: str) -> None:
    """In claims and in a decoded token; what only looks like a time has none."""
    for frame, name in ((table(tenant.verifier(api).verify(token)), "claim"), (table(authkit.decode(token)), "member")):
        dates = dict(zip(frame[name], frame["date"], strict=True))
        assert dates["iat"] == "2026-01-05 09:00:00 UTC" and dates["aud"] == ""
    assert [*table(Claims({"exp": True, "iat": "1", "nbf": 1e300}))["date"]] == ["", "", "1e+300 (no date)"]


def test_the_keys_of_a_tenant_are_a_table(tenant: Training) -> None:
    """Oldest first, with their times, and whether the JWKS holds them."""
    tenant.clock.advance(hours=1)
    tenant.keys.rotate()
    tenant.keys.revoke(table(tenant.keys)["kid"][0])
    frame = table(tenant.keys)
    assert " ".join(frame.columns) == "place kid in_jwks current_since current_until revoked"
    assert [*frame["place"]] == ["revoked", "current", "next"] and [*frame["in_jwks"]] == [False, True, True]
    assert frame["current_until"][0] == "2026-01-05 10:00:00 UTC" and frame["current_until"][2] == ""
    assert table(tenant.keys.ring).equals(frame)


def test_a_reader_finds_names_first_and_identifiers_last(tenant: Training, api: Api, app: Application) -> None:
    """Of every collection."""
    tenant.client_grants.create(app, api)
    tenant.roles.create(name="clerk")
    assert [*table(tenant.apis).columns][:4] == ["name", "identifier", "signing_alg", "token_lifetime"]
    assert [*table(tenant.applications).columns][:3] == ["name", "client_id", "app_type"]
    assert [*table(tenant.client_grants).columns] == ["client_id", "audience", "scope", "id"]
    assert [*table(tenant.roles).columns] == ["name", "description", "id"]
    assert [*table(tenant.apis).columns][-1] == "id"


def test_what_is_inside_an_object_is_shown_in_brief(tenant: Training, api: Api, app: Application) -> None:
    """Scopes by their values, which `explode` makes rows of; settings in a few words."""
    frame = table(tenant.apis).set_index("identifier")
    assert frame.loc[api.identifier, "scopes"] == ("read:orders", "write:orders")
    assert len(frame.loc[[api.identifier]].explode("scopes")) == 2
    assert table(tenant.applications)["refresh_token"][0] == "non-rotating, non-expiring"


def test_several_verdicts_are_a_table(tenant: Training, api: Api, token: str) -> None:
    """A row each: the outcome and what decided."""
    verifier = tenant.verifier(api)
    frame = table([verifier.explain(token), verifier.explain("x")])
    assert [*frame["outcome"]] == ["accepted", "refused"] and [*frame["check"]] == ["", "form"]
    assert " ".join(frame.columns) == "outcome check code note remedy"


def test_a_preview_is_a_table(tenant: Training, api: Api, app: Application) -> None:
    """A row a member, before and after."""
    tenant.client_grants.create(app, api)
    request = ClientCredentials(app, audience=api.identifier)
    frame = table(tenant.preview(request, api={"token_lifetime": 600})).set_index("member")
    assert [*frame.columns] == ["change", "before", "after"]
    assert frame.loc["exp", "change"] == "differs" and frame.loc["iss", "change"] == "same"


def family(tenant: Training) -> Family:
    """A login that brought a refresh token, and one use of it."""
    api = tenant.apis.create(identifier="https://f.example/", allow_offline_access=True)
    url = "http://127.0.0.1:9000/callback"
    app = tenant.applications.create(
        name="Shop", app_type="regular_web", callbacks=[url], refresh_token={"rotation_type": "rotating"}
    )
    user = tenant.users.create(email="ada@example.com", password="a-good-long-password")
    asked = AuthorizationRequest(app, redirect_uri=url, audience=api.identifier, scope="offline_access")
    code = tenant.authorize(asked, user, consented=True).code
    issued = tenant.request_token(AuthorizationCode(app, code=code, redirect_uri=url))
    assert issued.refresh_token is not None
    assert issued.refresh_token.reveal() not in table(issued).to_csv() and issued.access_token not in repr(
        table(issued)
    )
    tenant.clock.advance(minutes=1)
    tenant.request_token(RefreshToken(app, refresh_token=issued.refresh_token))
    return tenant.families()[0]


def test_families_are_a_table_and_so_is_one(tenant: Training, quick_passwords: None) -> None:
    """A row a family; of one family a row a refresh token, the newest first."""
    one = family(tenant)
    frame = table(tenant.families())
    assert " ".join(frame.columns) == "id state user_id client_id audience scope tokens created_at created revoked"
    assert [*frame["state"]] == ["works"] and [*frame["tokens"]] == [2]
    tokens = table(one)
    assert [*tokens["parent"]] == ["1", "the login"] and [*tokens["newest"]] == [True, False]
    assert tokens["replaced"][1] == "2026-01-05 09:01:00 UTC" and tokens["issued_at"][1] == 1767603600
    assert [*table((tenant.revoke_family(one),))["state"]] == ["revoked"]


def test_an_issued_token_keeps_its_tokens_masked(tenant: Training, api: Api, app: Application) -> None:
    """Whoever holds one can use it."""
    tenant.client_grants.create(app, api)
    issued = tenant.request_token(ClientCredentials(app, audience=api.identifier))
    frame = table(issued)
    for written in (repr(frame), frame.to_html(), frame.to_csv(), frame.to_string()):
        assert issued.access_token not in written and issued.access_token.split(".")[2] not in written
    assert dict(zip(frame["member"], frame["value"], strict=True))["expires_in"] == 86400


def test_other_mappings_and_records_are_tables_too() -> None:
    """A dictionary by its members, a list of dictionaries by theirs; nothing is an empty table."""
    assert table({"a": 1}).to_dict("records") == [{"member": "a", "value": 1}]
    assert table([{"a": 1}, {"a": 2}]).to_dict("list") == {"a": [1, 2]}
    assert table([]).empty


def test_one_object_is_a_table_of_its_fields(api: Api) -> None:
    """A row a field, as of a mapping."""
    frame = table(api)
    assert dict(zip(frame["member"], frame["value"], strict=True))["identifier"] == api.identifier


@pytest.mark.parametrize(
    "thing", [None, 5, "text", b"bytes", pytest.param(object(), id="object"), [5], ["text"], [[1]], [int]], ids=repr
)
def test_of_anything_else_there_is_no_table(thing: Any) -> None:
    """One clear error."""
    with pytest.raises(ConfigurationError) as caught:
        table(thing)
    assert caught.value.code == "table.unknown"
