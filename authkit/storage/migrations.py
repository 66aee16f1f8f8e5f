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

# Codes and tokens are kept as their SHA-256 alone: who reads the file cannot use them. A user's access tokens are kept
# so that they can be revoked; only opaque ones are looked up to be understood.
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
    audience TEXT NOT NULL REFERENCES apis (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    scope TEXT NOT NULL,
    PRIMARY KEY (user_id, client_id, audience)
) STRICT;
CREATE TABLE families (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    audience TEXT NOT NULL REFERENCES apis (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE TABLE refresh_tokens (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    family TEXT NOT NULL REFERENCES families (id) ON DELETE CASCADE,
    parent INTEGER,
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
CREATE TABLE access_tokens (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    opaque INTEGER NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    code TEXT,
    family TEXT,
    revoked_at INTEGER
) STRICT;
CREATE INDEX access_tokens_by_hash ON access_tokens (hash);
CREATE INDEX access_tokens_by_code ON access_tokens (code);
CREATE INDEX access_tokens_by_family ON access_tokens (family);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
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
