"""The tenant's users: who can log in, their roles, and what they may do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from authkit.ground.chance import Chance
from authkit.ground.secret import Secret
from authkit.registry import passwords
from authkit.registry.apis import Apis
from authkit.registry.collection import Collection, storable, with_numbers
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

    def create(self, /, *, email: str = "", password: str | Secret = "", **settings: Any) -> User:
        """Register a user.

        Args:
            email: The address to log in with.
            password: 8 to 256 characters.
            **settings: Other fields of `User`, as in `name="Ada"`.

        Raises:
            RegistrationError: A rule is broken; nothing was stored.
        """
        password = _told(password)
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
            user = self.adopt(draft)
            self._database.execute("UPDATE users SET password_hash = ? WHERE id = ?", (kept.reveal(), user.id))
        return user

    def find(self, name: object) -> User | None:
        """The one with this user id or e-mail address, or None."""
        return super().find(name.lower() if isinstance(name, str) and "@" in name else name)

    def authenticate(self, email: str, password: str | Secret) -> User | None:
        """The user with this address and password who may log in; None for every fault, which takes as long."""
        password = _masked(password)  # in every frame of a traceback
        found = self.authenticated(email, password)
        return None if found is None else found[0]

    def authenticated(self, email: str, password: str | Secret) -> tuple[User, str] | None:
        """The same, and with the user the `password_mark` of the very password that was right."""
        # Cut one past what a password may have: a megabyte is hashed for nobody, and a cut one matches nothing.
        password = Secret(_masked(password).reveal()[: passwords.MAX_PASSWORD + 1])
        user, kept = self._with_hash(email)
        right = passwords.matches(password, kept)
        return (user, _mark(kept)) if user is not None and right and not user.blocked else None

    def update(self, one: User | str, /, *, password: str | Secret | None = None, **changes: Any) -> User:
        """Change some fields, the password or both; what is not named stays. Returns the new, frozen object.

        With another password the old one ends at once, and with it every login in a browser. Refresh tokens stay, as
        with the vendor: revoke the user's families to end them too.

        Raises:
            RegistrationError: An unknown user, or a value against its rule; nothing was stored.
        """
        if password is None:
            return super().update(one, **changes)
        password = _told(password)
        found = self.get(one)
        _checked_password(password)
        kept = self._hashed(password)  # before the store is locked, as in create
        with self._database.transaction():
            changed = super().update(found, **changes)
            self._database.execute("UPDATE users SET password_hash = ? WHERE id = ?", (kept.reveal(), changed.id))
        return changed

    def set_password(self, user: User | str, password: str | Secret) -> None:
        """Give the user another password, and nothing else; see `update`."""
        password = _told(password)  # in every frame of a traceback
        self.update(user, password=password)

    def password_mark(self, user_id: str) -> str:
        """A text that is another one once the user has another password, and tells nothing of either; empty for nobody.

        Whoever keeps it with a login can see later whether it was made with the password of now.
        """
        rows = self._database.rows("SELECT password_hash FROM users WHERE id = ?", (storable(user_id),))
        return _mark(Secret(rows[0][0])) if rows else ""

    def roles(self, user: User | str) -> tuple[Role, ...]:
        """The user's roles, in the order they were given."""
        return self._roles._select(
            "JOIN user_roles ON role_id = roles.id WHERE user_id = ? ORDER BY user_roles.number", self.get(user).id
        )

    def in_role(self, role: Role | str) -> tuple[User, ...]:
        """Who has this role, in the order it was given to them."""
        return self._select(
            "JOIN user_roles ON user_id = users.id WHERE role_id = ? ORDER BY user_roles.number",
            self._roles.get(role).id,
        )

    def numbered_in_role(self, role: Role | str, some: Iterable[User]) -> list[tuple[int, User]]:
        """Those of them who still have the role, with the numbers by which they stand in the order of `in_role`."""
        return with_numbers(
            some,
            self._database.rows(
                "SELECT user_id, number FROM user_roles WHERE role_id = ?", (self._roles.get(role).id,)
            ),
        )

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
        """Take roles away from the user; those it does not have are no fault.

        Raises:
            RegistrationError: An unknown user or role; nothing was changed.
        """
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
        """Take scopes of an API away that the user holds directly; those it does not hold are no fault.

        Raises:
            RegistrationError: An unknown user or API; nothing was changed.
        """
        with self._database.transaction():
            self._holdings.remove(self.get(user).id, api, names)

    def permissions_for(self, user: User | str, api: Api | str) -> tuple[str, ...]:
        """What the user may do with an API: by roles and directly, in the order in which the API defines its scopes.

        Raises:
            RegistrationError: An unknown user or API.
        """
        found, of = self.get(user), self._apis.get(api)
        # One query: what is taken from one role and given to another meanwhile must not be missed in both.
        rows = self._database.rows(
            "SELECT permission FROM user_permissions WHERE owner = ? AND audience = ? UNION "
            "SELECT permission FROM role_permissions JOIN user_roles ON role_id = owner "
            "WHERE user_id = ? AND audience = ?",
            (found.id, of.identifier) * 2,
        )
        held = {name for (name,) in rows}
        # A scope that the API no longer defines means nothing, even where a role still lists it.
        return tuple(name for name in of.scope_values if name in held)

    def _made(self, draft: User) -> dict[str, Any]:
        return {"user_id": draft.id or self._fresh(lambda: f"auth0|{self._chance.value('user_id').hex()[:24]}")}

    def _insert(self, one: User, **more: str) -> None:
        super()._insert(one, password_hash=passwords.NOBODYS.reveal(), **more)

    def _with_hash(self, email: str) -> tuple[User | None, Secret]:
        rows = self._database.rows(
            "SELECT document, password_hash FROM users WHERE email = ?", (storable(email).lower(),)
        )
        return (self._load(rows[0][0]), Secret(rows[0][1])) if rows else (None, passwords.NOBODYS)

    def _hashed(self, password: Secret) -> Secret:
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


def _masked(password: object) -> Secret:
    """A password that no traceback shows, be it right or wrong. What is no text is as good as none."""
    return password if isinstance(password, Secret) else Secret(password if isinstance(password, str) else "")


def _mark(kept: Secret) -> str:
    return hashlib.sha256(kept.reveal().encode()).hexdigest()


def _told(password: object) -> Secret:
    """A password to keep, masked from here on; what is no text is none."""
    if not isinstance(password, str | Secret):
        raise registration_error("User", "password", "not_text", "must be text", "Put it in quotes.", password)
    return _masked(password)


def _checked_password(password: Secret) -> None:
    text = password.reveal()
    if not passwords.MIN_PASSWORD <= len(text) <= passwords.MAX_PASSWORD or not storable(text) or "\0" in text:
        raise registration_error(
            "User", "password", "length",
            f"must be text of {passwords.MIN_PASSWORD} to {passwords.MAX_PASSWORD} characters, none of them NUL",
            "Choose another.",
            password,
        )  # fmt: skip
