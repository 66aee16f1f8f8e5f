"""HS256 and RS256 side by side as a view: it follows its state and holds no secret."""

import json
import re

import ipywidgets
import pytest
from ipywidgets.embed import embed_data

import authkit
from authkit import AuthKitError
from authkit.widgets.states.signing_parties import _new_secret


@pytest.fixture
def panel(tenant):
    return authkit.widgets.signing(tenant)


def control(panel, inside, description):
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def leaks(panel, inside):
    return [widget for widget in inside(panel) if isinstance(widget, ipywidgets.RadioButtons)]


def html(panel, inside):
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def signs(panel, inside, number):
    """What stands in the row `sign` of one of the two tables, without markup."""
    rows = re.findall(r"<strong>sign</strong>(.*?)</tr>", html(panel, inside))
    return re.sub(r"<[^>]*>", " ", rows[number]).split()


def test_before_anyone_tries_the_reader_predicts(panel, inside):
    """Question marks, then the outcomes."""
    assert signs(panel, inside, 0) == ["?"] * 4
    control(panel, inside, "Let each party try").click()
    assert signs(panel, inside, 0) == ["✔", "yes", "✔", "yes", "✘", "no", "✘", "no"]
    assert signs(panel, inside, 1) == ["✔", "yes", "✘", "no", "✘", "no", "✘", "no"]


def test_a_leak_and_its_repair(panel, inside):
    """Broken, repaired, and what it cost, in each column."""
    hs, rs = leaks(panel, inside)
    control(panel, inside, "Deployments").value = "12"
    hs.value, rs.value = "secret", "private"
    assert html(panel, inside).count("BROKEN: the attacker can sign") == 2
    control(panel, inside, "Repair: new secret").click()
    control(panel, inside, "Repair: rotate and revoke").click()
    assert html(panel, inside).count("REPAIRED: forged token refused") == 2
    assert "✘ costs 12 deployments" in html(panel, inside)
    assert "✔ costs 0 deployments" in html(panel, inside)
    control(panel, inside, "Reset").click()
    assert [hs.value, rs.value, control(panel, inside, "Deployments").value] == ["nothing", "nothing", "3"]
    assert "BROKEN" not in html(panel, inside) and "REPAIRED" not in html(panel, inside)


def test_only_what_is_broken_can_be_repaired(panel, inside):
    """A public key that leaks is no damage."""
    _, rs = leaks(panel, inside)
    rotate = control(panel, inside, "Repair: rotate and revoke")
    rs.value = "public"
    assert rotate.disabled and "SAFE: forged token refused" in html(panel, inside)
    rs.value = "private"
    assert not rotate.disabled
    assert control(panel, inside, "Repair: new secret").disabled


def test_a_wrong_number_is_said_under_its_field(panel, inside):
    """With the rule and an example."""
    control(panel, inside, "Deployments").value = "many"
    field = next(box for box in inside(panel) if "authkit-deployments" in box._dom_classes)
    assert "a whole number from 1 to 1000" in html(field, inside)


def test_the_copies_are_announced(panel, inside):
    """Nobody need fear for their tenant."""
    assert "Your tenant stays as it is." in html(panel, inside)


def test_nothing_typed_becomes_markup(panel, inside):
    """Nor does half a surrogate pair stop anything."""
    control(panel, inside, "Deployments").value = "<img src=x onerror=alert(1)>"
    assert "<img" not in html(panel, inside)
    control(panel, inside, "Deployments").value = "\ud800"
    html(panel, inside).encode("utf-8")


def test_no_secret_is_in_the_state_of_any_widget(tenant, panel, inside, run):
    """After everything was leaked and repaired: neither a secret of the copies nor a private key."""
    control(panel, inside, "Let each party try").click()
    hs, rs = leaks(panel, inside)
    hs.value, rs.value = "secret", "private"
    control(panel, inside, "Repair: rotate and revoke").click()
    control(panel, inside, "Repair: new secret").click()
    shown = json.dumps(embed_data(views=[panel]))
    shown += json.dumps([widget.get_state() for widget in inside(panel)], default=str)
    apis = run(_HS_COPY, tenant)["copy"].apis
    secrets = [api.signing_secret.reveal() for api in apis if api.signing_secret is not None]
    assert len(secrets) == 1
    for secret in [*secrets, _new_secret().reveal(), "PRIVATE KEY"]:
        assert secret not in shown


_HS_COPY = """\
copy = authkit.training_tenant()
copy.apis.create(identifier="https://orders-hs256.example/", signing_alg="HS256")"""


def test_every_control_has_a_visible_label(panel, inside):
    """ipywidgets connects a description with its control."""
    kinds = (ipywidgets.Text, ipywidgets.RadioButtons)
    controls = [widget for widget in inside(panel) if isinstance(widget, kinds)]
    assert len(controls) == 3
    assert all(widget.description for widget in controls)


def test_it_describes_itself_in_one_line(panel):
    """As text in a saved notebook."""
    assert repr(panel) == "HS256 and RS256 panel of the tenant https://training.authkit.example/"


def test_a_wrong_argument_is_one_clear_error():
    """Said at once."""
    with pytest.raises(AuthKitError) as refused:
        authkit.widgets.signing(None)
    assert refused.value.code == "panel.no_tenant"


def test_a_leaked_public_key_is_said_though_it_changes_nothing(panel, inside):
    """The outcome is the same, the sentence is not."""
    leaks(panel, inside)[1].value = "public"
    assert "The attacker has the public key." in html(panel, inside)
