"""`authkit verify`: the verdict is the verifier's, the exit code is the outcome, and every bad input one error."""

import base64
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authkit import RFC9068, Api, KeySet, SteerableClock, Tenant, Verdict, Verifier, decode, serve
from authkit.attacks import edit_payload
from authkit.cli.reading import MAX_BYTES
from authkit.http.running import listen
from authkit.jose import sign
from authkit.jose.algorithms import ALGORITHMS

Command = Callable[..., Any]
Training = Tenant[SteerableClock]

FIELDS = ("name", "question", "status", "code", "note", "seen", "expected", "remedy", "rule", "source")
NOW = "2026-01-05T09:00:00Z"
LATER = "2026-01-07T09:00:00Z"
AUDIENCE = "https://orders.example/"
BY_NAME = ("--issuer", "https://training.authkit.example/", "--audience", AUDIENCE)
USUAL = (*BY_NAME, "--at", NOW)


@pytest.fixture
def jwks(tenant: Training, tmp_path: Path) -> str:
    """A file with the tenant's JWK Set."""
    return saved(tmp_path / "jwks.json", json.dumps(tenant.jwks))


@pytest.fixture
def pem(tenant: Training, tmp_path: Path) -> str:
    """A file with the tenant's public key."""
    return saved(tmp_path / "key.pem", tenant.keys.current.public_pem)


@pytest.fixture
def secret(hs_api: Api) -> str:
    """The shared secret of the HS256 API."""
    assert hs_api.signing_secret is not None
    return hs_api.signing_secret.reveal()


@pytest.fixture
def hs_usual(hs_api: Api) -> tuple[str, ...]:
    """The options for the HS256 API."""
    return (*BY_NAME[:2], "--audience", hs_api.identifier, "--at", NOW)


def saved(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def shown(verdict: Verdict) -> str:
    """What is printed of a verdict: its own terminal form and, if accepted, the claims'."""
    return f"{verdict!r}\n" if verdict.claims is None else f"{verdict!r}\n{verdict.claims!r}\n"


def test_a_good_token_is_accepted_against_a_served_jwks(authkit: Command, tenant: Training, api: Api, token: str):
    """Over real HTTP: 0, every check, and the claims."""
    with serve(tenant) as server:
        done = authkit("verify", "--jwks", server.jwks_uri, *USUAL, token)
    assert done == (0, shown(tenant.verifier(api).explain(token)), "")
    assert done.out.startswith("ACCEPTED") and "read:orders" in done.out


@pytest.mark.parametrize(
    ("spoil", "at", "code"),
    [
        (lambda token: token, LATER, "exp.expired"),
        (lambda token: edit_payload(token, sub="the-boss"), NOW, "signature.mismatch"),
        (lambda token: token + "=", NOW, "base64url.padding"),
        (lambda token: "Bearer " + token, NOW, "form.bearer"),
        (lambda token: "no-token", NOW, "form.segments"),
        (lambda token: "x" * 20_000, NOW, "size.too_large"),
    ],
)
def test_a_bad_token_is_refused_with_the_verifiers_verdict(
    authkit: Command, tenant: Training, api: Api, token: str, jwks: str,
    spoil: Callable[[str], str], at: str, code: str,
):  # fmt: skip
    """1, on stdout exactly what `Verifier.explain` shows, and nothing on stderr; in JSON the same code."""
    bad = spoil(token)
    if at == LATER:
        tenant.clock.advance(hours=48)
    arguments = ("verify", "--jwks", jwks, *BY_NAME, "--at", at, bad)
    verdict = tenant.verifier(api).explain(bad)
    assert authkit(*arguments) == (1, shown(verdict), "") and f"[{code}]" in shown(verdict)
    told = authkit(*arguments, "--json")
    assert (told.code, told.err, json.loads(told.out)["code"]) == (1, "", code)


def test_issuer_and_audience_are_compared(authkit: Command, token: str, jwks: str):
    """The options are what the verifier trusts, letter by letter."""
    for number, check in ((1, "iss"), (3, "aud")):
        options = list(USUAL)
        options[number] = options[number].removesuffix("/")
        done = authkit("verify", "--jwks", jwks, *options, token)
        assert done.code == 1 and f"[{check}.mismatch]" in done.out


def test_json_is_the_whole_verdict(authkit: Command, tenant: Training, api: Api, token: str, jwks: str):
    """Accepted: the claims and every check with every field; the decisive check's members are null."""
    done = authkit("verify", "--jwks", jwks, *USUAL, "--json", token)
    verdict = tenant.verifier(api).explain(token)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "outcome": "accepted",
        "code": None,
        "check": None,
        "message": None,
        "remedy": None,
        "claims": decode(token).payload,
        "checks": [{field: getattr(check, field) for field in FIELDS} for check in verdict.checks],
    }


