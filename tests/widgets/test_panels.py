"""The panels as views: they follow their state, escape what they show, and keep secrets out of it."""

import gc
import itertools
import json
import re
import subprocess
import sys
from typing import Any

import ipywidgets
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ipywidgets.embed import embed_data
from ipywidgets.widgets.widget import _instances

import authkit
from authkit import AuthKitError, Tenant
from authkit.widgets.states.news import _listeners

MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>&"
SURROGATE = "half \ud800"


def control(panel: Any, inside: Any, description: str) -> Any:
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def html(panel: Any, inside: Any) -> str:
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


@pytest.fixture
def form(tenant):
    return authkit.widgets.create_api(tenant)


@pytest.fixture
def debugger(tenant, token):
    return authkit.widgets.debugger(tenant, "https://orders.example/", token)


def test_the_form_creates_an_api_from_its_controls(tenant, form, inside):
    """Typed, chosen, clicked."""
    control(form, inside, "Name").value = "Billing"
    control(form, inside, "Identifier").value = "https://billing.example/"
    control(form, inside, "Signing algorithm").value = "HS256"
    control(form, inside, "Token expiration (seconds)").value = "60"
    control(form, inside, "Scopes").value = "read:bills  Read bills"
    control(form, inside, "Allow offline access").value = True
    control(form, inside, "Create API").click()
    api = tenant.apis.get("https://billing.example/")
    assert (api.name, api.signing_alg, api.token_lifetime) == ("Billing", "HS256", 60)
    assert (api.scope_values, api.allow_offline_access) == (("read:bills",), True)
    assert api.id in html(form, inside)
    assert control(form, inside, "Identifier").value == ""


def test_a_problem_stands_next_to_its_field(form, inside):
    """In the box of the control that is at fault, and in no other."""
    name = control(form, inside, "Name")
    name.value = "a<b"
    field = next(box for box in inside(form) if isinstance(box, ipywidgets.Box) and name in box.children)
    assert "may not hold" in html(field, inside)
    other = control(form, inside, "Identifier")
    field = next(box for box in inside(form) if isinstance(box, ipywidgets.Box) and other in box.children)
    assert "must" not in html(field, inside)


def test_the_debugger_follows_its_controls(debugger, inside):
    """Token and API, and a click that brings the token back."""
    control(debugger, inside, "Token").value = "a.b"
    assert "form.segments" in html(debugger, inside)
    control(debugger, inside, "Reset").click()
    assert "ACCEPTED" in html(debugger, inside)
    control(debugger, inside, "Verify for").value = "https://stock.example/"
    assert debugger.state.identifier == "https://stock.example/"
    assert "REFUSED" in html(debugger, inside)


def test_the_debugger_names_what_it_expects(debugger, inside):
    """Issuer, audience and algorithm are in sight, whatever the token says."""
    control(debugger, inside, "Token").value = "x"
    shown = html(debugger, inside)
    assert "expected issuer" in shown
    assert "expected audience" in shown
    assert "expected algorithm" in shown


def test_a_new_api_is_a_new_choice_and_changes_no_other(form, debugger, inside):
    """The Dropdown is filled anew and keeps what was chosen."""
    choice = control(debugger, inside, "Verify for")
    control(form, inside, "Identifier").value = "https://new.example/"
    control(form, inside, "Create API").click()
    assert "https://new.example/" in [identifier for _, identifier in choice.options]
    assert choice.value == debugger.state.identifier == "https://orders.example/"


def test_times_are_readable(debugger, inside):
    """The date stands beside the number."""
    assert re.search(r"&quot;exp&quot;: 1767690000,<span[^>]*>  2026-01-06 09:00:00 UTC", html(debugger, inside))


@pytest.mark.parametrize("opened", [False, True])
def test_a_fold_keeps_its_state_while_its_content_changes(form, inside, opened):
    """Code that is read while typing stays open; code that is closed stays closed."""
    fold = next(widget for widget in inside(form) if getattr(widget, "description", "").endswith("Show the code"))
    if opened:
        fold.click()
    control(form, inside, "Name").value = "Billing"
    assert fold.description.endswith("Hide the code" if opened else "Show the code")


