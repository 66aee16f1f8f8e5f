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

MIGRATIONS: Final = (_FIRST,)
"""SQL of each schema version, the first at index 0."""