def test_json_of_a_refusal_names_the_decisive_check(authkit: Command, token: str, jwks: str):
    """Code, check, message and repair at the top; no claims."""
    done = authkit("verify", "--jwks", jwks, *BY_NAME, "--at", LATER, "--json", token)
    told = json.loads(done.out)
    assert (told["outcome"], told["code"], told["check"], told["claims"]) == ("refused", "exp.expired", "exp", None)
    (failed,) = (check for check in told["checks"] if check["status"] == "failed")
    assert (told["message"], told["remedy"]) == (failed["note"], failed["remedy"])


def test_json_is_ascii_without_control_characters(authkit: Command, tenant: Training, token: str, jwks: str):
    """Even where the claims of an accepted token are full of them."""
    hostile = sign({**decode(token).payload, "sub": "\x1b[2J\x7f\x9b\u202eé"}, tenant.keys.current, alg="RS256")
    done = authkit("verify", "--jwks", jwks, *USUAL, "--json", hostile)
    assert done.code == 0 and all(character == "\n" or " " <= character <= "~" for character in done.out)
    assert json.loads(done.out)["claims"]["sub"] == "\x1b[2J\x7f\x9b\u202eé"


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_the_token_may_come_from_stdin(authkit: Command, token: str, jwks: str, arguments: tuple[str, ...]):
    """Left out or -, with the newline that `echo` adds."""
    assert authkit("verify", "--jwks", jwks, *USUAL, *arguments, stdin=token.encode() + b"\n").code == 0


def test_no_token_is_one_error(authkit: Command, jwks: str):
    """Also with --json: 2, on stderr."""
    for option in ((), ("--json",)):
        authkit("verify", "--jwks", jwks, *USUAL, *option).assert_one_error("cli.no_token")


# The key material: what it is, the option says.


def test_a_public_key_and_a_certificate_are_given_as_pem(
    authkit: Command, tenant: Training, token: str, pem: str, tmp_path: Path
):
    """--key takes both."""
    der = tenant.jwks["keys"][0]["x5c"][0]
    certificate = f"-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n"
    for name in (pem, saved(tmp_path / "certificate.pem", certificate)):
        assert authkit("verify", "--key", name, *USUAL, token).code == 0


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_is_the_bytes_of_its_file(
    authkit: Command, hs_usual: tuple[str, ...], hs_token: str, secret: str, tmp_path: Path, ending: str
):
    """--secret, without one newline at its end; HS256 by default."""
    name = saved(tmp_path / "secret", secret + ending)
    assert authkit("verify", "--secret", name, *hs_usual, hs_token).code == 0


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_may_be_spelt_in_base64url(
    authkit: Command, hs_usual: tuple[str, ...], hs_token: str, secret: str, tmp_path: Path, ending: str
):
    """--secret-base64url, without one newline at its end."""
    spelt = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
    name = saved(tmp_path / "secret", spelt + ending)
    assert authkit("verify", "--secret-base64url", name, *hs_usual, hs_token).code == 0


