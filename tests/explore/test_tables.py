"""`table(anything)`: a row for each thing, in the order it has elsewhere, and no secret."""

from typing import Any

import pytest

import authkit
from authkit import Api, Application, Claims, ClientCredentials, ConfigurationError, KeySet, SteerableClock, Tenant
from authkit.explore import table
from authkit.jose.checks import CHECKS

Training = Tenant[SteerableClock]


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


def test_other_mappings_and_records_are_tables_too() -> None:
    """A dictionary by its members, a list of dictionaries by theirs; nothing is an empty table."""
    assert table({"a": 1}).to_dict("records") == [{"member": "a", "value": 1}]
    assert table([{"a": 1}, {"a": 2}]).to_dict("list") == {"a": [1, 2]}
    assert table([]).empty


def test_one_object_is_a_table_of_its_fields(api: Api) -> None:
    """A row a field, as of a mapping."""
    frame = table(api)
    assert dict(zip(frame["member"], frame["value"], strict=True))["identifier"] == api.identifier


@pytest.mark.parametrize("thing", [None, 5, "text", b"bytes", object(), [5], ["text"], [[1]], [int]], ids=repr)
def test_of_anything_else_there_is_no_table(thing: Any) -> None:
    """One clear error."""
    with pytest.raises(ConfigurationError) as caught:
        table(thing)
    assert caught.value.code == "table.unknown"
