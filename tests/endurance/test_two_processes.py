"""Two notebooks over one store at once: no change is lost, and a name is taken once."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import nbformat
import pytest
from nbclient import NotebookClient

from authkit import ClientCredentials, Tenant, decode
from tests.cli.test_serve import serving
from tests.endurance.prepared import AUDIENCE, Prepared, prepare

pytestmark = pytest.mark.slow

NUMBERS: Final = 40

OPEN = """
import json, sys, time
from pathlib import Path
import authkit
path, me, other = json.loads({arguments!r})
tenant = authkit.Tenant.open(path)
Path(f"{{path}}.{{me}}").touch()
while not Path(f"{{path}}.{{other}}").exists():
    time.sleep(0.001)
start = 0.3 + max(Path(f"{{path}}.{{one}}").stat().st_mtime for one in (me, other))
"""
CREATE = f"""
created, refused = [], []
for number in range({NUMBERS}):
    tenant.apis.create(identifier=f"https://{{me}}.example/{{number}}")
    while time.time() < start + number / 50:
        pass  # so that both try at the same moment
    try:
        api = tenant.apis.create(identifier=f"https://both.example/{{number}}", scopes={{me: ""}})
        created.append(api.identifier)
    except authkit.RegistrationError as error:
        refused.append([f"https://both.example/{{number}}", error.code])
print(json.dumps([created, refused]))
"""

SIGNER = """
# Signs when told to, with a tenant that stays open.
import sys
import authkit
path, client_id, client_secret, audience = sys.argv[1:]
tenant = authkit.Tenant.open(path)
asked = authkit.ClientCredentials(client_id, client_secret=client_secret, audience=audience)
for line in sys.stdin:
    print(tenant.request_token(asked).access_token, flush=True)
"""


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """A store with an API and an application."""
    return prepare(tmp_path / "tenant.db")


class Signer:
    """Another process with the same store open."""

    def __init__(self, prepared: Prepared) -> None:
        arguments = [str(prepared.path), prepared.client_id, prepared.client_secret, AUDIENCE]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SIGNER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def kid(self) -> str:
        """The key of its next signature."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("sign\n")
        self.process.stdin.flush()
        return str(decode(self.process.stdout.readline().strip()).header["kid"])


@pytest.fixture
def signer(prepared: Prepared) -> Iterator[Signer]:
    """It ends when its stdin does."""
    signer = Signer(prepared)
    yield signer
    signer.process.communicate(timeout=20)


async def execute(path: Path, me: str, other: str) -> Any:
    """Run a notebook in a kernel of its own; what its last cell prints."""
    arguments = json.dumps([str(path), me, other])
    cells = [nbformat.v4.new_code_cell(source) for source in (OPEN.format(arguments=arguments), CREATE)]
    book = nbformat.v4.new_notebook(cells=cells)
    await NotebookClient(book, timeout=120, kernel_name="python3").async_execute()
    return json.loads(book.cells[-1].outputs[0].text)


def test_two_notebooks_create_apis_in_one_store_at_once(tmp_path: Path) -> None:
    """Every change that either was told of is there; of two that take a name, exactly one is refused."""
    path = tmp_path / "tenant.db"

    async def both_at_once() -> tuple[Any, Any]:
        return await asyncio.gather(execute(path, "a", "b"), execute(path, "b", "a"))

    (created_a, refused_a), (created_b, refused_b) = asyncio.run(both_at_once())
    both = [f"https://both.example/{number}" for number in range(NUMBERS)]
    print(f"Of {NUMBERS} names, one notebook got {len(created_a)} and the other {len(created_b)}.")
    assert sorted([*created_a, *created_b]) == sorted(both)
    assert [name for name, _ in refused_a] == [name for name in both if name in created_b]
    assert [name for name, _ in refused_b] == [name for name in both if name in created_a]
    assert {code for _, code in [*refused_a, *refused_b]} == {"identifier.duplicate"}
    with Tenant.open(path) as tenant:
        kept = {api.identifier: api for api in tenant.apis if not api.is_system}
        assert kept.keys() == {f"https://{me}.example/{number}" for me in "ab" for number in range(NUMBERS)} | {*both}
        # And whose it is, it is by what that one gave it.
        assert {name: kept[name].scope_values for name in both} == {
            **dict.fromkeys(created_a, ("a",)), **dict.fromkeys(created_b, ("b",)),
        }  # fmt: skip


def test_another_process_signs_with_the_new_key_at_once(prepared: Prepared, signer: Signer) -> None:
    """It learns of a rotation before its next signature, every time; and of one of its own making nothing is lost."""
    with Tenant.open(prepared.path) as tenant:
        for _ in range(3):
            assert signer.kid() == tenant.keys.current.kid
            before = tenant.keys.current.kid
            assert tenant.keys.rotate().kid != before
            assert signer.kid() == tenant.keys.current.kid != before


def test_a_served_store_follows_a_rotation_elsewhere(prepared: Prepared, signer: Signer) -> None:
    """`authkit serve` and a notebook: a rotation over HTTP reaches the notebook, one in a third process the server."""
    with serving("--store", prepared.path) as ready, prepared.manager(ready["url"]) as manager:

        def served_kid() -> str:
            answer = httpx.post(ready["token_endpoint"], data=prepared.form(), trust_env=False)
            return str(decode(answer.json()["access_token"]).header["kid"])

        def published() -> list[str]:
            return [jwk["kid"] for jwk in httpx.get(ready["jwks_uri"], trust_env=False).json()["keys"]]

        assert served_kid() == signer.kid() == published()[0]
        old = published()[0]
        assert manager.post("/keys/signing/rotate").status_code == 201
        new = published()[0]
        assert signer.kid() == served_kid() == new != old
        with Tenant.open(prepared.path) as tenant:
            newest = tenant.keys.rotate().kid
            asked = ClientCredentials(prepared.client_id, client_secret=prepared.client_secret, audience=AUDIENCE)
            assert decode(tenant.request_token(asked).access_token).header["kid"] == newest
        assert served_kid() == signer.kid() == newest != new
        assert published()[0] == newest and new in published()
        assert manager.get("/clients").status_code == 401  # two rotations ago its token was signed: by a revoked key
