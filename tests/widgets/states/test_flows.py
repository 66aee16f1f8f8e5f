"""The stepper's state: each flow to its end, back and forth, what refuses, what is lacking, and the code of it."""

import pytest

from authkit import ClientCredentials, code_challenge, training_tenant
from authkit.widgets.states import flow_code, flow_refresh
from authkit.widgets.states.flow_needs import lacking
from authkit.widgets.states.flow_steps import CALLBACK
from authkit.widgets.states.flows import PLOTS, FlowsState

ORDERS = "https://orders.example/"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def furnish(tenant):
    tenant.apis.update(ORDERS, allow_offline_access=True)
    rotating = {"rotation_type": "rotating"}
    shop = tenant.applications.create(name="Shop", app_type="spa", callbacks=[CALLBACK], refresh_token=rotating)
    return shop, tenant.users.create(email="ada@example.com", password="correct horse battery")


@pytest.fixture
def people(tenant, twin):
    """A shop and Ada, on both tenants."""
    furnish(twin)
    return furnish(tenant)


@pytest.fixture
def state(tenant, people):
    return FlowsState(tenant)


def walk(state, answer=True):
    """To the end of the flow, with this answer on the consent page."""
    while state.can_next or state.asking:
        if not state.asking:
            state.next()
        elif answer:
            state.accept()
        else:
            state.decline()
    return state.steps


def shown(step, name):
    return next(value.shown for value in step.values if value.name == name)


def test_client_credentials_to_the_verified_claims(tenant, state):
    """Five messages; the claims are those that the tenant's verifier gave."""
    steps = walk(state)
    assert [step.place for step in steps] == [0, 1, 2, 3, 4] and state.ended and state.failure is None
    assert [step.line for step in steps][:2] == ["POST /oauth/token", "HTTP 200"]
    assert shown(steps[0], "client_id") == next(iter(tenant.applications)).client_id
    assert shown(steps[4], "scope") == "read:orders" and steps[4].outcome == "accepted"
    assert [entry.type for entry in tenant.log] == ["seccft"]


def test_the_code_flow_to_the_verified_claims(tenant, people, state):
    """Ten messages, consent among them; the answer's user is the one who logged in."""
    state.flow = "code"
    steps = walk(state)
    assert [step.place for step in steps] == list(range(10)) and state.ended
    assert shown(steps[9], "sub") == people[1].user_id
    assert shown(steps[1], "code_challenge") == shown(steps[0], "code_challenge")
    assert shown(steps[5], "state") == shown(steps[0], "state")
    assert [entry.type for entry in tenant.log] == ["s", "seacft"]


def test_consent_is_asked_once(state):
    """Then it is left out, with the reason and the setting; while it is asked, Next waits."""
    state.flow = "code"
    for _ in range(4):
        state.next()
    assert state.asking and not state.can_next and "first time" in state.step.note
    state.next()
    assert len(state.steps) == 4
    state.accept()
    assert state.step.place == 4 and not state.asking
    walk(state)
    state.restart()
    steps = walk(state)
    assert not steps[3].asks_consent and "has agreed to these scopes before" in steps[3].note and steps[3].setting


def test_consent_that_is_declined_ends_the_flow(tenant, state):
    """The browser brings the refusal back, with the rule, its setting and the repair."""
    state.flow = "code"
    steps = walk(state, answer=False)
    assert len(steps) == 5 and state.ended and not state.can_next
    assert (steps[4].outcome, steps[4].setting, shown(steps[4], "error")) == (
        "refused", "tenant.consent", "access_denied",
    )  # fmt: skip
    assert CALLBACK in steps[4].line and "consented=True" in steps[4].remedy
    assert "consented=False" in state.python
    assert tenant.log.page(0, 1, newest_first=True)[0].type == "fcoa"


def test_without_an_api_the_token_is_opaque(tenant, people, state):
    """It opens userinfo alone."""
    state.flow = "code"
    state.audience = state.apis[-1][1]
    steps = walk(state)
    assert "opaque" in steps[7].values[0].origin and "audience" not in [value.name for value in steps[1].values]
    assert (steps[8].line, shown(steps[9], "email")) == ("GET /userinfo", "ada@example.com")


def test_a_thief_revokes_the_family(tenant, people, state):
    """Rotation, a replay noticed, the log's code; and an access token that an API takes all the same."""
    state.flow = "refresh"
    steps = walk(state)
    assert [step.outcome for step in steps] == [
        "accepted", "", "accepted", "", "refused", "", "refused", "accepted",
    ]  # fmt: skip
    assert shown(steps[4], "log") == "ferrt" and steps[4].receiver == "thief"
    assert [len(step.family.tokens) for step in steps] == [1, 1, 2, 2, 2, 2, 2, 2]
    assert [step.family.revoked_at is None for step in steps] == [True] * 4 + [False] * 4
    assert tenant.families(people[1])[-1] == steps[7].family
    assert "Revoked, and accepted all the same" in steps[7].note


