"""A Secret shows itself to nobody who does not ask."""

import copy
import json
import pickle
import pprint

import pytest
from pydantic import BaseModel

from authkit import Secret
from authkit.ground.secret import REVEAL

TEXT = "correct horse battery staple correct horse"


class Holder(BaseModel):
    """A model with a secret in it."""

    secret: Secret


def test_reveal_gives_the_text() -> None:
    """The one way out."""
    assert Secret(TEXT).reveal() == TEXT


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(TEXT)),
        str(Secret(TEXT)),
        f"{Secret(TEXT)}",
        f"{Secret(TEXT)!r}",
        f"{Secret(TEXT):>100}",
        f"{Secret(TEXT):s}",
        "{}".format(Secret(TEXT)),  # noqa: UP032 (str.format is what is under test)
        "%s" % Secret(TEXT),  # noqa: UP031 (so is this)
        repr([Secret(TEXT)]),
        repr({"a": Secret(TEXT)}),
        pprint.pformat({"a": Secret(TEXT)}),
        repr(Holder(secret=Secret(TEXT))),
        str(Holder(secret=Secret(TEXT)).model_dump()),
        Holder(secret=Secret(TEXT)).model_dump_json(),
        str(Holder(secret=Secret(TEXT)).model_dump(mode="json")),
        json.dumps({"a": Secret(TEXT)}, default=str),
    ],
)
def test_every_way_of_showing_masks(shown: str) -> None:
    """However it is printed, formatted or dumped, only its length shows."""
    assert TEXT not in shown and "masked" in shown


def test_a_model_writes_it_only_under_the_stores_context() -> None:
    """Serialisation reveals for the store alone, and for nothing that merely looks like its context."""
    holder = Holder(secret=Secret(TEXT))
    assert holder.model_dump(context=REVEAL) == {"secret": TEXT}
    for context in ({"reveal": "yes"}, {"reveal": 1}, ["reveal"], {}):
        assert TEXT not in str(holder.model_dump(context=context))


def test_a_model_takes_text_or_a_secret() -> None:
    """Both become a Secret."""
    assert Holder(secret=TEXT).secret == Holder(secret=Secret(TEXT)).secret == Secret(TEXT)  # type: ignore[arg-type]


def test_it_is_not_pickled() -> None:
    """A pickle would hold it in clear."""
    with pytest.raises(TypeError):
        pickle.dumps(Secret(TEXT))
    with pytest.raises(TypeError):
        pickle.dumps(Holder(secret=Secret(TEXT)))


def test_a_copy_is_the_same_object() -> None:
    """Copying spreads nothing."""
    secret = Secret(TEXT)
    assert copy.copy(secret) is secret and copy.deepcopy([secret])[0] is secret


def test_it_has_no_dictionary_to_look_into() -> None:
    """`vars()` finds nothing."""
    with pytest.raises(TypeError):
        vars(Secret(TEXT))


@pytest.mark.parametrize("candidate", ["", TEXT + "x", TEXT[:-1], TEXT.upper(), "\ud800", "é"])
def test_another_text_does_not_match(candidate: str) -> None:
    """Matching compares all of it, and survives any text."""
    assert not Secret(TEXT).matches(candidate)


def test_the_same_text_matches() -> None:
    """Also where it is no ASCII, or no proper Unicode."""
    assert Secret(TEXT).matches(TEXT) and Secret("é").matches("é") and Secret("\ud800").matches("\ud800")


def test_equality_is_of_secrets_alone() -> None:
    """A plain text never equals a Secret: comparing goes through `matches`."""
    assert Secret(TEXT) == Secret(TEXT) and Secret(TEXT) != Secret("other")
    assert Secret(TEXT) != TEXT
    assert len({Secret(TEXT), Secret(TEXT)}) == 1


def test_length_shows() -> None:
    """A learner sees how long it is."""
    assert len(Secret(TEXT)) == len(TEXT)
