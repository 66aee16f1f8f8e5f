"""The clock strip as a view: it follows its state, escapes what it shows, and says so where time cannot be moved."""

import ipywidgets
import pytest

import authkit
from authkit import AuthKitError
from authkit.jose import sign

START = 1767603600


@pytest.fixture
def panel(tenant, token):
    return authkit.widgets.clock(tenant)


def control(panel, inside, description):
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def html(panel, inside):
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def test_it_shows_the_tenants_time_twice(panel, inside):
    """For people, and as NumericDate."""
    assert "<strong>2026-01-05 09:00:00 UTC</strong> = NumericDate 1767603600" in html(panel, inside)


@pytest.mark.parametrize(
    ("press", "moved"), [("Advance", 3600), ("Just before exp", 86399), ("At exp", 86400), ("A day later", 86400)]
)
def test_every_button_moves_the_clock(tenant, panel, inside, press, moved):
    """And the strip shows it."""
    control(panel, inside, press).click()
    assert tenant.clock.now() == START + moved
    assert f"NumericDate {START + moved}" in html(panel, inside)
    control(panel, inside, "Reset").click()
    assert f"NumericDate {START}" in html(panel, inside)


def test_a_cell_may_move_the_clock(tenant, panel, inside):
    """Seen when the button for it is pressed."""
    tenant.clock.advance(hours=1)
    control(panel, inside, "Look again").click()
    assert "10:00:00" in html(panel, inside)


def test_a_refused_number_is_said_in_the_strip(tenant, panel, inside):
    """The clock's own rule, in words."""
    control(panel, inside, "Seconds to advance").value = "-5"
    assert "A clock is advanced by a positive span" in html(panel, inside)
    control(panel, inside, "Advance").click()
    assert tenant.clock.now() == START


def test_the_presets_without_a_token_say_so(inside):
    """In the strip, with the repair."""
    with authkit.training_tenant() as tenant:
        panel = authkit.widgets.clock(tenant)
        control(panel, inside, "At exp").click()
        assert "NOT MOVED" in html(panel, inside)


def test_a_system_clock_has_no_buttons(inside):
    """Only its time, and why there is nothing to press."""
    with authkit.Tenant.open() as tenant:
        panel = authkit.widgets.clock(tenant)
        pressable = [widget.description for widget in inside(panel) if isinstance(widget, ipywidgets.Button)]
        assert pressable == ["▸ Show the code"]
        assert "cannot be moved" in html(panel, inside)


def test_nothing_typed_or_given_becomes_markup(tenant, inside):
    """Neither in the field nor in a token."""
    markup = "<img src=x onerror=alert(1)>"
    for token in (markup, sign({"exp": markup}, tenant.keys.current, alg="RS256")):
        panel = authkit.widgets.clock(tenant, token)
        control(panel, inside, "Seconds to advance").value = markup
        control(panel, inside, "At exp").click()
        assert "<img" not in html(panel, inside)
        control(panel, inside, "Seconds to advance").value = "half \ud800"
        html(panel, inside).encode("utf-8")


def test_it_describes_itself_in_one_line(panel):
    """As text in a saved notebook."""
    assert repr(panel) == "Clock panel of the tenant https://training.authkit.example/"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda tenant: authkit.widgets.clock(None), "panel.no_tenant"),
        (lambda tenant: authkit.widgets.clock(tenant, b"a.b.c"), "panel.token_not_text"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(tenant, make, code):
    """Said at once."""
    with pytest.raises(AuthKitError) as refused:
        make(tenant)
    assert refused.value.code == code