@pytest.mark.parametrize(
    ("refreshing", "why"),
    [({"rotation_type": "non-rotating"}, "without rotation"), ({"rotation_type": "rotating", "leeway": 60}, "leeway")],
)
def test_a_thief_whom_nobody_notices(tenant, people, state, refreshing, why):
    """As the application's settings have it."""
    tenant.applications.update(people[0], refresh_token=refreshing)
    state.flow = "refresh"
    steps = walk(state)
    assert (steps[4].outcome, steps[6].outcome) == ("undecided", "accepted") and why in steps[4].note
    assert steps[7].family.revoked_at is None


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        (lambda tenant, shop: tenant.apis.update(ORDERS, allow_offline_access=False), "api.allow_offline_access"),
        (
            lambda tenant, shop: tenant.applications.update(shop, grant_types=["authorization_code"]),
            "application.grant_types",
        ),
    ],
)
def test_without_a_refresh_token_the_setting_is_named(tenant, people, state, change, setting):
    """A login brings none where it is not allowed."""
    change(tenant, people[0])
    state.flow = "refresh"
    state.client_id = people[0].client_id
    state.audience = ORDERS
    [step] = walk(state)
    assert (step.outcome, step.setting) == ("refused", setting) and step.remedy


@pytest.mark.parametrize(
    ("arrange", "place", "setting"),
    [
        (lambda t, shop, ada, s: t.applications.update(shop, callbacks=[]), 2, "application.callbacks"),
        (lambda t, shop, ada, s: t.users.update(ada, blocked=True), 4, "user.blocked"),
        (lambda t, shop, ada, s: setattr(s, "client_id", next(iter(t.applications)).client_id), 2, ""),
    ],
)
def test_a_rule_that_refuses_ends_the_code_flow(tenant, people, state, arrange, place, setting):
    """The step shows the rule's sentence, its setting and the repair."""
    state.flow = "code"
    state.client_id = people[0].client_id
    arrange(tenant, *people, state)
    step = walk(state)[-1]
    assert (step.place, step.outcome) == (place, "refused") and state.ended
    assert step.setting == (setting or step.trace.refusing.setting) and step.remedy and "Refused by rule" in step.note


def test_a_code_that_waited_too_long(tenant, state):
    """The clock was moved between two steps."""
    state.flow = "code"
    while not state.asking:
        state.next()
    state.accept()
    tenant.clock.advance(minutes=2)
    assert walk(state)[-1].setting == "tenant.clock"


def test_an_access_token_that_waited_too_long(tenant, state):
    """The API refuses, by the check."""
    state.next()
    state.next()
    tenant.clock.advance(days=2)
    step = walk(state)[-1]
    assert (step.line, step.setting, shown(step, "code")) == ("HTTP 401", "check exp", "exp.expired")


def test_a_scope_that_is_not_granted(tenant, state):
    """Client credentials refuse it."""
    state.scope = "write:orders"
    steps = walk(state)
    assert len(steps) == 2 and steps[1].setting == "client_grant.scope" and shown(steps[0], "scope") == "write:orders"


def test_back_undoes_nothing(tenant, state):
    """It shows the same message again; forth again, nothing is sent twice."""
    steps = walk(state)
    entries = len(tenant.log)
    for at in (3, 2, 1, 0):
        state.back()
        assert state.step is steps[at] and state.can_next
    assert not state.can_back
    state.back()
    assert state.at == 0
    assert walk(state) == steps and state.step is steps[4] and len(tenant.log) == entries


def test_back_while_consent_is_asked(state):
    """The question waits, and comes again."""
    state.flow = "code"
    while not state.asking:
        state.next()
    state.back()
    assert not state.asking and state.can_next
    state.accept()
    assert state.at == 2
    state.next()
    assert state.asking


def test_restart_begins_a_new_run(tenant, state):
    """What the one before brought stays."""
    state.flow = "refresh"
    walk(state)
    state.restart()
    assert (state.steps, state.at, state.step, state.ended) == ((), -1, None, False) and state.can_next
    walk(state)
    assert len(tenant.families()) == 2


def test_another_choice_begins_a_new_run(tenant, state):
    """Of flow, application, API, user or scopes; what is typed for one flow is not for another."""
    walk(state)
    state.scope = "read:orders"
    assert state.steps == ()
    state.next()
    state.flow = "code"
    assert state.steps == () and state.scope == "" and state.client_id != next(iter(tenant.applications)).client_id


