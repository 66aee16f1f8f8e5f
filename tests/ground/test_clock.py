"""Clocks: the system's, and the one that is steered."""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest

from authkit import Clock, ConfigurationError, SteerableClock, SystemClock
from authkit.ground.clock import TRAINING_START, readable


class NoOffset(tzinfo):
    """A time zone that does not know its offset: the datetime counts as naive."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None

    dst = utcoffset

    def tzname(self, moment: datetime | None) -> str | None:
        return None


def test_both_clocks_keep_the_protocol() -> None:
    """A verifier takes either."""
    assert isinstance(SystemClock(), Clock) and isinstance(SteerableClock(), Clock)


def test_the_system_clock_is_the_machines() -> None:
    """It tells the same time as `time`."""
    assert abs(SystemClock().now() - time.time()) < 5
    assert abs(SystemClock().monotonic() - time.monotonic()) < 5


def test_a_steerable_clock_starts_on_the_training_morning() -> None:
    """Every training tenant begins at the same moment."""
    assert SteerableClock().now() == TRAINING_START.timestamp() == 1767603600


def test_a_steerable_clock_stands_still() -> None:
    """Two looks at it give one time."""
    clock = SteerableClock()
    first = clock.now(), clock.monotonic()
    time.sleep(0.01)
    assert (clock.now(), clock.monotonic()) == first


def test_advancing_moves_both_readings() -> None:
    """Days, hours, minutes and seconds add up, in the date and in the age of a cache."""
    clock = SteerableClock()
    clock.advance(days=1, hours=1, minutes=1, seconds=1.5)
    assert clock.now() == TRAINING_START.timestamp() + 90061.5
    assert clock.monotonic() == 90061.5


def test_going_back_leaves_the_monotonic_reading_alone() -> None:
    """A cache never grows younger."""
    clock = SteerableClock()
    clock.advance(hours=1)
    clock.set(TRAINING_START)
    assert clock.now() == TRAINING_START.timestamp() and clock.monotonic() == 3600


def test_setting_forwards_ages_a_cache() -> None:
    """A jump ahead by `set` counts like an advance."""
    clock = SteerableClock()
    clock.set(TRAINING_START + timedelta(days=1))
    assert clock.monotonic() == 86400


def test_any_time_zone_will_do() -> None:
    """The same moment in another zone is the same time."""
    clock = SteerableClock(datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == TRAINING_START.timestamp()


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 1, 5), datetime(2026, 1, 5, tzinfo=NoOffset()), 1767603600, "2026-01-05", None, 10**5000],
    ids=["naive", "no offset", "number", "text", "None", "huge number"],
)
def test_a_moment_without_a_zone_is_refused(moment: object) -> None:
    """Nothing is guessed about a time zone, neither at the start nor later."""
    clock = SteerableClock()
    with pytest.raises(ConfigurationError) as caught:
        clock.set(moment)  # type: ignore[arg-type]
    assert caught.value.code == "clock.no_time_zone"
    with pytest.raises(ConfigurationError):
        SteerableClock(moment)  # type: ignore[arg-type]
    assert clock.now() == TRAINING_START.timestamp()


@pytest.mark.parametrize("year", [1, 1969, 9000, 9999])
def test_a_moment_out_of_range_is_refused(year: int) -> None:
    """A NumericDate is not negative, and what is signed must be able to end."""
    with pytest.raises(ConfigurationError) as caught:
        SteerableClock().set(datetime(year, 1, 1, tzinfo=UTC))
    assert caught.value.code == "clock.out_of_range"


@pytest.mark.parametrize(("moment", "hours"), [(datetime.min, 14), (datetime.max, -14)])
def test_a_moment_that_utc_does_not_have_is_refused(moment: datetime, hours: int) -> None:
    """Its year would be 0 or 10000."""
    with pytest.raises(ConfigurationError) as caught:
        SteerableClock().set(moment.replace(tzinfo=timezone(timedelta(hours=hours))))
    assert caught.value.code == "clock.out_of_range"


@pytest.mark.parametrize(
    "step",
    [
        {"hours": -1},
        {"hours": float("nan")},
        {"hours": float("inf")},
        {"hours": "1"},
        {"days": None},
        {"days": 10**30},
        {"seconds": 1e300},
        {"days": 999_999_999},
    ],
    ids=str,
)
def test_nonsense_steps_are_refused(step: dict[str, float]) -> None:
    """A clock is advanced by a positive span that ends in range; nothing else moves it."""
    clock = SteerableClock()
    with pytest.raises(ConfigurationError) as caught:
        clock.advance(**step)
    assert caught.value.code == "clock.step"
    assert clock.now() == TRAINING_START.timestamp() and clock.monotonic() == 0


def test_advancing_out_of_range_is_refused() -> None:
    """The end of the range holds for steps too."""
    clock = SteerableClock()
    with pytest.raises(ConfigurationError) as caught:
        clock.advance(days=366 * 7000)
    assert caught.value.code == "clock.out_of_range"


def test_repr_shows_where_it_stands() -> None:
    """A learner sees the time in words."""
    assert repr(SteerableClock()) == "SteerableClock(2026-01-05 09:00:00 UTC)"


@pytest.mark.parametrize("timestamp", [1e20, -1e20, float("nan"), float("inf"), 10**30])
def test_a_number_that_is_no_date_is_still_shown(timestamp: float) -> None:
    """`readable` never raises."""
    assert readable(timestamp).endswith("(no date)")


def test_steps_of_several_threads_are_all_made():
    """None is lost, and the monotonic reading grows by no more than they are."""
    clock = SteerableClock()
    before = clock.now()

    def steps():
        for _ in range(5000):
            clock.advance(seconds=1)

    threads = [threading.Thread(target=steps) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert clock.now() - before == clock.monotonic() == 20_000
