"""A saved notebook goes everywhere: no secret of the training tenant may stand in one, outputs and widgets included."""

from pathlib import Path

import pytest

from authkit.ground import chance
from authkit.jose.training_keys import training_key

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def secrets_of_a_training_tenant() -> set[str]:
    """More secrets than any lesson draws, and the telling lines of its private keys."""
    drawn = chance.TrainingChance()
    texts = {chance.text(drawn.value(kind)) for kind in ("client_secret", "signing_secret") for _ in range(50)}
    # The first lines hold the modulus, which is public: the JWKS has it, and by chance even in the same letters.
    lines = {line for number in range(8) for line in training_key(number).splitlines()[7:-1]}
    return texts | lines


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_secret_stands_in_a_saved_notebook(path: Path) -> None:
    """Neither a client secret, nor a signing secret, nor a line of a private key."""
    saved = path.read_text(encoding="utf-8")
    assert not [secret for secret in secrets_of_a_training_tenant() if secret in saved]


def test_the_search_would_find_one() -> None:
    """The values searched for are those a training tenant really hands out."""
    import authkit

    application = authkit.training_tenant().applications.create(name="x")
    assert application.client_secret is not None
    assert application.client_secret.reveal() in secrets_of_a_training_tenant()
