"""A challenge is read as a caller would read it, or not at all."""

import pytest

from authkit.course.answer import TryAgain
from authkit.course.challenge import parameters


@pytest.mark.parametrize(
    ("challenge", "read"),
    [
        ("Bearer", {}),
        ("Bearer ", {}),
        ('Bearer realm="orders"', {"realm": "orders"}),
        ("bearer realm=orders, error=invalid_token", {"realm": "orders", "error": "invalid_token"}),
        ('BEARER Error="invalid_token",scope="a b"', {"error": "invalid_token", "scope": "a b"}),
        ('Bearer  realm = "a, b=c" ,\terror="x" ', {"realm": "a, b=c", "error": "x"}),
        (r'Bearer realm="say \"no\""', {"realm": 'say "no"'}),
        ('Bearer realm=""', {"realm": ""}),
        ('Bearer realm="Ada\'s"', {"realm": "Ada's"}),
    ],
)
def test_what_can_be_read(challenge: str, read: dict[str, str]) -> None:
    """By RFC 9110 §11.2 and §5.6."""
    assert parameters(challenge) == read


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        b"Bearer",
        "",
        'Basic realm="orders"',
        'Bearerrealm="orders"',
        "Bearer realm='orders'",
        "Bearer error='insufficient_scope', scope='read:orders'",
        'Bearer realm="orders" error="invalid_token"',
        'Bearer realm="orders"; error="invalid_token"',
        'Bearer realm="orders",',
        'Bearer , realm="orders"',
        'Bearer realm="orders',
        "Bearer {error=insufficient_scope, scope=",
        "Bearer scope=read:orders",
        "Bearer error",
        "Bearer error=",
        'Bearer error:"invalid_token"',
        'Bearer error="a", ERROR="b"',
        'Bearer realm="a\nb"',
        'Bearer realm="a – b"',
        "Bearer " + "\\" * 10_000,
    ],
)
def test_what_cannot_be_read(challenge: object) -> None:
    """It is said, in few words."""
    with pytest.raises(TryAgain) as caught:
        parameters(challenge)
    assert len(caught.value.feedback.split()) <= 40 and caught.value.feedback.endswith("?")