@pytest.mark.parametrize("flow", PLOTS)
def test_what_is_lacking_is_created_by_a_click(flow, send, run):
    """And by its Python and its requests; then the flow runs to its end."""
    with training_tenant() as tenant, training_tenant() as twin, training_tenant() as other:
        state = FlowsState(tenant)
        state.flow = flow
        assert state.lacking and not state.can_next
        state.create()
        assert state.done.startswith("Created: ") and state.failure is None and state.lacking == ()
        python, http = state.python, state.http
        run(python, twin)
        assert [response.status_code // 100 for response in send(http, other)] == [2] * http.count("Host:")
        for one in (twin, other):
            assert lacking(flow, one) == () and list(one.applications) == list(tenant.applications)
            assert list(one.apis) == list(tenant.apis) and list(one.client_grants) == list(tenant.client_grants)
        assert walk(state)[-1].outcome == "accepted" and state.ended
        assert python not in state.python


def test_nothing_is_created_without_the_click(tenant):
    """Looking at each flow changes nothing."""
    before = (len(tenant.apis), len(tenant.applications), len(tenant.users))
    state = FlowsState(tenant)
    for flow in PLOTS:
        state.flow = flow
        state.next()
    assert (len(tenant.apis), len(tenant.applications), len(tenant.users)) == before


def test_the_run_of_client_credentials_as_code(tenant, twin, run, send, state):
    """Python gives the same claims, the requests the same token."""
    steps = walk(state)
    claims = run(state.python, twin)["_"]
    assert claims["scope"] == shown(steps[4], "scope") and claims["sub"] == shown(steps[4], "sub")
    token, keys = send(state.http, twin)
    application = next(iter(tenant.applications))
    mine = tenant.request_token(ClientCredentials(application, audience=ORDERS))
    assert token.json()["access_token"] == mine.access_token and keys.json() == tenant.jwks


@pytest.mark.parametrize("opaque", [False, True])
def test_the_run_of_the_code_flow_as_code(tenant, twin, people, run, send, state, opaque):
    """Python gives the same claims; the requests lead to the login page, and with a code to tokens."""
    state.flow = "code"
    if opaque:
        state.audience = state.apis[-1][1]
    steps = walk(state)
    claims = run(state.python, twin)["_"]
    assert claims["sub"] == shown(steps[9], "sub")
    page, *_ = send(state.http.replace("CODE_CHALLENGE", code_challenge(VERIFIER)), twin)
    assert page.status_code == 200 and "password" in page.text
    cast = state._cast
    code = twin.authorize(flow_code.request_for(cast, flow_code.asked(cast), VERIFIER, "s", "n"), people[1], True).code
    filled = state.http.replace("CODE_VERIFIER", VERIFIER).replace("code=CODE&", f"code={code}&")
    assert send(filled, twin)[1].json()["scope"] == shown(steps[7], "scope")


def test_the_run_of_the_refresh_flow_as_code(tenant, twin, people, run, send, state, capsys):
    """Python ends with the same family; the request with a refresh token brings a new one."""
    state.flow = "refresh"
    steps = walk(state)
    family = run(state.python, twin)["_"]
    assert family == steps[7].family and "first_use" in capsys.readouterr().out
    cast = state._cast
    request = flow_code.request_for(cast, flow_refresh.asked(cast), VERIFIER, "s", "n")
    issued = flow_code.redeem(
        type(cast)(**{**vars(cast), "tenant": twin}), twin.authorize(request, people[1], True).code, VERIFIER
    )
    assert issued.refresh_token is not None
    old = issued.refresh_token.reveal()
    answer = send(state.http.replace("REFRESH_TOKEN", old), twin)[2]
    assert answer.status_code == 200 and answer.json()["refresh_token"] != old


def heard(tenant):
    """All tokens that the tenant issues from now on."""
    issued, original = [], tenant.request_token

    def request_token(request):
        issued.append(original(request))
        return issued[-1]

    tenant.request_token = request_token
    return issued


def test_no_secret_and_no_live_token_is_in_the_state(tenant, people, state):
    """Neither client secret nor code, verifier, access token or refresh token, in any flow."""
    issued = heard(tenant)
    for flow in PLOTS:
        state.flow = flow
        walk(state)
        held = repr(state.trait_values())
        live = [one.access_token for one in issued] + [one.id_token for one in issued if one.id_token]
        live += [one.refresh_token.reveal() for one in issued if one.refresh_token]
        live += [one.client_secret.reveal() for one in tenant.applications if one.client_secret]
        assert len(issued) >= 1 and not any(secret in held for secret in live)


def test_an_hs256_api_fetches_no_keys(tenant, state):
    """It holds the secret itself, which is not shown."""
    state.audience = "https://stock.example/"
    steps = walk(state)
    assert steps[3].line == "Nothing is fetched" and steps[4].outcome == "accepted"
    assert tenant.apis.get("https://stock.example/").signing_secret.reveal() not in repr(steps)


def test_who_is_gone_is_a_failure(tenant, people, state):
    """Deleted between two steps: said, not raised, and the flow ends."""
    state.flow = "code"
    state.next()
    state.next()
    tenant.users.delete(people[1])
    state.next()
    assert state.failure.code == "id.unknown" and state.ended
    state.restart()
    assert state.failure is None and state.lacking == ("a user",) and not state.can_next


def test_a_closed_tenant_is_reported_not_raised(tenant, state):
    """By every click, in every flow."""
    tenant.close()
    for flow in PLOTS:
        state.flow = flow
        for click in (state.next, state.back, state.create, state.restart, state.accept, state.decline, state.refresh):
            click()
            assert state.failure is not None and state.failure.code == "storage.closed"
