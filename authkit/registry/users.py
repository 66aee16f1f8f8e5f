"""The tenant's users: who can log in, their roles, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from authkit.ground.chance import Chance
from authkit.registry import passwords
from authkit.registry.apis import Apis
from authkit.registry.collection import Collection, storable
from authkit.registry.models import Api, Permission, Role, User
from authkit.registry.permissions import Holdings
from authkit.registry.roles import Roles
from authkit.registry.rules import build, registration_error
from authkit.storage import Database

MAX_ROLES_OF_A_USER: Final = 50


class Users(Collection[User]):
    """The tenant's users. A password is kept as a hash alone, and shown by nothing."""

    model = User
    table = "users"
    keys = ("id", "email")

    def __init__(self, database: Database, chance: Chance, apis: Apis, roles: Roles) -> None:
        super().__init__(database, chance)
        self._apis = apis
        self._roles = roles
        self._holdings = Holdings(database, apis, "user_permissions", "User")

    def create(self, /, *, email: str = "", password: str = "", **settings: Any) -> User:
        """Register a user.

        Args:
            email: The address to log in with.
            password: At least 8 characters.
            **settings: Other fields of `User`, as in `name="Ada"`.

        Raises:
            RegistrationError: A rule is broken; nothing was stored.
        """
        if "user_id" in settings:
            raise registration_error(
                "User", "user_id", "read_only", "is made by the tenant", "Leave user_id out.", settings["user_id"]
            )
        draft = build(User, {"email": email, **settings, "user_id": ""})
        self._check(draft)
        _checked_password(password)
        # Hashing takes its time, and nobody else should wait for it: the store is locked afterwards, and asked again.
        kept = self._hashed(password)
        with self._database.transaction():
            self._check(draft)
            # Chance is drawn last, so that a refused attempt changes no later identifier.
            user = draft.model_copy(update={"user_id": f"auth0|{self._chance.value('user_id').hex()[:24]}"})
            self._database.execute(
                "INSERT INTO users (id, email, password_hash, document) VALUES (?, ?, ?, ?)",
                (user.id, user.email, kept, self._document(user)),
            )
        return user

    def find(self, name: object) -> User | None:
        """The one with this user id or e-mail address, or None."""
        return super().find(name.lower() if isinstance(name, str) and "@" in name else name)

    def authenticate(self, email: str, password: str) -> User | None:
        """The user with this address and password who may log in; None for every fault, which takes as long."""
        rows = self._database.rows(
            "SELECT document, password_hash FROM users WHERE email = ?", (storable(email).lower(),)
        )
        kept = rows[0][1] if rows else _NOBODYS
        # Cut one past what a password may have: a megabyte is hashed for nobody, and a cut one matches nothing.
        right = passwords.matches(password[: passwords.MAX_PASSWORD + 1], kept)
        user = self._load(rows[0][0]) if rows and right else None
        return None if user is None or user.blocked else user

    def set_password(self, user: User | str, password: str) -> None:
        """Give the user another password.

        Raises:
            RegistrationError: An unknown user, or a password that is too short or too long.
        """
        found = self.get(user)
        _checked_password(password)
        self._database.execute("UPDATE users SET password_hash = ? WHERE id = ?", (self._hashed(password), found.id))

    def roles(self, user: User | str) -> tuple[Role, ...]:
        """The user's roles, in the order they were given."""
        rows = self._database.rows(
            "SELECT role_id FROM user_roles WHERE user_id = ? ORDER BY number", (self.get(user).id,)
        )
        return tuple(self._roles.get(role) for (role,) in rows)

    def in_role(self, role: Role | str) -> tuple[User, ...]:
        """Who has this role."""
        rows = self._database.rows(
            "SELECT user_id FROM user_roles WHERE role_id = ? ORDER BY number", (self._roles.get(role).id,)
        )
        return tuple(self.get(user) for (user,) in rows)

    def add_roles(self, user: User | str, *roles: Role | str) -> None:
        """Give the user roles; those it has stay.

        Raises:
            RegistrationError: An unknown user or role, or more than 50; nothing was stored.
        """
        with self._database.transaction():
            found = self.get(user)
            for role in roles:
                self._database.execute(
                    "INSERT INTO user_roles (user_id, role_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (found.id, self._roles.get(role).id),
                )
            number = len(self.roles(found))
            if number > MAX_ROLES_OF_A_USER:
                raise registration_error(
                    "User", "roles", "too_many", f"may be at most {MAX_ROLES_OF_A_USER}",
                    "Put the permissions into fewer roles.", number,
                )  # fmt: skip

    def remove_roles(self, user: User | str, *roles: Role | str) -> None:
        """Take roles away from the user."""
        with self._database.transaction():
            found = self.get(user)
            for role in roles:
                self._database.execute(
                    "DELETE FROM user_roles WHERE user_id = ? AND role_id = ?", (found.id, self._roles.get(role).id)
                )

    def permissions(self, user: User | str) -> tuple[Permission, ...]:
        """What the user holds directly, without roles."""
        return self._holdings.of(self.get(user).id)

    def add_permissions(self, user: User | str, api: Api | str, names: Iterable[str]) -> None:
        """Give the user scopes of an API directly.

        Raises:
            RegistrationError: An unknown user, API or scope; nothing was stored.
        """
        with self._database.transaction():
            self._holdings.add(self.get(user).id, api, names)

    def remove_permissions(self, user: User | str, api: Api | str, names: Iterable[str]) -> None:
        """Take scopes of an API away that the user holds directly."""
        with self._database.transaction():
            self._holdings.remove(self.get(user).id, api, names)

    def permissions_for(self, user: User | str, api: Api | str) -> tuple[str, ...]:
        """What the user may do with an API: by roles and directly, in the order in which the API defines its scopes."""
        found, of = self.get(user), self._apis.get(api)
        held = [*self.permissions(found), *(one for role in self.roles(found) for one in self._roles.permissions(role))]
        names = {one.permission_name for one in held if one.resource_server_identifier == of.identifier}
        # A scope that the API no longer defines means nothing, even where a role still lists it.
        return tuple(name for name in of.scope_values if name in names)

    def _hashed(self, password: str) -> str:
        return passwords.hashed(password, self._chance.value("password_salt")[:16])

    def _check(self, one: User) -> None:
        other = self.find(one.email)
        if other is not None and other.id != one.id:
            raise registration_error(
                "User",
                "email",
                "duplicate",
                "must be unique in the tenant",
                "Choose another, or use that user.",
                one.email,
            )

    def _columns(self, one: User) -> dict[str, str]:
        return {"email": one.email}


_NOBODYS: Final = "scrypt$16384$8$5$" + "A" * 24 + "$" + "A" * 43 + "="
"""A hash that no password has, checked where there is no such user, so that the answer takes as long."""


def _checked_password(password: object) -> None:
    long_enough = isinstance(password, str) and passwords.MIN_PASSWORD <= len(password) <= passwords.MAX_PASSWORD
    if not long_enough or not storable(password) or "\0" in str(password):
        raise registration_error(
            "User", "password", "length",
            f"must be text of {passwords.MIN_PASSWORD} to {passwords.MAX_PASSWORD} characters", "Choose another.",
            password,
        )  # fmt: skip
