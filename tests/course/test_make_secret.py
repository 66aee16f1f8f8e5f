"""03 q5: a secret passes by the chance that is seen going into it, however it is written."""

import os
import random
import secrets
import threading
import time
from typing import Any

import pytest

from authkit.course import plan
from authkit.course.answer import Answer
from authkit.course.chance import held_still
from authkit.course.outcome import Outcome

(MAKE,) = (one for one in plan("03").exercises if one.id == "q5")

NOTHING_DRAWN = {
    "a generator with a seed": "rng = random.Random(42)\ndef make_secret():\n    return rng.randbytes(32)",
    "a generator begun once": "rng = random.Random()\ndef make_secret():\n    return rng.randbytes(32)",
    "one begun each time": "def make_secret():\n    return random.Random().randbytes(32)",
    "numpy's, with a seed": "rng = np.random.default_rng(42)\ndef make_secret():\n    return rng.bytes(32)",
    "numpy's own": "def make_secret():\n    return np.random.bytes(32)",
    "a counter": "c = count()\ndef make_secret():\n    return sha(f'orders{next(c)}')",
    "a clock of the cell": "from time import time\ndef make_secret():\n    return sha(time())",
    "a clock that only goes on": "import time\ndef make_secret():\n    return sha(time.monotonic_ns())",
    "the date": "from datetime import datetime\ndef make_secret():\n    return sha(datetime.now())",
    "a stretched clock": "def make_secret():\n    return hashlib.shake_256(str(datetime.now()).encode()).digest(99)",
    "chance drawn once": "key = os.urandom(32)\nc = count()\ndef make_secret():\n    return sha(f'{key}{next(c)}')",
}
TOO_LITTLE_DRAWN = {
    "the repr of sixteen bytes": "def make_secret():\n    return str(secrets.token_bytes(16))",
    "the same digits twice": "def make_secret():\n    return secrets.token_hex(16) * 2",
    "a hash of four bytes": "def make_secret():\n    return hashlib.sha256(os.urandom(4)).hexdigest()",
    "a hash of a small number": "def make_secret():\n    return sha(secrets.randbelow(10**6))",
    "few words": "def make_secret():\n    return '-'.join(secrets.choice(WORDS) for _ in range(16))",
    "few words at once": "def make_secret():\n    return '-'.join(random.SystemRandom().choices(WORDS, k=16))",
    "words by a byte each": "def make_secret():\n    return ''.join(WORDS[one % 4] for one in os.urandom(40))",
    "a seed of four bytes": "def make_secret():\n    return random.Random(os.urandom(4)).randbytes(32)",
    "numpy's seed": "def make_secret():\n    return np.random.default_rng().bytes(32)",
    "four letters a place": "def make_secret():\n    return ''.join(secrets.choice('acgt') for _ in range(99))",
    "cut off": "def make_secret():\n    return secrets.token_hex(32)[:32]",
    "two UUIDs": "def make_secret():\n    return uuid.uuid4().hex + uuid.uuid4().hex",
    "thrown away": "def make_secret():\n    os.urandom(32)\n    return sha(time.time())",
    "thrown away for a counter": "c = count()\ndef make_secret():\n    os.urandom(32)\n    return sha(next(c))",
}
RIGHT = {
    "a name of the cell": "from os import urandom\ndef make_secret():\n    return urandom(32)",
    "by default": "make_secret = secrets.token_hex",
    "a generator of the system's": "rng = random.SystemRandom()\ndef make_secret():\n    return rng.randbytes(32)",
    "letters": "def make_secret():\n    return ''.join(random.SystemRandom().choices(population=LETTERS, k=45))",
    "digits": "def make_secret():\n    return ''.join(str(secrets.randbelow(10)) for _ in range(80))",
    "numbers": "def make_secret():\n    return bytes(secrets.randbelow(256) for _ in range(32))",
    "one number": "def make_secret():\n    return f'{secrets.randbelow(2**256):x}'.zfill(64)",
    "many words": "def make_secret():\n    return ' '.join(secrets.choice(MANY) for _ in range(26))",
    "shuffled": "def make_secret():\n    return ''.join(random.SystemRandom().sample(string.printable, 50))",
    "hashed": "def make_secret():\n    return hashlib.sha256(os.urandom(32)).digest()",
    "with the clock": "def make_secret():\n    return sha(f'{time.time()}{secrets.token_hex(32)}')",
    "behind the date": "def make_secret():\n    return f'{datetime.now()}-' + secrets.token_hex(32)",
    "three UUIDs": "def make_secret():\n    return ''.join(uuid.uuid4().hex for _ in range(3))",
    "Fernet's": "from cryptography.fernet import Fernet\nmake_secret = Fernet.generate_key",
    "OpenSSL's": "import ssl\ndef make_secret():\n    return ssl.RAND_bytes(32)",
    "numpy's, well begun": "def make_secret():\n    return np.random.default_rng(secrets.randbits(256)).bytes(32)",
}
WHERE_NO_CHECK_SEES = {
    "the device": "def make_secret():\n    with open('/dev/urandom', 'rb', buffering=0) as device:\n"
    "        return device.read(32)",
    "cryptography": (
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\n"
        "def make_secret():\n    return AESGCM.generate_key(256)"
    ),
}
BEFORE = """import hashlib, os, random, secrets, string, time, uuid
import numpy as np
from datetime import datetime
from itertools import count
LETTERS = string.ascii_letters
WORDS = ("apple", "pear", "plum", "cherry")
MANY = [f"{one:03x}" for one in range(2048)]
def sha(value):
    return hashlib.sha256(str(value).encode()).hexdigest()
"""


