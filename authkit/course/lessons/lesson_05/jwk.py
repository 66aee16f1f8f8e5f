"""A key of a set, as an answer gets it."""

from __future__ import annotations

from typing import Any

Jwk = dict[str, Any]