def test_the_spelling_of_a_secret_is_not_guessed(
    authkit: Command, hs_usual: tuple[str, ...], hs_token: str, secret: str, tmp_path: Path
):
    """A secret that is also base64url is taken as it was said to be; two newlines are part of it."""
    spelt = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
    for content in (spelt, secret + "\n\n"):
        done = authkit("verify", "--secret", saved(tmp_path / "secret", content), *hs_usual, hs_token)
        assert done.code == 1 and "[signature.mismatch]" in done.out


def test_a_file_may_hold_a_shared_secret_as_a_jwks(
    authkit: Command, hs_usual: tuple[str, ...], hs_token: str, secret: str, tmp_path: Path
):
    """Then HS256 is the default: the kind of key decides, never the token."""
    k = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
    name = saved(tmp_path / "jwks.json", json.dumps({"keys": [{"kty": "oct", "k": k}]}))
    assert authkit("verify", "--jwks", name, *hs_usual, hs_token).code == 0


def test_a_jwks_without_keys_decides(authkit: Command, token: str, tmp_path: Path):
    """An empty set is a set: the token is refused for want of a key."""
    done = authkit("verify", "--jwks", saved(tmp_path / "jwks.json", '{"keys": []}'), *USUAL, token)
    assert done.code == 1 and "[key." in done.out


@pytest.mark.parametrize(
    ("option", "content", "code"),
    [
        ("--jwks", b"not json", "key_set.not_a_jwks"),
        ("--jwks", b"[]", "key_set.not_a_jwks"),
        ("--jwks", b'{"kty": "RSA"}', "key_set.not_a_jwks"),
        ("--jwks", b'{"keys": [], "keys": []}', "key_set.not_a_jwks"),
        ("--jwks", b"\xff\xfe\x00", "key_set.not_a_jwks"),
        ("--jwks", b"[" * 100_000, "key_set.not_a_jwks"),
        ("--jwks", b'{"keys": [{"kty": "EC"}]}', "key_set.no_usable_key"),
        ("--jwks", b'{"keys": [{"kty": "RSA", "d": "x"}]}', "key_set.private_key"),
        ("--key", b"no pem", "key_set.not_a_pem"),
        ("--key", b"", "key_set.not_a_pem"),
        ("--key", bytes(range(256)), "key_set.not_a_pem"),
        ("--secret", b"short", "key_set.secret_too_short"),
        ("--secret", b"", "key_set.secret_too_short"),
        ("--secret-base64url", b"a-secret-that-is-padded-and-long-enough-to-be-one==", "key_set.secret_not_base64url"),
        ("--secret-base64url", bytes(range(256)), "key_set.secret_not_base64url"),
        *((option, b"x" * (MAX_BYTES + 1), "cli.too_large") for option in ("--jwks", "--key", "--secret")),
    ],
)
def test_a_file_with_something_else_in_it_is_one_error(
    authkit: Command, token: str, tmp_path: Path, option: str, content: bytes, code: str
):
    """2, the option and the file's name in it, also with --json."""
    name = saved(tmp_path / "material", content)
    for more in ((), ("--json",)):
        done = authkit("verify", option, name, *USUAL, *more, token)
        done.assert_one_error(code)
        assert done.err.startswith(option) and "material'" in done.err


@pytest.mark.parametrize("option", ["--jwks", "--key", "--secret", "--secret-base64url"])
def test_a_file_that_cannot_be_read_is_one_error(authkit: Command, token: str, tmp_path: Path, option: str):
    """Missing, a folder, no possible name: 2, the option and the reason."""
    for name in (str(tmp_path / "missing"), str(tmp_path), "", "nul\0", "x" * 5000, "\udcff"):
        done = authkit("verify", option, name, *USUAL, token)
        done.assert_one_error("cli.unreadable")
        assert done.err.startswith(option)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_error(authkit: Command, token: str, jwks: str):
    """2, and the reason."""
    Path(jwks).chmod(0)
    authkit("verify", "--jwks", jwks, *USUAL, token).assert_one_error("cli.unreadable")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without end")
