"""Optional parts: import what an extra brings, or say in one sentence which extra is missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from authkit.ground.errors import ConfigurationError


def need(module: str, *, extra: str, feature: str) -> ModuleType:
    """Import a module that comes with an optional extra of authkit.

    Args:
        module: The module to import, as in `fastapi`.
        extra: The extra that installs it, as in `lab`.
        feature: What it is needed for, as a learner would say it.

    Raises:
        ConfigurationError: The module is not installed (`extra.missing`).
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "extra.missing",
            f"{feature} needs the package {error.name}, which is not installed.",
            f'Install it with: python -m pip install "authkit[{extra}]"',
        ) from None
