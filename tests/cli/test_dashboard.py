"""`authkit dashboard`: what is wrong with its port or its store is said before a page is opened."""

from contextlib import closing
from pathlib import Path

import pytest

from authkit.http.running import listen
from tests.cli.conftest import Command


@pytest.mark.parametrize("port", ["-5", "99999"])
def test_what_is_no_port_is_one_error(authkit: Command, port: str) -> None:
    """As with `authkit serve`."""
    authkit("dashboard", "--no-browser", "--port", port).assert_one_error("port_invalid")


def test_a_port_in_use_is_one_error(authkit: Command) -> None:
    """Voilà would take another one, and the address that was told would be somebody else's."""
    with closing(listen()) as taken:
        port = str(taken.getsockname()[1])
        authkit("dashboard", "--no-browser", "--port", port).assert_one_error("port_in_use")


def test_a_file_that_is_no_tenants_is_one_error(authkit: Command, tmp_path: Path) -> None:
    """The page could not say it."""
    text = tmp_path / "tenant.db"
    text.write_text("this is no store")
    authkit("dashboard", "--no-browser", "--store", str(text)).assert_one_error("storage.unusable")
    authkit("dashboard", "--no-browser", "--store", str(tmp_path / "none.db")).assert_one_error("store.missing")
