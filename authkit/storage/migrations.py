"""The schema, as numbered steps. A step that was released never changes; a new one is added below it."""

from __future__ import annotations

from typing import Final

# Models are kept whole as JSON beside the columns that identify and link them: the rules live in the
# models, the database keeps what must be unique and what belongs together.
_FIRST = """
CREATE TABLE tenant (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    issuer TEXT NOT NULL,
    training INTEGER NOT NULL
) STRICT;
CREATE TABLE signing_keys (
    number INTEGER PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    private_pem TEXT NOT NULL,
    certificate TEXT NOT NULL,
    place TEXT NOT NULL,
    current_since INTEGER,
    current_until INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE TABLE apis (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    identifier TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE applications (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE client_grants (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    audience TEXT NOT NULL REFERENCES apis (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    document TEXT NOT NULL,
    UNIQUE (client_id, audience)
) STRICT;
"""

# Codes and refresh tokens are kept as their SHA-256 alone: who reads the file cannot use them.
_USERS_AND_FLOWS = """
CREATE TABLE users (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE roles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE user_roles (
    number INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    UNIQUE (user_id, role_id)
) STRICT;
CREATE TABLE role_permissions (
    number INTEGER PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    audience TEXT NOT NULL REFERENCES apis (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    permission TEXT NOT NULL,
    UNIQUE (owner, audience, permission)
) STRICT;
CREATE TABLE user_permissions (
    number INTEGER PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    audience TEXT NOT NULL REFERENCES apis (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    permission TEXT NOT NULL,
    UNIQUE (owner, audience, permission)
) STRICT;
CREATE TABLE consents (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (user_id, client_id, audience)
) STRICT;
CREATE TABLE families (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE TABLE refresh_tokens (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    family TEXT NOT NULL REFERENCES families (id) ON DELETE CASCADE,
    issued_at INTEGER NOT NULL,
    replaced_at INTEGER
) STRICT;
CREATE TABLE authorization_codes (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    document TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    redeemed_at INTEGER,
    family TEXT
) STRICT;
CREATE TABLE opaque_tokens (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    code TEXT,
    revoked_at INTEGER
) STRICT;
CREATE TABLE log (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    type TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
"""

MIGRATIONS: Final = (_FIRST, _USERS_AND_FLOWS)
"""SQL of each schema version, the first at index 0."""
