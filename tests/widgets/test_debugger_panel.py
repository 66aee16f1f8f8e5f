"""The debugger as a view: keys of every kind, two sides that share a token and nothing else, and no secret in sight."""

import json

import ipywidgets
import pytest
from ipywidgets.embed import embed_data

import authkit

MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>&"
SECRET = "correct horse battery staple, 32 bytes and more"


@pytest.fixture
def panel(tenant, token):
    return authkit.widgets.debugger(tenant, "https://orders.example/", token)


@pytest.fixture
def get(panel, inside):
    """A control by its description."""
    return lambda description: next(w for w in inside(panel) if getattr(w, "description", None) == description)


@pytest.fixture
def html(panel, inside):
    return lambda: "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def states(panel, inside):
    shown = json.dumps(embed_data(views=[panel])) + json.dumps(ipywidgets.Widget.get_manager_state())
    return shown + json.dumps([widget.get_state() for widget in inside(panel)], default=str)


def test_only_the_controls_of_the_chosen_kind_are_in_sight(panel, get):
    """One for what is chosen, none for the rest."""
    owners = {"Verify for": "api", "Material": "pem", "Shared secret": "secret"}
    for kind in ("api", "pem", "secret"):
        get("Keys").value = kind
        assert {name for name in owners if get(name).layout.display != "none"} == {
            name for name, owner in owners.items() if owner == kind
        }


def test_what_is_pasted_stays_in_sight(tenant, get, html):
    """A public key is no secret."""
    get("Keys").value = "pem"
    assert "No keys yet" in html()
    get("Material").value = tenant.keys.current.public_pem
    assert "ACCEPTED" in html()
    assert get("Material").value == tenant.keys.current.public_pem


def test_what_is_secret_leaves_its_control(panel, get, html, inside):
    """Typed or pasted: it moves to the kernel, and only its length is shown."""
    get("Keys").value = "secret"
    get("Shared secret").value = SECRET
    assert get("Shared secret").value == ""
    assert f"Held in the kernel: {len(SECRET)} characters, masked" in html()
    get("Keys").value = "jwk"
    secret_jwk = json.dumps({"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"})
    for _ in range(2):  # the second time nothing about the state changes
        get("Material").value = secret_jwk
        assert get("Material").value == ""
    get("Sign with").value = "typed"
    get("Signing secret").value = SECRET
    assert get("Signing secret").value == ""
    get("Sign").click()
    shown = states(panel, inside)
    assert panel.encode.token in shown
    assert SECRET not in shown and "c2VjcmV0" not in shown


def test_the_secrets_of_the_tenant_stay_with_it(tenant, panel, get, inside):
    """Signed with an API's secret: the token is shown, the secret is not."""
    get("Sign with").value = "api:https://stock.example/"
    get("Sign").click()
    assert panel.encode.token
    secret = tenant.apis.get("https://stock.example/").signing_secret
    assert secret.reveal() not in states(panel, inside)
    assert "PRIVATE KEY" not in states(panel, inside)


def test_the_button_names_the_host_that_it_asks(get):
    """Without a host it asks nobody."""
    get("Keys").value = "url"
    fetch = get("Fetch")
    assert fetch.disabled
    get("JWKS URL").value = "https://issuer.example/.well-known/jwks.json"
    assert (fetch.description, fetch.disabled) == ("Fetch from issuer.example", False)


def test_what_leaves_the_machine_is_said(get, html):
    """Plainly, and only where something might."""
    assert "Nothing leaves this machine." in html()
    get("Keys").value = "url"
    assert "Nothing leaves this machine unless you press Fetch" in html()


def test_the_token_alone_is_taken_over(panel, get, html):
    """Its verdict is that of the other side's keys."""
    assert get("Take to Verify").disabled
    get("Payload").value = json.dumps({"iss": "https://elsewhere.example/"})
    get("Sign").click()
    assert "SIGNED with the tenant’s current key" in html()
    keys = panel.state.kind
    get("Take to Verify").click()
    assert get("Token").value == panel.encode.token
    assert panel.state.kind == keys
    assert "iss.mismatch" in html()


def test_only_the_chosen_side_is_in_front(panel, get, inside):
    """And taking a token over turns to the other."""
    tabs = next(widget for widget in inside(panel) if isinstance(widget, ipywidgets.Tab))
    assert tabs.titles == ("Verify", "Encode")
    tabs.selected_index = 1
    get("Sign").click()
    get("Take to Verify").click()
    assert tabs.selected_index == 0


def test_claims_are_explained_and_their_trust_is_said(panel, get, html, token):
    """What a claim means, how far off it is, and whether anyone vouches for it."""
    assert "expires in 24 h" in html()
    assert "what the holder may ask the API for" in html()
    assert "Claims, verified" in html()
    get("Token").value = authkit.attacks.edit_payload(token, sub="the-boss")
    assert "Claims, NOT verified" in html()


def test_the_clock_moves_what_is_said_of_times(tenant, panel, html):
    """On the tenant's clock."""
    tenant.clock.advance(hours=25)
    panel.state.refresh()
    assert html().count("expired 1 h ago") == 2  # in the payload’s card, and where the claims are explained


def test_nothing_typed_becomes_markup(get, html):
    """In any control of either side; half a surrogate pair can be sent back."""
    for kind in ("jwks", "jwk", "pem", "secret", "base64url", "url"):
        get("Keys").value = kind
        for name in ("Material", "Shared secret", "JWKS URL", "Issuer", "Audience", "Algorithms", "Token"):
            for text in (MARKUP, "\ud800"):
                get(name).value = text
                assert "<script" not in html() and "<img" not in html()
                html().encode("utf-8")
    for name in ("Header", "Payload"):
        for text in (MARKUP, json.dumps({"alg": MARKUP, MARKUP: MARKUP}), "\ud800"):
            get(name).value = text
            get("Sign").click()
            assert "<script" not in html() and "<img" not in html()
            html().encode("utf-8")