def made_by(code: str) -> Any:
    """The function that a cell defines."""
    cell: dict[str, Any] = {}
    exec(BEFORE + code, cell)
    return cell["make_secret"]


def said_of(code: str) -> Outcome:
    """What the check says of a cell."""
    outcome = MAKE.outcome("03", made_by(code))
    assert len(outcome.feedback.split()) <= 40
    return outcome


@pytest.mark.parametrize("name", NOTHING_DRAWN)
def test_what_can_be_computed_again_is_no_secret(name: str) -> None:
    """Whatever it is made of."""
    outcome = said_of(NOTHING_DRAWN[name])
    assert (outcome.kind, outcome.belief) == ("try again", "any chance will do"), outcome


@pytest.mark.parametrize("name", TOO_LITTLE_DRAWN)
def test_too_little_chance_is_not_made_more(name: str) -> None:
    """By no length and no hash."""
    assert said_of(TOO_LITTLE_DRAWN[name]).kind == "try again"


@pytest.mark.parametrize("name", RIGHT)
def test_256_bits_from_the_system_are_a_secret(name: str) -> None:
    """In any spelling, each time."""
    make = made_by(RIGHT[name])
    assert [MAKE.outcome("03", make) for _ in range(5) if not MAKE.outcome("03", make).passed] == []


@pytest.mark.parametrize("name", WHERE_NO_CHECK_SEES)
def test_what_the_check_cannot_see_is_not_called_guessable(name: str) -> None:
    """It says what it saw, and asks."""
    if "/dev/urandom" in WHERE_NO_CHECK_SEES[name] and not os.path.exists("/dev/urandom"):
        pytest.skip("no such device here")
    outcome = said_of(WHERE_NO_CHECK_SEES[name])
    assert outcome.kind == "try again" and "This check saw nothing drawn from os.urandom" in outcome.feedback


def test_a_secret_that_stays_for_a_second_comes_from_the_clock() -> None:
    """And what stays for good stands in the code."""
    seconds = said_of("def make_secret():\n    return sha(int(time.time()))")
    for_good = said_of("def make_secret():\n    return sha('orders')")
    assert (seconds.belief, for_good.belief) == ("any chance will do", "any secret will do")
    assert "clock" in seconds.feedback and "clock" not in for_good.feedback


def test_chance_is_held_still_for_the_answer_alone() -> None:
    """Neither for another thread, nor for whoever has kept a name of that time."""
    kept: list[Any] = []
    elsewhere: list[bytes] = []

    def draw() -> bytes:
        kept.append(os.urandom)
        other = threading.Thread(target=lambda: elsewhere.append(os.urandom(32)))
        other.start()
        other.join()
        return secrets.token_bytes(32)

    before = (os.urandom, time.time, random.getstate())
    first, second = (held_still(Answer(draw), 1) for _ in range(2))
    assert first == second and first.bits == 256
    assert elsewhere[0] != elsewhere[1]
    assert kept[0](32) != kept[0](32)
    assert before == (os.urandom, time.time, random.getstate())
    assert secrets.token_bytes(32) != secrets.token_bytes(32) != first.made
