"""`authkit decode`: where a token comes from, what is printed of it, and how the command ends."""

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authkit import decode
from authkit.cli.reading import MAX_BYTES
from tests.cli.conftest import start

Command = Callable[..., Any]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def written(payload: dict[str, Any]) -> str:
    """A token that nobody signed."""
    return f"{b64(b'{}')}.{b64(json.dumps(payload).encode())}.{b64(b'unsigned')}"


def test_a_token_is_shown_as_not_verified(authkit: Command, token: str):
    """The terminal form of `authkit.decode`, which says so; 0, since it can be read."""
    done = authkit("decode", token)
    assert done == (0, f"{decode(token)!r}\n", "") and "NOT verified" in done.out


def test_json_has_the_three_parts_and_says_they_are_not_verified(authkit: Command, token: str):
    """One object: verified is false, the signature is base64url as it stands in the token."""
    done = authkit("decode", "--json", token)
    decoded = decode(token)
    assert json.loads(done.out) == {
        "verified": False,
        "header": decoded.header,
        "payload": decoded.payload,
        "signature": token.rpartition(".")[2],
    }
    assert (done.code, done.err) == (0, "")


def test_a_malformed_token_ends_with_1(authkit: Command):
    """The check that refused and its repair, on stderr."""
    done = authkit("decode", "no-token")
    assert done.code == 1 and done.out == ""
    assert "[form.segments]" in done.err and "Repair:" in done.err


def test_a_malformed_token_is_json_too(authkit: Command):
    """With --json the refusal is on stdout, with code, check, message and remedy."""
    done = authkit("decode", "--json", "no-token")
    told = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert (told["verified"], told["code"], told["check"]) == (False, "form.segments", "form")
    assert told["message"] and told["remedy"] and "payload" not in told


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_a_token_comes_from_stdin(authkit: Command, token: str, arguments: tuple[str, ...], ending: bytes):
    """Left out or as -, and one newline at its end is no part of it."""
    assert authkit("decode", *arguments, stdin=token.encode() + ending) == authkit("decode", token)


def test_only_one_newline_is_left_out(authkit: Command, token: str):
    """What else stands around a token is refused: one token has one spelling."""
    done = authkit("decode", stdin=token.encode() + b"\n\n")
    assert done.code == 1 and "[base64url.alphabet]" in done.err


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"\xff.\xff.\xff", b"\x00" * 100, bytes(range(256))])
def test_bytes_that_are_no_text_are_a_malformed_token(authkit: Command, raw: bytes):
    """Refused by a check, not by a traceback."""
    done = authkit("decode", stdin=raw)
    assert done.code == 1 and "Repair:" in done.err


def test_without_a_token_it_says_how_to_pass_one(authkit: Command):
    """Nothing on stdin, a newline alone, an empty argument: 2 and one error."""
    for done in (authkit("decode"), authkit("decode", stdin=b"\n"), authkit("decode", "", stdin=b"unread")):
        done.assert_one_error("cli.no_token")


class Terminal(io.TextIOWrapper):
    """A stdin at which someone might type, but nobody does."""

    def isatty(self) -> bool:
        return True


def test_at_a_terminal_it_does_not_wait(authkit: Command):
    """With nothing piped in, it says how to pass a token, also with --json."""
    for arguments in ((), ("-",), ("--json",)):
        terminal = Terminal(io.BytesIO(b"not read"))
        authkit("decode", *arguments, stdin=terminal).assert_one_error("cli.no_token")
        assert terminal.buffer.read() == b"not read"


def test_a_stdin_that_cannot_be_read_is_no_token(authkit: Command, tmp_path: Path):
    """Closed, or open for writing alone: the same error."""
    authkit("decode", stdin=None).assert_one_error("cli.no_token")
    with (tmp_path / "written").open("w", encoding="utf-8") as written:
        authkit("decode", stdin=written).assert_one_error("cli.no_token")


def test_stdin_is_not_read_without_bound(authkit: Command):
    """One byte over the bound is read, and the rest of an endless stream is left where it is."""
    authkit("decode", stdin=b"x" * (MAX_BYTES + 1)).assert_one_error("cli.too_large")
    assert sys.stdin.buffer.read() == b""
    authkit("decode", stdin=b"x" * (MAX_BYTES + 1000)).assert_one_error("cli.too_large")
    assert len(sys.stdin.buffer.read()) == 999


def test_a_token_that_is_merely_long_is_refused_by_its_check(authkit: Command):
    """Up to the bound it is the token's own fault."""
    done = authkit("decode", stdin=b"x" * MAX_BYTES)
    assert done.code == 1 and "[size.too_large]" in done.err


def test_json_is_ascii_without_control_characters(authkit: Command):
    """Whatever a token holds, a terminal is not steered by it; the values survive."""
    payload = {"sub": "\x1b[2J\x00\x7f\x9b\u202e\u2028é✔😀", "\x1b": "\r\n"}
    done = authkit("decode", "--json", written(payload))
    assert all(character == "\n" or " " <= character <= "~" for character in done.out)
    assert json.loads(done.out)["payload"] == payload


def test_a_terminal_without_the_characters_still_gets_valid_json(token: str):
    """A stdout in ASCII; the same bytes as in UTF-8."""
    outputs = [
        start("decode", "--json", token, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}).stdout
        for encoding in ("ascii", "utf-8")
    ]
    assert outputs[0] == outputs[1] and json.loads(outputs[0])["verified"] is False


def test_a_real_pipe(token: str):
    """As a process: the token piped in, the result piped out, nothing on stderr."""
    done = start("decode", input=token.encode() + b"\n", capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"") and b"NOT verified" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.parametrize("option", [(), ("--json",)])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_no_malformed_token(token: str, option: tuple[str, ...], unbuffered: str):
    """What cannot be written ends with 2 and one error, whether Python buffers or not."""
    with open("/dev/full", "wb") as full:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = start("decode", *option, token, stdout=full, stderr=subprocess.PIPE, env=environment)
    assert done.returncode == 2 and b"[cli.unwritable]" in done.stderr
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


def test_a_terminal_gets_colour_for_the_warning_alone(on_a_terminal: Callable[..., str], token: str):
    """Only what authkit itself says is coloured, never a line of the token; NO_COLOR leaves the same words."""
    coloured, plain = on_a_terminal("decode", token), on_a_terminal("decode", token, NO_COLOR="1")
    assert coloured.startswith("\x1b[33mDecodedToken – NOT verified") and coloured.count("\x1b[") == 2
    assert plain == coloured.replace("\x1b[33m", "").replace("\x1b[0m", "")


def test_a_terminal_without_a_token_is_told_how(on_a_terminal: Callable[..., str]):
    """A real terminal on stdin: the command ends, with the error."""
    assert "[cli.no_token]" in on_a_terminal("decode")


def test_help_tells_of_stdin_and_gives_an_example(authkit: Command):
    """How to keep a token out of the shell's history, two examples, and the exit codes."""
    shown = " ".join(authkit("decode", "--help").out.split())
    for words in ("keeps it out of the shell's history", "authkit decode --json < token.txt", "Exit code: 0"):
        assert words in shown