def test_an_endless_file_is_not_read_to_its_end(authkit: Command, token: str):
    """The bound holds for whatever can be opened."""
    authkit("verify", "--secret", "/dev/zero", *USUAL, token).assert_one_error("cli.too_large")


def test_a_private_key_is_refused(authkit: Command, tenant: Training, token: str, tmp_path: Path):
    """And no line of it is shown."""
    private = tenant.keys.current.private_pem().reveal()
    done = authkit("verify", "--key", saved(tmp_path / "private.pem", private), *USUAL, token)
    done.assert_one_error("key_set.private_key")
    assert private.splitlines()[5] not in done.err


def test_material_in_place_of_a_file_is_not_echoed(
    authkit: Command, tenant: Training, token: str, secret: str, tmp_path: Path
):
    """Who pastes a secret, a private key or a JWKS after the option does not find it in the log."""
    private = tenant.keys.current.private_pem().reveal()
    jwks = json.dumps({"keys": [{"kty": "oct", "k": secret}]})
    for option, material, needle in (
        ("--secret", secret, secret[:8]),
        ("--secret-base64url", secret, secret[:8]),
        ("--key", private, private.splitlines()[1][:8]),
        ("--jwks", jwks, secret[:8]),
    ):
        done = authkit("verify", option, material, *USUAL, token)
        done.assert_one_error("cli.unreadable")
        assert needle not in done.err, option


def test_a_secret_in_a_file_is_never_echoed(
    authkit: Command, hs_usual: tuple[str, ...], hs_token: str, secret: str, tmp_path: Path
):
    """Accepted, refused, or taken for something that it is not."""
    name = saved(tmp_path / "secret", secret)
    for option in ("--secret", "--secret-base64url", "--key", "--jwks"):
        for more in ((), ("--json",)):
            done = authkit("verify", option, name, *hs_usual, *more, hs_token)
            assert secret[:8] not in done.out + done.err, option


def test_a_pem_is_no_secret(authkit: Command, token: str, pem: str):
    """The confusion of RFC 8725 §3.1 is refused before any token is looked at."""
    authkit("verify", "--secret", pem, *USUAL, token).assert_one_error("key_set.secret_public_key")


def test_a_pem_with_several_keys_is_not_guessed_from(
    authkit: Command, tenant: Training, token: str, pem: str, tmp_path: Path
):
    """And the repair names an option, not Python."""
    tenant.keys.rotate()
    both = saved(tmp_path / "both.pem", Path(pem).read_text() + tenant.keys.current.public_pem)
    done = authkit("verify", "--key", both, *USUAL, token)
    done.assert_one_error("key_set.several_keys")
    assert "--jwks" in done.err and "KeySet" not in done.err


# Keys over HTTP.


def test_an_endpoint_out_of_reach_leaves_it_undecided(authkit: Command, token: str):
    """2, since the token may be good; the verdict is printed all the same, as text or JSON."""
    with listen() as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/jwks.json"
    done = authkit("verify", "--jwks", url, *USUAL, token)
    assert done.code == 2 and done.out.startswith("UNDECIDED") and "[jwks_unavailable]" in done.out
    done = authkit("verify", "--jwks", url, *USUAL, "--json", token)
    told = json.loads(done.out)
    assert (done.code, told["outcome"], told["code"]) == (2, "undecided", "jwks_unavailable")


@pytest.mark.parametrize("path", ["/", "/missing", "/.well-known/openid-configuration"])
def test_an_address_that_serves_something_else_leaves_it_undecided(
    authkit: Command, tenant: Training, token: str, path: str
):
    """No JWKS there: no verdict on the token."""
    with serve(tenant) as server:
        done = authkit("verify", "--jwks", server.url + path, *USUAL, token)
    assert done.code == 2 and done.out.startswith("UNDECIDED")


