"""How old a login is: neither a machine that slept nor a clock that was set back makes it younger."""

import pytest

from authkit.http.login.sessions import SESSION_SECONDS, Sessions


class Machine:
    """A clock whose two readings go apart, as they do while a laptop sleeps."""

    def __init__(self) -> None:
        self.wall, self.running = 1_800_000_000.0, 100.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.running


@pytest.mark.parametrize(("wall", "running", "age"), [(60, 60, 60), (8 * 3600, 1, 8 * 3600), (-3600, 60, 60)])
def test_a_login_is_as_old_as_the_longer_reading_says(wall: float, running: float, age: float) -> None:
    """Awake, asleep, and with the clock set back."""
    machine = Machine()
    sessions = Sessions(machine)
    session = sessions.find(sessions.begin("ada", "request", instead_of="x"))
    assert session is not None
    machine.wall += wall
    machine.running += running
    assert sessions.age(session) == age


def test_a_session_ends_while_the_machine_sleeps() -> None:
    """After three days of anybody's time."""
    machine = Machine()
    sessions = Sessions(machine)
    cookie = sessions.begin("ada", "request", instead_of="x")
    machine.wall += SESSION_SECONDS
    assert sessions.find(cookie) is None
