"""The create-API form, without a view: what is typed, what is said about it, what is created."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from authkit import AuthKitError, Tenant, training_tenant
from authkit.widgets.states.create_api import CreateApiState

GOOD = {"name": "Billing", "identifier": "https://billing.example/", "scopes": "read:bills  Read bills\nwrite:bills"}

BAD = [
    ("name", "a<b", "name.forbidden_character"),
    ("name", "n" * 201, "name.too_long"),
    ("identifier", "", "identifier.empty"),
    ("identifier", "x" * 601, "identifier.too_long"),
    ("identifier", "https://orders.example/", "identifier.duplicate"),
    ("identifier", " https://billing.example/", "identifier.invisible_character"),
    ("identifier", "half \ud800", "identifier.not_text"),
    ("token_lifetime", "-1", "token_lifetime.too_small"),
    ("token_lifetime", "0.5", "token_lifetime.not_a_whole_number"),
    ("token_lifetime", "2592001", "token_lifetime.too_large"),
    ("token_lifetime", "soon", "token_lifetime.not_a_whole_number"),
    ("token_lifetime", "", "token_lifetime.not_a_whole_number"),
    ("token_lifetime", "9" * 5000, "token_lifetime.not_a_whole_number"),
    ("scopes", "  Read orders", "scopes.empty"),
    ("scopes", "lésen", "scopes.forbidden_character"),
    ("scopes", "openid", "scopes.reserved"),
    ("scopes", "a\na", "scopes.duplicate"),
]


def filled(tenant: Tenant[Any], **typed: Any) -> CreateApiState:
    state = CreateApiState(tenant)
    for field, value in typed.items():
        setattr(state, field, value)
    return state


def body(http: str) -> dict[str, Any]:
    return dict(json.loads(http.partition("\n\n")[2]))


def test_an_untouched_form_shows_no_problem(tenant):
    """Nobody is told off before having typed."""
    state = CreateApiState(tenant)
    assert state.shown == {}
    assert not state.ready


def test_a_problem_is_shown_once_its_field_was_touched(tenant):
    """The empty identifier stays unmentioned while the name is typed."""
    state = filled(tenant, name="<")
    assert set(state.problems) == {"name", "identifier"}
    assert set(state.shown) == {"name"}


def test_an_attempt_shows_every_problem(tenant):
    """After a click nothing is held back."""
    state = CreateApiState(tenant)
    state.submit()
    assert set(state.shown) == {"identifier"}


@pytest.mark.parametrize(("field", "typed", "code"), BAD)
def test_bad_input_is_named_with_its_rule_and_a_repair(tenant, field, typed, code):
    """One problem, under the field at fault, and nothing is created."""
    before = len(tenant.apis)
    state = filled(tenant, **{**GOOD, field: typed})
    state.submit()
    assert {name: problem.code for name, problem in state.shown.items()} == {field: code}
    assert state.shown[field].rule
    assert state.shown[field].remedy
    assert state.created is None
    assert len(tenant.apis) == before


@pytest.mark.parametrize(("field", "typed", "code"), BAD)
def test_bad_input_is_refused_by_the_code_too(tenant, twin, run, field, typed, code):
    """The snippet meets the same fault as the click."""
    state = filled(tenant, **{**GOOD, field: typed})
    with pytest.raises(AuthKitError) as refused:
        run(state.python, twin)
    assert refused.value.code == code


def test_submit_creates_what_was_typed(tenant):
    """Every field arrives in the registry."""
    state = filled(tenant, **GOOD, signing_alg="HS256", token_lifetime=" 3600 ", allow_offline_access=True)
    assert state.ready
    state.submit()
    api = tenant.apis.get("https://billing.example/")
    assert state.created == api
    assert (api.name, api.signing_alg, api.token_lifetime, api.allow_offline_access) == ("Billing", "HS256", 3600, True)
    assert {scope.value: scope.description for scope in api.scopes} == {"read:bills": "Read bills", "write:bills": ""}


def test_after_a_creation_the_form_is_ready_for_the_next(tenant):
    """The fields are as at first, and none of them is at fault yet."""
    state = filled(tenant, **GOOD, token_lifetime="60")
    state.submit()
    assert (state.name, state.identifier, state.token_lifetime, state.scopes) == ("", "", "86400", "")
    assert state.shown == {}
    assert "https://billing.example/" in state.known


def test_after_a_creation_the_code_is_what_the_click_did(tenant):
    """Until something is typed: then it follows again."""
    state = filled(tenant, **GOOD)
    code = state.python
    state.submit()
    assert state.python == code
    state.identifier = "https://other.example/"
    assert "https://other.example/" in state.python
    assert "billing" not in state.python


def test_a_slash_at_the_end_makes_another_api(tenant):
    """Identifiers are compared letter by letter."""
    state = filled(tenant, identifier="https://orders.example")
    assert state.ready


def test_reset_empties_the_form(tenant):
    """What was typed, what was said and what came of it are gone."""
    state = filled(tenant, **GOOD)
    state.submit()
    state.name = "<"
    state.reset()
    assert (state.name, state.shown, state.created, state.failure) == ("", {}, None, None)


def test_a_store_that_fails_is_reported_not_raised(tenant):
    """A tenant that was closed gives a failure to show."""
    state = filled(tenant, **GOOD)
    tenant.close()
    state.submit()
    assert state.failure is not None
    assert state.failure.code == "storage.closed"
    assert state.created is None


def test_another_form_on_the_tenant_hears_of_the_new_api(tenant):
    """An identifier that was free a moment ago is a duplicate now."""
    other = filled(tenant, **GOOD)
    assert other.ready
    filled(tenant, **GOOD).submit()
    assert not other.ready
    assert other.shown["identifier"].code == "identifier.duplicate"


def test_the_code_leaves_out_what_is_at_its_default(tenant):
    """The smallest call that does the same."""
    state = filled(tenant, identifier="https://billing.example/")
    assert state.python == (
        'api = tenant.apis.create(\n    identifier="https://billing.example/",\n    signing_alg="RS256",\n)'
    )


def test_the_request_is_for_the_tenant_and_holds_no_token(tenant):
    """Host and path as the Management API has them; the token is for the reader to fill in."""
    head = CreateApiState(tenant).http.partition("\n\n")[0].splitlines()
    assert head[0] == "POST /api/v2/resource-servers"
    assert "Host: training.authkit.example" in head
    assert "Authorization: Bearer MANAGEMENT_API_TOKEN" in head


TYPED = st.fixed_dictionaries(
    {
        "name": st.text(max_size=12),
        "identifier": st.one_of(
            st.text(max_size=12), st.sampled_from(["https://orders.example/", "https://a.example"])
        ),
        "signing_alg": st.sampled_from(["RS256", "HS256"]),
        "token_lifetime": st.one_of(st.text(max_size=6), st.integers(-2, 2592002).map(str), st.just("86400")),
        "scopes": st.text(alphabet="ab:\"\\' \n\t", max_size=16),
        "allow_offline_access": st.booleans(),
        "skip_consent_for_verifiable_first_party_clients": st.booleans(),
    }
)
QUOTES = {"name": "\"'\\\n", "identifier": "'\"\\{}%s", "scopes": "a ' \" \\n\nb \"\"\"'''"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
@example(typed=QUOTES)
def test_click_code_and_request_agree(run, typed):
    """Whatever is typed: the same API from all three, or from none."""
    with training_tenant() as tenant, training_tenant() as by_code, training_tenant() as by_request:
        state = filled(tenant, **typed)
        python, http = state.python, state.http
        state.submit()
        assert state.failure is None
        refused = nullcontext() if state.created is not None else pytest.raises(AuthKitError)
        with refused:
            run(python, by_code)
        with refused:
            by_request.apis.create(**body(http))
        assert list(by_code.apis) == list(by_request.apis) == list(tenant.apis)


def test_the_request_does_the_same_as_the_click(tenant, twin, send):
    """Sent to the Management API of a tenant like it."""
    state = filled(tenant, **GOOD, allow_offline_access=True)
    state.submit()
    [answer] = send(state.http, twin)
    assert answer.status_code == 201
    made = twin.apis.get("https://billing.example/")
    assert made == state.created
