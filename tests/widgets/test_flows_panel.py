"""The stepper as a view: one message a step, the actors in words too, names as text, secrets nowhere."""

import json
import re

import ipywidgets
import pytest

import authkit
from authkit.widgets.panels.actors import actors, words
from authkit.widgets.states.flow_steps import CALLBACK

ORDERS = "https://orders.example/"
MARKUP = "&<img src=x onerror=alert(1)>"
NAMES = ("user", "browser", "application", "tenant", "API")


@pytest.fixture
def shop(tenant):
    tenant.apis.update(ORDERS, allow_offline_access=True)
    tenant.users.create(email="ada@example.com", password="correct horse battery")
    rotating = {"rotation_type": "rotating"}
    return tenant.applications.create(name="Shop", app_type="spa", callbacks=[CALLBACK], refresh_token=rotating)


@pytest.fixture
def panel(tenant, shop):
    return authkit.widgets.flows(tenant)


def control(panel, inside, description):
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def press(panel, inside, *names):
    for name in names:
        control(panel, inside, name).click()


def html(panel, inside):
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def text(panel, inside):
    return " ".join(re.sub(r"<[^>]*>", " ", html(panel, inside)).split())


def test_next_and_back_show_one_message_each(panel, inside):
    """With its actors, its line, its values and where they came from; the step in sight is marked."""
    assert "Not begun" in html(panel, inside) and control(panel, inside, "Back").disabled
    press(panel, inside, "Next")
    assert "1. Token request: application → tenant" in html(panel, inside)
    assert "grant_type client_credentials fixed: names this grant" in text(panel, inside)
    press(panel, inside, "Next")
    assert "The message goes from tenant to application." in html(panel, inside)
    assert "POST /oauth/token" not in text(panel, inside).partition("Python")[0]
    press(panel, inside, "Back")
    assert re.search(r'<li aria-current="step">✔ 1. Token request', html(panel, inside))
    assert "✔ 2. Token response" in html(panel, inside) and "· 3. API call" in html(panel, inside)
    press(panel, inside, "Restart")
    assert "Not begun" in html(panel, inside)


def test_consent_is_an_inline_step(panel, inside):
    """Accept and Decline are there while it is asked, and Next waits."""
    control(panel, inside, "Flow").value = "code"
    accept = control(panel, inside, "Accept")
    question = next(box for box in inside(panel) if isinstance(box, ipywidgets.HBox) and accept in box.children)
    press(panel, inside, "Next", "Next", "Next")
    assert question.layout.display == "none"
    press(panel, inside, "Next")
    assert question.layout.display is None and control(panel, inside, "Next").disabled
    assert "api.skip_consent_for_verifiable_first_party_clients" in html(panel, inside)
    press(panel, inside, "Decline")
    assert question.layout.display == "none"
    said = text(panel, inside)
    assert "✘ REFUSED" in said and "Repair: The user has to agree" in said and "setting tenant.consent" in said


def test_the_family_is_a_tree(panel, inside):
    """Which token replaced which, the newest, revoked; as it was at the step in sight."""
    control(panel, inside, "Flow").value = "refresh"
    press(panel, inside, "Next", "Next", "Next")
    assert "token 1: from the login, used 09:00:00 token 2: replaced token 1, not replaced , newest" in text(
        panel, inside
    )
    press(panel, inside, "Next", "Next")
    assert "✘ revoked: none of them works" in html(panel, inside) and "ferrt" in html(panel, inside)
    press(panel, inside, "Back")
    assert "✔ works" in html(panel, inside) and "revoked: none" not in html(panel, inside)


def test_the_rules_behind_an_answer(panel, inside):
    """Numbered, with what each saw; a request has none."""
    press(panel, inside, "Next")
    assert "No rule decides this message" in html(panel, inside)
    press(panel, inside, "Next")
    assert "5. ✔ passed scope Are all scopes asked for granted?" in text(panel, inside)


def test_what_is_lacking_is_offered(inside):
    """The button is there only where something is; it says what it created."""
    with authkit.training_tenant() as tenant:
        panel = authkit.widgets.flows(tenant)
        create = control(panel, inside, "Create what is lacking")
        box = next(one for one in inside(panel) if isinstance(one, ipywidgets.HBox) and create in one.children)
        assert box.layout.display is None and "an API of your own" in html(panel, inside)
        create.click()
        assert box.layout.display == "none"
        assert "Created: the API Orders, the application Nightly report" in html(panel, inside)


def test_the_user_is_a_choice_of_flows_that_have_one(panel, inside):
    """Without one, the user and the browser stay in sight as missing."""
    user = control(panel, inside, "User")
    assert user.layout.display == "none" and "no user, no browser, application" in html(panel, inside)
    control(panel, inside, "Flow").value = "code"
    assert user.layout.display is None and "Actors: user, browser, application, tenant, API." in html(panel, inside)


def test_the_arrow_runs_between_the_two():
    """From middle to middle, either way; the same in words."""
    right, left = actors(NAMES, (), "browser", "tenant"), actors(NAMES, (), "tenant", "user")
    assert "authkit-rightwards" in right and "grid-column:4/8" in right
    assert "authkit-leftwards" in left and "grid-column:2/8" in left
    assert "↻" in actors(NAMES, (), "application", "application")
    assert words(NAMES, ("user",)) == "Actors: no user, browser, application, tenant, API. No message yet."


def test_names_are_text(tenant, shop, panel, inside):
    """Of APIs, applications and scopes, in every flow."""
    odd = tenant.apis.create(identifier=MARKUP, allow_offline_access=True)
    tenant.client_grants.create(next(iter(tenant.applications)), odd)
    tenant.applications.update(shop, name="&amp;")
    for flow in ("client_credentials", "code", "refresh"):
        control(panel, inside, "Flow").value = flow
        panel.state.audience = MARKUP
        control(panel, inside, "Scopes").value = "openid <img/src=x>"
        for _ in range(11):
            press(panel, inside, "Next", "Accept")
            assert "<img" not in html(panel, inside)


def test_half_a_surrogate_pair_can_be_sent_back(panel, inside):
    """In the scopes of every flow."""
    for flow in ("client_credentials", "code", "refresh"):
        control(panel, inside, "Flow").value = flow
        control(panel, inside, "Scopes").value = "half \ud800"
        press(panel, inside, *["Next"] * 3)
        html(panel, inside).encode()


def test_no_widget_holds_a_secret_or_a_live_token(tenant, panel, inside):
    """In any flow, at any step."""
    issued, original = [], tenant.request_token

    def request_token(request):
        issued.append(original(request))
        return issued[-1]

    tenant.request_token = request_token
    held = ""
    for flow in ("client_credentials", "code", "refresh"):
        control(panel, inside, "Flow").value = flow
        for _ in range(10):
            press(panel, inside, "Next", "Accept")
            held += json.dumps([widget.get_state() for widget in inside(panel)], default=str)
    live = [one.access_token for one in issued] + [one.refresh_token.reveal() for one in issued if one.refresh_token]
    live += [one.client_secret.reveal() for one in tenant.applications if one.client_secret]
    assert len(live) >= 7 and "access_token" in held and not any(secret in held for secret in live)


def test_every_control_has_a_label(panel, inside):
    """Native ones, none that a keyboard cannot use; and the panel describes itself in one line."""
    kinds = (ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.Button)
    controls = [widget for widget in inside(panel) if isinstance(widget, kinds)]
    assert len(controls) == 13 and all(widget.description for widget in controls)
    assert repr(panel) == "Flows panel of the tenant https://training.authkit.example/"