@pytest.mark.parametrize(
    "url", ["http://issuer.example/jwks.json", "HTTP://issuer.example/", "https://", "https://me@issuer.example/"]
)
def test_an_address_that_is_not_trusted_is_one_error(authkit: Command, token: str, url: str):
    """http beyond this machine, no host, a user name in it."""
    authkit("verify", "--jwks", url, *USUAL, token).assert_one_error("jwks_uri.not_trusted")


# Options.


@pytest.mark.parametrize("left_out", ["--issuer", "--audience", "--jwks"])
def test_each_missing_option_is_named(authkit: Command, token: str, jwks: str, left_out: str):
    """Left out or empty; what is there is not named."""
    options = {"--issuer": "https://issuer.example/", "--audience": AUDIENCE, "--jwks": jwks}
    del options[left_out]
    given = [part for option in options.items() for part in option]
    for arguments in (given, *([[*given, left_out, ""]] if left_out != "--jwks" else [])):
        done = authkit("verify", *arguments, token)
        done.assert_one_error("verify.missing_option")
        sentence = done.err.splitlines()[0]
        assert left_out in sentence and not any(option in sentence for option in options)


def test_all_that_is_missing_is_said_at_once(authkit: Command, token: str):
    """Someone who starts with `authkit verify TOKEN` reads one error, not four."""
    done = authkit("verify", token)
    done.assert_one_error("verify.missing_option")
    for option in ("--issuer", "--audience", "--jwks", "--key", "--secret", "--secret-base64url"):
        assert option in done.err.splitlines()[0]


def test_two_sources_of_keys_contradict_each_other(authkit: Command, token: str, jwks: str, pem: str):
    """Both are named."""
    done = authkit("verify", "--jwks", jwks, "--key", pem, *USUAL, token)
    done.assert_one_error("verify.two_sources")
    assert "--jwks and --key" in done.err


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--alg", "none", "verify.algorithm"),
        ("--alg", "rs256", "verify.algorithm"),
        ("--alg", "HS256", "verify.algorithm_and_key"),
        ("--policy", "", "verify.policy"),
        ("--policy", "LAX", "verify.policy"),
        ("--at", "yesterday", "verify.moment"),
        ("--at", "", "verify.moment"),
        ("--at", "2026-01-05T09:00:00", "verify.moment"),
        ("--at", "1969-12-31T23:59:59Z", "verify.moment"),
        ("--at", "0001-01-01T00:00:00+14:00", "verify.moment"),
        ("--at", "9999-12-31T23:59:59-14:00", "verify.moment"),
    ],
)
def test_an_odd_value_is_one_error(authkit: Command, token: str, jwks: str, option: str, value: str, code: str):
    """2; the option and the value are named, also with --json."""
    done = authkit("verify", "--jwks", jwks, *BY_NAME, option, value, "--json", token)
    done.assert_one_error(code)
    assert option in done.err and value in done.err


def test_a_shared_secret_does_not_verify_rs256(authkit: Command, token: str, secret: str, tmp_path: Path):
    """No token could pass: said before any is looked at."""
    name = saved(tmp_path / "secret", secret)
    done = authkit("verify", "--secret", name, *USUAL, "--alg", "RS256", "--alg", "PS256", token)
    done.assert_one_error("verify.algorithm_and_key")


def test_algorithms_are_what_the_options_say(authkit: Command, tenant: Training, token: str, pem: str):
    """RS256 alone by default; with --alg, which may be repeated, what it names."""
    ps256 = sign(decode(token).payload, tenant.keys.current, alg="PS256")
    verify = ("verify", "--key", pem, *USUAL)
    assert authkit(*verify, token).code == 0
    assert "[alg.not_allowed]" in authkit(*verify, ps256).out
    assert authkit(*verify, "--alg", "PS256", ps256).code == 0
    assert authkit(*verify, "--alg", "PS256", token).code == 1
    for one in (token, ps256):
        assert authkit(*verify, "--alg", "PS256", "--alg", "RS256", one).code == 0