def test_nothing_typed_into_the_form_becomes_markup(form, inside):
    """Each text field, before and after a click; the identifier even as the name of an API."""
    for description in ("Name", "Identifier", "Token expiration (seconds)", "Scopes"):
        control(form, inside, description).value = MARKUP
    control(form, inside, "Create API").click()
    assert "<script" not in html(form, inside) and "<img" not in html(form, inside)
    control(form, inside, "Reset").click()
    control(form, inside, "Identifier").value = MARKUP
    control(form, inside, "Create API").click()
    assert form.state.created is not None
    assert "<script" not in html(form, inside) and "<img" not in html(form, inside)


@pytest.mark.parametrize("where", ["whole", "header", "payload", "member", "text"])
def test_nothing_in_a_token_becomes_markup(tenant, debugger, token, inside, where):
    """Not as it stands, nor what is decoded from it; and an API named by markup is text, too."""
    tenant.apis.create(identifier=MARKUP)
    head, body, signature = token.split(".")
    hidden = authkit.attacks.edit_payload(token, **{MARKUP: MARKUP, "exp": MARKUP})
    given = {
        "whole": MARKUP,
        "header": f"{MARKUP}.{body}.{signature}",
        "payload": f"{head}.{MARKUP}.{signature}",
        "member": hidden,
        "text": f"{head}.PHNjcmlwdD4.{signature}",
    }
    control(debugger, inside, "Token").value = given[where]
    control(debugger, inside, "Verify for").value = MARKUP
    control(debugger, inside, "Get a token").click()
    assert "<script" not in html(debugger, inside) and "<img" not in html(debugger, inside)


def test_half_a_surrogate_pair_can_be_sent_back(form, debugger, inside):
    """A browser can send one; what is shown of it must be UTF-8 again."""
    for description in ("Name", "Identifier", "Token expiration (seconds)", "Scopes"):
        control(form, inside, description).value = SURROGATE
    control(debugger, inside, "Token").value = f"{SURROGATE}.a.b"
    (html(form, inside) + html(debugger, inside)).encode("utf-8")


def test_no_secret_is_in_the_state_of_any_widget(tenant, form, debugger, inside):
    """After every action that touches one: an HS256 API created, and a token got for it."""
    control(form, inside, "Identifier").value = "https://secret.example/"
    control(form, inside, "Signing algorithm").value = "HS256"
    control(form, inside, "Create API").click()
    control(debugger, inside, "Verify for").value = "https://stock.example/"
    control(debugger, inside, "Get a token").click()
    secrets = [api.signing_secret.reveal() for api in tenant.apis if api.signing_secret is not None]
    secrets += [app.client_secret.reveal() for app in tenant.applications if app.client_secret is not None]
    assert len(secrets) == 3
    exported = json.dumps(embed_data(views=[form, debugger])) + json.dumps(ipywidgets.Widget.get_manager_state())
    states = json.dumps([widget.get_state() for widget in inside(form) + inside(debugger)], default=str)
    assert "Create API" in exported
    assert "Create API" in states
    for secret in [*secrets, "PRIVATE KEY"]:
        assert secret not in exported
        assert secret not in states


def test_panels_describe_themselves_in_one_line(form, debugger):
    """It is what a saved notebook holds as text: no identifier of a widget, no address."""
    assert repr(form) == "Create API panel of the tenant https://training.authkit.example/"
    assert repr(debugger) == "Token debugger panel of the tenant https://training.authkit.example/"


def test_every_control_has_a_visible_label(form, debugger, inside):
    """ipywidgets connects a description with its control."""
    kinds = (ipywidgets.Text, ipywidgets.Textarea, ipywidgets.Dropdown, ipywidgets.RadioButtons, ipywidgets.Checkbox)
    controls = [widget for panel in (form, debugger) for widget in inside(panel) if isinstance(widget, kinds)]
    assert len(controls) == 21
    assert all(widget.description for widget in controls)


