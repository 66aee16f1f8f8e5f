"""Every panel on one tenant: the clock above, the others in tabs, one of them in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import ipywidgets

from authkit.tenant import Tenant
from authkit.widgets.one_cell import close_all, ends_with_its_cell
from authkit.widgets.one_queue import in_order
from authkit.widgets.panels.apis import ApisPanel
from authkit.widgets.panels.clock import ClockPanel
from authkit.widgets.panels.debugger import DebuggerPanel
from authkit.widgets.panels.flows import FlowsPanel
from authkit.widgets.panels.keys import KeysPanel
from authkit.widgets.panels.roles import RolesPanel
from authkit.widgets.panels.signing import SigningPanel

PANELS: Final[Mapping[str, Callable[[Tenant[Any]], Any]]] = MappingProxyType(
    {
        "APIs": ApisPanel,
        "Debugger": DebuggerPanel,
        "HS256 and RS256": SigningPanel,
        "Keys": KeysPanel,
        "Flows": FlowsPanel,
        "Roles": RolesPanel,
    }
)
"""The tabs, in their order."""


_CSS: Final = """
.authkit-dashboard { max-width: 902px; gap: 6px; }
.authkit-dashboard .lm-TabBar-tab { color: var(--jp-ui-font-color1, #212121) !important; } /* Voilà's is too pale */
.authkit-dashboard > .widget-tab > .widget-tab-contents { padding: 0; border: none; }
.authkit-dashboard > .widget-tab > .widget-tab-contents > .widget-vbox { margin: 6px 0 0; }
"""


class DashboardPanel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets publishes no types
    """The whole of it in tabs. A panel is built when its tab is first opened, so that the first one is there at once.

    Attributes:
        panels: The panels that are built, by the title of their tab.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        self._tenant = tenant
        self.panels: dict[str, Any] = {}
        self._tabs = ipywidgets.Tab([ipywidgets.VBox() for _ in PANELS], titles=tuple(PANELS))
        self._tabs.observe(lambda change: self._build(change["new"]), "selected_index")
        self._build(0)
        super().__init__([ipywidgets.HTML(f"<style>{_CSS}</style>"), ClockPanel(tenant), self._tabs])
        in_order(self.add_class("authkit-dashboard"))
        ends_with_its_cell(self)

    def close(self) -> None:
        """End it and all its panels."""
        close_all(self)

    def turn_to(self, title: str) -> Any:
        """Bring a tab to the front; its panel."""
        self._tabs.selected_index = tuple(PANELS).index(title)
        return self.panels[title]

    def _build(self, index: int | None) -> None:
        if index is None:  # a tab bar may have none selected for a moment
            return
        title = tuple(PANELS)[index]
        if title not in self.panels:
            self.panels[title] = PANELS[title](self._tenant)
            self._tabs.children[index].children = (self.panels[title],)

    def __repr__(self) -> str:
        return f"Dashboard of the tenant {self._tenant.issuer}"
