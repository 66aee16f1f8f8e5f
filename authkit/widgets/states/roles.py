"""Roles: what each may, who has it, and the token that comes of it for one user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from traitlets import Bool, Dict, HasTraits, Instance, Int, Tuple, Unicode, observe

from authkit.ground.display import printable
from authkit.ground.errors import AuthKitError, RegistrationError
from authkit.ground.secret import Secret
from authkit.issuance.preview import Sight
from authkit.issuance.refusal import GrantRefused
from authkit.registry.models import Api, Model, Role, User
from authkit.registry.rules import problems
from authkit.tenant import Tenant
from authkit.widgets.states import api_code, fields, role_preview, roles_code
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.matrix import MOST, Line, Matrix, found, matrix
from authkit.widgets.states.news import listen, tell
from authkit.widgets.states.token_change import members

LOGIN: Final[dict[str, Any]] = dict(roles_code.LOGIN)
INPUTS: Final = ("find", "new_role", "email", "scope")
_TYPED: Final[dict[str, tuple[type[Model], str, str]]] = {
    "new_role": (Role, "name", "The name"),
    "email": (User, "email", "The address"),
}


class RolesState(HasTraits):
    """What the roles panel holds; never raises for what was typed or clicked.

    Args:
        tenant: Whose roles they are.
        api: The id of the API to start with; without one the first that is not the tenant's own.

    Attributes:
        api_id: The API whose permissions are shown.
        user_id: Whose token is previewed.
        scope: The scopes that token is asked for with, as typed; empty asks for all that the API defines.
        find: What permissions, roles and users in sight should hold, as typed.
        new_role, email: The name of a role and the address of a user to create, as typed.
        choices, user_choices: A label and the id of every API and user.
        api: The API, or None.
        rbac, dialect: Its settings that decide what becomes of a role.
        permissions: Permissions by roles.
        users: Users by roles.
        large: Whether not all of them can be in sight at once.
        counts: How many permissions, roles and users there are.
        lacking: What a preview needs and the tenant has not, `user` or `application`; empty if it has both.
        through: The name of the application that the user would log in through.
        token: The token for the user, member by member, with what differs since before the last click.
        granted: The scopes it has.
        left_out: Those it was asked for and has not, with the reason.
        refusal: Why there is no token, or None.
        problems, shown: What is wrong with what was typed; what of it the reader should see already.
        done: What the last click did, in a sentence.
        failure: Why a click did nothing, or why nothing can be shown, or None.
        python, http, preview_python: The last click, and the preview, as code.
        looks: How often the tenant was looked at: a tick that was refused has to be put back by it.
    """

    api_id = Unicode()
    user_id = Unicode()
    scope = Unicode()
    find = Unicode()
    new_role = Unicode()
    email = Unicode()

    choices = Tuple()
    user_choices = Tuple()
    api = Instance(Api, allow_none=True)
    rbac = Bool(False)
    dialect = Unicode("access_token")
    permissions = Instance(Matrix, ())
    users = Instance(Matrix, ())
    large = Bool(False)
    counts = Tuple((0, 0, 0))
    lacking = Unicode()
    through = Unicode()
    token = Tuple()
    granted = Tuple()
    left_out = Unicode()
    refusal = Instance(GrantRefused, allow_none=True)
    problems: Dict[str, fields.Problem] = Dict()
    shown: Dict[str, fields.Problem] = Dict()
    done = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()
    preview_python = Unicode()
    looks = Int(0)

    def __init__(self, tenant: Tenant[Any], api: str = "") -> None:
        super().__init__()
        self.tenant = tenant
        self._own = False
        self._did: Code | None = None
        self._refused: AuthKitError | None = None
        self._touched: set[str] = set()
        self._sight: Sight | None = None
        self._before: Sight | None = None
        self._set(api_id=api)
        self.refresh()
        listen(tenant, self)

    def tick_permission(self, scope: str, role: str, on: bool) -> None:
        """Give a role a permission of the API, or take it away."""
        api = self.api
        if api is None or ((scope, role) in self.permissions.ticked) is on:
            return

        def change() -> str:
            name = printable(self.tenant.roles.get(role).name)
            act = self.tenant.roles.add_permissions if on else self.tenant.roles.remove_permissions
            act(role, api, [scope])
            return f"{name} {'may now' if on else 'no longer may'} {scope}."

        self._attempt(roles_code.permission(self.tenant.issuer, role, api, scope, on), change)

    def tick_user(self, user: str, role: str, on: bool) -> None:
        """Give a user a role, or take it away."""
        if ((user, role) in self.users.ticked) is on:
            return

        def change() -> str:
            name = printable(self.tenant.roles.get(role).name)
            (self.tenant.users.add_roles if on else self.tenant.users.remove_roles)(user, role)
            return f"{self.tenant.users.get(user).email} {'now has' if on else 'no longer has'} the role {name}."

        self._attempt(roles_code.membership(self.tenant.issuer, user, role, on), change)

    def set_rbac(self, on: bool) -> None:
        """Switch the API's RBAC."""
        if on is not self.rbac:
            said = "Roles now decide what a user gets." if on else "Roles no longer decide what a user gets."
            self._change_api({"enforce_policies": on}, said)

    def set_dialect(self, dialect: str) -> None:
        """Choose how the API's tokens are written."""
        if dialect != self.dialect:
            self._change_api({"token_dialect": dialect}, f"Tokens of this API are now written as {dialect}.")

    def create_role(self) -> None:
        """Create a role of this name, which holds nothing yet."""
        name = self.new_role

        def create() -> str:
            self.tenant.roles.create(name=name)
            self._clear("new_role")
            return f"Created: the role {name}. It may do nothing yet."

        if self._ready("new_role"):
            self._attempt(roles_code.new_role(self.tenant.issuer, name), create)

    def create_user(self, password: Secret) -> None:
        """Create a user with this address.

        Args:
            password: The password: it goes to the tenant, which keeps a hash, and stays nowhere else.
        """
        email = self.email

        def create() -> str:
            made = self.tenant.users.create(email=email, password=password)
            self._clear("email")
            self._set(user_id=made.user_id)
            return f"Created: the user {made.email}. It has no role yet."

        if self._ready("email"):
            self._attempt(roles_code.new_user(self.tenant.issuer, email), create)

    def create_application(self) -> None:
        """Create an application that users log in through."""

        def create() -> str:
            made = self.tenant.applications.create(**LOGIN)
            return f"Created: the application {made.name}, which users log in through."

        self._attempt(roles_code.new_application(self.tenant.issuer), create)

    def reset(self) -> None:
        """Nothing typed, nothing sought, and the token compared with none before."""
        self._forget()
        self._touched.clear()
        self._set(**dict.fromkeys(INPUTS, ""))
        self.refresh()

    def refresh(self) -> None:
        """Look again, at the tenant as it is now."""
        self.failure = self._refused
        try:
            self._look()
        except AuthKitError as error:
            self.failure = error
        self.problems = {name: problem for name in _TYPED if (problem := self._problem(name)) is not None}
        self.shown = {name: problem for name, problem in self.problems.items() if name in self._touched}
        self.python, self.http = self._did or roles_code.listed(self.tenant.issuer)
        self.looks += 1

    @observe(*INPUTS, "api_id", "user_id")
    def _typed(self, change: Any) -> None:
        if not self._own:
            if change["name"] in ("api_id", "user_id", "scope"):
                self._forget()  # another token: nothing to compare it with
            self._touched.add(change["name"])
            self.refresh()

    def _look(self) -> None:
        apis, roles, users = list(self.tenant.apis), list(self.tenant.roles), list(self.tenant.users)
        if self.api_id not in [api.id for api in apis]:
            self._set(api_id=min(apis, key=lambda api: api.is_system).id)
        if self.user_id not in [user.id for user in users]:
            self._set(user_id=users[0].id if users else "")
        self.choices = tuple((_label(api), api.id) for api in apis)
        self.user_choices = tuple((printable(user.email), user.id) for user in users)
        self.api = api = next(api for api in apis if api.id == self.api_id)
        self.rbac, self.dialect = bool(api.enforce_policies), api.dialect
        self._tables(api, roles, users)
        self._preview(api, next((user for user in users if user.id == self.user_id), None))

    def _tables(self, api: Api, roles: list[Role], users: list[User]) -> None:
        scopes = found([Line(name, name) for name in api.scope_values], self.find)
        columns = found([Line(role.id, role.name) for role in roles], self.find)
        people = found([Line(user.id, user.email) for user in users], self.find)
        held = [
            (one.permission_name, role.id)
            for role in columns
            for one in self.tenant.roles.permissions(role.id)
            if one.resource_server_identifier == api.identifier
        ]
        has = [(user.id, role.id) for user in people for role in self.tenant.users.roles(user.id)]
        self.permissions, self.users = matrix(scopes, columns, held), matrix(people, columns, has)
        self.counts = (len(api.scopes), len(roles), len(users))
        self.large = max(self.counts) > MOST

    def _preview(self, api: Api, user: User | None) -> None:
        application = role_preview.logs_in(self.tenant.applications)
        self.lacking = "user" if user is None else "application" if application is None else ""
        self.token, self.granted, self.left_out, self.refusal = (), (), "", None
        self._sight, self.preview_python = None, "# A preview needs a user, and an application to log in through."
        if user is None or application is None:
            return
        asked = tuple(dict.fromkeys(self.scope.split())) or api.scope_values
        self.through = printable(application.name)
        self.preview_python = roles_code.preview(application, api, user, asked)
        self._sight, self.granted, self.left_out = role_preview.preview(self.tenant, application, api, user, asked)
        self.refusal = self._sight.refused
        self.token = members(self._sight, self._before)

    def _change_api(self, changes: dict[str, Any], said: str) -> None:
        api = self.api
        if api is None:
            return

        def change() -> str:
            self.tenant.apis.update(api, **changes)
            return said

        self._attempt(api_code.change_api(self.tenant.issuer, api, changes), change)

    def _attempt(self, code: Code, action: Callable[[], str]) -> None:
        """Do what a click asks for, and keep the token of before for comparison."""
        before = self._sight
        self._forget()
        try:
            said = action()
        except AuthKitError as error:
            self._refused = error
            self.refresh()
            return
        self._did, self.done, self._before = code, said, before
        tell(self.tenant)

    def _ready(self, name: str) -> bool:
        """Whether what was typed will do; if not, the click before is no longer what the reader is at."""
        self._touched.add(name)
        self.refresh()
        if name in self.problems:
            self._forget()
            self.refresh()
        return name not in self.problems

    def _problem(self, name: str) -> fields.Problem | None:
        model, field, label = _TYPED[name]
        return _fault(model, field, label, getattr(self, name))

    def _forget(self) -> None:
        self._did = self._refused = self._before = None
        self.done = ""

    def _clear(self, name: str) -> None:
        self._touched.discard(name)
        self._set(**{name: ""})

    def _set(self, **values: str) -> None:
        """Set inputs without taking that for typing."""
        self._own = True
        try:
            for name, value in values.items():
                setattr(self, name, value)
        finally:
            self._own = False


def _fault(model: type[Model], field: str, label: str, typed: str) -> fields.Problem | None:
    values: dict[str, Any] = {"id": "", "name": typed} if model is Role else {"user_id": "", "email": typed}
    error: RegistrationError | None = problems(model, values).get(field)
    return None if error is None else fields.Problem(error.code, f"{label} {error.rule}.", error.remedy)


def _label(api: Api) -> str:
    return printable(f"{(api.name or api.identifier)[:80]}{' (system)' if api.is_system else ''}")
