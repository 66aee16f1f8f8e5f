"""Panels on one tenant hear of each other's changes."""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from authkit.tenant import Tenant


class Listener(Protocol):
    """A state that can be told to look again."""

    def refresh(self) -> None:
        """Derive everything anew from the tenant as it is now."""
        ...


# Weak on both sides: a cell that is run again leaves its old panel behind, and nothing may keep a tenant alive.
_listeners: WeakKeyDictionary[Tenant[Any], WeakSet[Listener]] = WeakKeyDictionary()


def listen(tenant: Tenant[Any], listener: Listener) -> None:
    """Have a state refreshed whenever another panel changes this tenant."""
    _listeners.setdefault(tenant, WeakSet()).add(listener)


def tell(tenant: Tenant[Any]) -> None:
    """Say that this tenant has changed."""
    for listener in list(_listeners.get(tenant, ())):
        listener.refresh()
