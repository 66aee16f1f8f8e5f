"""Panels on one tenant hear of each other's changes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from authkit.tenant import Tenant


class Listener(Protocol):
    """A state that can be told to look again."""

    def refresh(self) -> None:
        """Derive everything anew from the tenant as it is now."""
        ...


# Weak on both sides: nothing here may keep a panel that was closed, or a tenant, alive.
_listeners: WeakKeyDictionary[Tenant[Any], WeakSet[Listener]] = WeakKeyDictionary()


def listen(tenant: Tenant[Any], listener: Listener) -> None:
    """Have a state refreshed whenever another panel changes this tenant."""
    _listeners.setdefault(tenant, WeakSet()).add(listener)


def tell(tenant: Tenant[Any]) -> None:
    """Say that this tenant has changed. The fault of one panel is raised once all the others have heard."""
    with ExitStack() as telling:
        for listener in list(_listeners.get(tenant, ())):
            telling.callback(listener.refresh)
