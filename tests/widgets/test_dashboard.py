"""The dashboard: every panel on one tenant, each built when it is first opened."""

from typing import Any

import ipywidgets
import pytest

import authkit
from authkit import ConfigurationError
from authkit.widgets.panels.dashboard import PANELS


@pytest.fixture
def dashboard(tenant: Any) -> Any:
    return authkit.widgets.dashboard(tenant)


def test_only_the_first_panel_is_built_at_first(dashboard: Any) -> None:
    """The others cost nothing until they are opened, and are then kept."""
    assert [*dashboard.panels] == ["APIs"]
    keys = dashboard.turn_to("Keys")
    dashboard.turn_to("APIs")
    assert dashboard.turn_to("Keys") is keys


def test_every_tab_opens(dashboard: Any, inside: Any) -> None:
    """And holds its panel; nothing is shared but the tenant."""
    for title in PANELS:
        panel = dashboard.turn_to(title)
        assert panel in inside(dashboard)
    assert len({id(panel) for panel in dashboard.panels.values()}) == len(PANELS)


def test_the_clock_is_followed_in_every_tab(tenant: Any, dashboard: Any, inside: Any) -> None:
    """The debugger's token expires when the strip above is advanced."""
    debugger = dashboard.turn_to("Debugger")
    debugger.state.get_token()
    assert debugger.state.verdict.outcome == "accepted"
    clock = next(widget for widget in inside(dashboard) if type(widget).__name__ == "ClockPanel")
    clock.state.seconds = str(25 * 3600)
    clock.state.advance()
    assert debugger.state.verdict.outcome == "refused"


def test_an_api_made_in_one_tab_is_in_the_others(tenant: Any, dashboard: Any) -> None:
    """Panels hear of each other."""
    debugger = dashboard.turn_to("Debugger")
    form = authkit.widgets.create_api(tenant)
    form.state.identifier = "https://new.example/"
    form.state.submit()
    assert "https://new.example/" in debugger.state.known


def test_it_is_words_in_a_saved_notebook(dashboard: Any) -> None:
    """The same on every machine."""
    assert repr(dashboard) == "Dashboard of the tenant https://training.authkit.example/"
    assert isinstance(dashboard, ipywidgets.VBox)


def test_it_needs_a_tenant() -> None:
    """And says so."""
    with pytest.raises(ConfigurationError) as caught:
        authkit.widgets.dashboard("tenant")
    assert caught.value.code == "panel.no_tenant"