def test_key_confusion_is_shown_where_both_algorithms_are_allowed(authkit: Command, token: str, pem: str):
    """HS256 beside RS256 with a public key is the attack's own set-up: the verdict tells it."""
    head, payload, _ = token.split(".")
    forged_head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
    options = ("--key", pem, *USUAL, "--alg", "RS256", "--alg", "HS256")
    done = authkit("verify", *options, f"{forged_head}.{payload}.{head[:43]}")
    assert done.code == 1 and "[key.wrong_kind]" in done.out


def test_the_policy_is_the_one_that_is_named(authkit: Command, tenant: Training, token: str, jwks: str):
    """RFC9068 wants another typ; the verdict is that of a verifier with that policy."""
    verifier = Verifier(
        issuer=tenant.issuer,
        audience=AUDIENCE,
        keys=KeySet.from_jwks(tenant.jwks),
        policy=RFC9068,
        clock=tenant.clock,
    )
    done = authkit("verify", "--jwks", jwks, *USUAL, "--policy", "RFC9068", token)
    assert done == (1, shown(verifier.explain(token)), "") and "[typ.wrong]" in done.out


def test_the_moment_is_now_unless_told(authkit: Command, tenant: Training, token: str, jwks: str):
    """A token of the training tenant's January has expired on the system's clock; time zones are understood."""
    assert "[exp.expired]" in authkit("verify", "--jwks", jwks, *BY_NAME, token).out
    for moment, code in (("2026-01-06T09:59:59+01:00", 0), ("2026-01-06T10:00:00+01:00", 1)):
        assert authkit("verify", "--jwks", jwks, *BY_NAME, "--at", moment, token).code == code, moment


def test_a_terminal_gets_colours_that_only_repeat_the_words(on_a_terminal: Callable[..., str], token: str, jwks: str):
    """Folded between words at the terminal's width, and under the colours exactly the plain text."""
    arguments = ("verify", "--jwks", jwks, *BY_NAME, "--at", LATER, token)
    coloured, plain = (on_a_terminal(*arguments, columns=50, **setting) for setting in ({}, {"NO_COLOR": "1"}))
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain and max(map(len, plain.splitlines())) <= 50
    assert "\n    " in plain, "what is folded hangs under its line"
    wide = on_a_terminal(*arguments, columns=200, NO_COLOR="1")
    assert plain != wide and plain.split() == wide.split()
    for line in ("\x1b[31mREFUSED by", "\x1b[31m  ✘ exp ", "\x1b[32m  ✔ aud ", "\n  The token expired"):
        assert line in coloured


def test_help_names_every_algorithm_and_policy(authkit: Command):
    """What may follow --alg and --policy, what --secret leaves out, how to keep the token out of the history."""
    shown = " ".join(authkit("verify", "--help").out.split())
    for words in (
        *ALGORITHMS, "AUTH0_ACCESS_TOKEN", "RFC9068", "One newline at its end is left out", "shell's history",
        "< token.txt", "Exit code: 0 accepted, 1 refused, 2",
    ):  # fmt: skip
        assert words in shown


def test_a_ca_file_is_for_a_url(authkit: Command, token: str, jwks: str, pem: str):
    """Where nothing is fetched, it would say nothing; one that holds no certificate is told by name."""
    options = ["--issuer", "i", "--audience", "a"]
    authkit("verify", "--jwks", jwks, *options, "--ca-file", pem, token).assert_one_error("verify.ca_file")
    authkit("verify", "--key", pem, *options, "--ca-file", pem, token).assert_one_error("verify.ca_file")
    url = ["--jwks", "https://127.0.0.1:1/"]
    authkit("verify", *url, *options, "--ca-file", jwks, token).assert_one_error("jwks.ca_file")
