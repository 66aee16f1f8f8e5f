"""What an extra brings is asked for in one sentence."""

import pytest

from authkit import ConfigurationError
from authkit.ground.extras import need


def test_an_installed_module_is_handed_over() -> None:
    """`need` is an import."""
    assert need("json", extra="lab", feature="This test").dumps([]) == "[]"


def test_a_missing_module_names_extra_and_feature() -> None:
    """The error says what to install and what for."""
    with pytest.raises(ConfigurationError) as caught:
        need("no_such_module_here", extra="lab", feature="Dancing")
    assert caught.value.code == "extra.missing"
    assert "Dancing" in caught.value.message and "authkit[lab]" in caught.value.remedy
