"""The Management API, `/api/v2`: the tenant's registry over HTTP, protected by its own tokens and our own verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authkit.http.management.app import Management
from authkit.http.management.certificates import add_certificates

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from authkit.tenant import Tenant

__all__ = ["add_management"]


def add_management(app: Starlette, tenant: Tenant[Any]) -> None:
    """Put the Management API and the signing certificates into a tenant's app."""
    add_certificates(app, tenant)
    app.add_middleware(Management, tenant=tenant)