def test_panels_are_made_of_plain_parts(form, debugger, inside):
    """None that a keyboard or a screen reader cannot use, and no Output, which strict comparison does not survive."""
    avoided = (ipywidgets.Accordion, ipywidgets.ToggleButtons, ipywidgets.Output)
    assert not [widget for panel in (form, debugger) for widget in inside(panel) if isinstance(widget, avoided)]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda tenant: authkit.widgets.create_api("https://training.authkit.example/"), "panel.no_tenant"),
        (lambda tenant: authkit.widgets.debugger(None, "https://orders.example/"), "panel.no_tenant"),
        (lambda tenant: authkit.widgets.debugger(tenant, "nope"), "id.unknown"),
        (lambda tenant: authkit.widgets.debugger(tenant, token=b"a.b.c"), "panel.token_not_text"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(tenant, make, code):
    """Said at once, not by a panel that does not work."""
    with pytest.raises(AuthKitError) as refused:
        make(tenant)
    assert refused.value.code == code


def test_without_ipywidgets_the_missing_extra_is_named():
    """One error with the line that installs it."""
    program = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "import authkit\n"
        "try: authkit.widgets\n"
        "except authkit.ConfigurationError as error: print(error.code, 'authkit[lab]' in error.remedy)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert result.stdout.strip() == "extra.missing True", result.stderr


TEXTS = st.sampled_from(
    ["", "a", "<", "https://a.example/", "https://a.example", "x" * 601, "0", "60", "soon", "read:a A"]
)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["Name", "Identifier", "Token expiration (seconds)", "Scopes"]), TEXTS),
    st.tuples(st.just("Identifier"), st.integers(0, 9).map(lambda number: f"https://{number}.example/")),
    st.tuples(st.just("Signing algorithm"), st.sampled_from(["RS256", "HS256"])),
    st.tuples(st.sampled_from(["Create API", "Create API", "Reset"]), st.none()),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(STEPS, min_size=50, max_size=50))
def test_state_controls_and_registry_agree_wherever_a_walk_leads(inside, walk):
    """Fifty steps: what is shown is what is held, and what is held is what was created."""
    with authkit.training_tenant() as tenant:
        form, debugger = authkit.widgets.create_api(tenant), authkit.widgets.debugger(tenant)
        state, controls = form.state, {name: control(form, inside, name) for name, _ in walk}
        created = 1
        for name, value in walk:
            if value is not None:
                controls[name].value = value
            else:
                good, identifier = state.ready, state.identifier
                controls[name].click()
                if name == "Create API" and good:
                    created += 1
                    assert state.created == tenant.apis.get(identifier)
            agree(tenant, state, controls)
            assert len(tenant.apis) == created
            assert debugger.state.known == state.known
        assert len({api.identifier for api in tenant.apis}) == created


def agree(tenant: Tenant[Any], state: Any, controls: dict[str, Any]) -> None:
    held = {
        "Name": state.name,
        "Identifier": state.identifier,
        "Token expiration (seconds)": state.token_lifetime,
        "Scopes": state.scopes,
        "Signing algorithm": state.signing_alg,
    }
    assert {name: widget.value for name, widget in controls.items() if name in held} == {
        name: held[name] for name in controls if name in held
    }
    assert state.known == tuple(api.identifier for api in tenant.apis)
    assert state.ready == (not state.problems)
    assert set(state.shown) <= set(state.problems)
    assert state.failure is None


@pytest.mark.parametrize("kind", ["clock", "apis", "debugger", "flows", "keys", "roles", "signing", "dashboard"])
def test_a_panel_that_is_closed_follows_the_tenant_no_more(tenant: Tenant[Any], kind: str) -> None:
    """Neither its widgets nor its state are kept by anything."""
    kept = len(_instances)
    panel = getattr(authkit.widgets, kind)(tenant)
    assert len(_instances) > kept and _listeners[tenant]
    panel.close()
    del panel
    gc.collect()
    assert len(_instances) == kept and not _listeners[tenant]


def test_a_cell_that_is_run_again_ends_its_panels(
    tenant: Tenant[Any], shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that the run before made, and none of this run or of another cell."""

    def run(cell: str, times: int = 1) -> list[Any]:
        parent = {"header": {"msg_id": str(next(runs))}, "metadata": {"cellId": cell}}
        monkeypatch.setattr(shell, "get_parent", lambda: parent, raising=False)
        return [authkit.widgets.clock(tenant) for _ in range(times)]

    runs = itertools.count()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    (other,) = run("other")
    first, second = run("this", times=2)
    assert first.comm is not None and second.comm is not None
    (third,) = run("this")
    assert first.comm is None and second.comm is None
    assert third.comm is not None and other.comm is not None


def test_a_panel_of_a_cell_that_is_closed_is_kept_by_nobody(
    tenant: Tenant[Any], shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That its cell could be run again is no reason to go on listening."""
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    parent = {"header": {"msg_id": "1"}, "metadata": {"cellId": "closed"}}
    monkeypatch.setattr(shell, "get_parent", lambda: parent, raising=False)
    authkit.widgets.clock(tenant).close()
    gc.collect()
    assert not _listeners[tenant]
