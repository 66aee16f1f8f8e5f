"""The tenant's key ring in the store: read once, moved on by rotation, watched for another process's change."""

from __future__ import annotations

from collections.abc import Callable

from authkit.ground import display
from authkit.ground.clock import Clock, readable
from authkit.jose.keys import SigningKey
from authkit.jose.ring import KeyRing, RingKey
from authkit.storage import Database


class SigningKeys:
    """The tenant's signing keys: next, current, previous and revoked.

    Args:
        database: The tenant's store.
        clock: When a rotation happened.
        make: A fresh key pair, given how many the tenant has had.
    """

    def __init__(self, database: Database, clock: Clock, make: Callable[[int], SigningKey]) -> None:
        self._database = database
        self._clock = clock
        self._make = make
        # The ring as it was last read, with the state of the store it was read in. No lock of its own: taken in the
        # other order than the store's, it would stop reader and writer for good.
        self._cached: tuple[object, KeyRing] | None = None

    def start(self) -> None:
        """The first two keys of a new tenant."""
        self._write(KeyRing.start(self._make(0), self._make(1), now=int(self._clock.now())))

    @property
    def ring(self) -> KeyRing:
        """The ring as it is stored now; private keys are parsed once, when they enter it."""
        state = self._database.state()
        cached = self._cached
        if cached is None or cached[0] != state:
            self._cached = cached = (state, self._read())
        return cached[1]

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self.ring.current

    def rotate(self) -> SigningKey:
        """Next becomes current, current becomes previous, a fresh key becomes next. Returns the new current key.

        Raises:
            ConfigurationError: A training tenant has used all its published keys.
        """
        with self._database.transaction():
            ring = self._read()
            self._write(ring.rotate(self._make(len(ring.keys)), now=int(self._clock.now())))
        return self.current

    def revoke(self, kid: str) -> None:
        """Take the previous key out of the JWKS for good.

        Raises:
            ConfigurationError: It is not the previous key.
        """
        with self._database.transaction():
            self._write(self._read().revoke(kid, now=int(self._clock.now())))

    def _read(self) -> KeyRing:
        known = {(one.key.kid, one.key.certificate): one.key for one in self._cached[1].keys} if self._cached else {}
        rows = self._database.rows(
            "SELECT kid, private_pem, certificate, place, current_since, current_until, revoked_at "
            "FROM signing_keys ORDER BY number"
        )
        return KeyRing(
            tuple(
                RingKey(
                    key=known.get((kid, certificate)) or SigningKey.from_store(pem, certificate),
                    place=place,
                    current_since=since,
                    current_until=until,
                    revoked_at=revoked,
                )
                for kid, pem, certificate, place, since, until, revoked in rows
            )
        )

    def _write(self, ring: KeyRing) -> None:
        with self._database.transaction():
            for number, entry in enumerate(ring.keys):
                self._database.execute(
                    "INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET "
                    "place = excluded.place, current_since = excluded.current_since, "
                    "current_until = excluded.current_until, revoked_at = excluded.revoked_at",
                    (
                        number, entry.key.kid, entry.key.private_pem().reveal(), entry.key.certificate,
                        entry.place, entry.current_since, entry.current_until, entry.revoked_at,
                    ),
                )  # fmt: skip

    def __repr__(self) -> str:
        return "\n".join(["Signing keys", *(f"  {entry.place:<9} {entry.key.kid}" for entry in self.ring.keys)])

    def _repr_html_(self) -> str:
        def when(moment: int | None) -> display.Html:
            words = [] if moment is None else readable(moment).removesuffix(" UTC").split()
            return display.join(map(_whole, words), " ")

        rows = (
            (
                _whole(e.place), display.name(e.key.kid),
                when(e.current_since), when(e.current_until), when(e.revoked_at),
            )
            for e in self.ring.keys
        )  # fmt: skip
        head = ("place", "kid", "current since", "until", "revoked")
        return display.table(head, rows, caption="Signing keys, times in UTC")


def _whole(word: str) -> display.Html:
    """A short word of a wide table, never broken over two lines."""
    return display.tag("span", word, style="white-space:nowrap")
