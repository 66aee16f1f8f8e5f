"""A text that must not show itself: `reveal()` is the one way out."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, SerializationInfo
    from pydantic_core import CoreSchema

REVEAL: Final = {"reveal": True}
"""Serialisation context under which a model writes its secrets in clear: for the store alone."""


class Secret:
    """A client secret, a signing secret or a private key, masked wherever it might be printed.

    Args:
        value: The text to keep.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The text itself. Keep it out of outputs, logs and version control."""
        return self.__value

    def matches(self, candidate: str) -> bool:
        """Whether the candidate is the same text, compared in constant time."""
        mine, other = (text.encode("utf-8", "surrogatepass") for text in (self.__value, candidate))
        return hmac.compare_digest(mine, other)

    def __len__(self) -> int:
        return len(self.__value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.matches(other.reveal())

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __repr__(self) -> str:
        return f"Secret(masked, {len(self.__value)} characters)"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Secret is not pickled: it would be written in clear.")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        def wrap(value: object) -> Secret:
            if isinstance(value, Secret):
                return value
            if isinstance(value, str):
                return cls(value)
            raise ValueError("must be text")

        def write(value: Secret, info: SerializationInfo) -> str:
            context = info.context or {}
            return value.reveal() if isinstance(context, dict) and context.get("reveal") is True else repr(value)

        return core_schema.no_info_plain_validator_function(
            wrap, serialization=core_schema.plain_serializer_function_ser_schema(write, info_arg=True)
        )
