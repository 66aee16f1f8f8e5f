"""The tenant's models. Their constraints are the rules; HTTP, widgets and lessons read the same ones."""

from authkit.registry.models.api import MAX_LIFETIME, Api, Scope, SigningAlg, TokenDialect
from authkit.registry.models.application import CONFIDENTIAL, DEFAULT_GRANT_TYPES, Application, RefreshTokens
from authkit.registry.models.base import Model, Rule
from authkit.registry.models.client_grant import ClientGrant
from authkit.registry.models.user import Permission, Role, User

__all__ = [
    "CONFIDENTIAL", "DEFAULT_GRANT_TYPES", "MAX_LIFETIME", "Api", "Application", "ClientGrant", "Model", "Permission",
    "RefreshTokens", "Role", "Rule", "Scope", "SigningAlg", "TokenDialect", "User",
]  # fmt: skip
