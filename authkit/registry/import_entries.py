"""Taking the entries of an export in, one by one, with every fault named by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from authkit.ground import display
from authkit.ground.errors import RegistrationError
from authkit.registry import risks
from authkit.registry.import_faults import Taken, at, together
from authkit.registry.import_members import (
    checked_client_id,
    checked_client_secret,
    listed,
    members,
    without_nulls,
)
from authkit.registry.import_notes import Notes
from authkit.registry.imported import NOUNS, Imported
from authkit.registry.models import (
    CONFIDENTIAL,
    DEFAULT_GRANT_TYPES,
    Api,
    Application,
    ClientGrant,
    RefreshTokens,
    Role,
    User,
)
from authkit.registry.models.application import GrantType
from authkit.registry.registry import Registry
from authkit.registry.rules import build, registration_error

_API_ID: Final = re.compile(r"[0-9a-f]{24}")
_GRANT_ID: Final = re.compile(r"cgr_[A-Za-z0-9]{1,64}")
_ROLE_ID: Final = re.compile(r"rol_[A-Za-z0-9]{1,64}")
# No @: it is what tells an e-mail address from a user id, and an application's sub from a user's.
_USER_ID: Final = re.compile(r"[A-Za-z0-9._-]+\|[A-Za-z0-9._|-]+")
_GRANT_TYPES: Final = get_args(GrantType)

_OF_THE_ANSWER: Final = frozenset(
    {"subject_type_authorization", "token_endpoint_auth_method", "subject_type", "identities"}
)
"""Members that the tenant writes and that follow from others."""


class Import:
    """One attempt to take an export in.

    Args:
        registry: What the tenant knows; the caller holds the transaction.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._notes = Notes()
        self._risks: list[risks.Risk] = []
        self._faults: list[RegistrationError] = []
        self._taken = Taken()
        self._refused: set[object] = set()
        self._closed: set[str] = set()  # APIs that no application may ask for itself
        self._named: dict[str, list[str]] = {}  # client ids by the names of applications
        self._foreign = {api.identifier for api in registry.apis if api.is_system}
        self._offline = any(api.allow_offline_access for api in registry.apis)

    def run(self, document: Mapping[str, object]) -> Imported:
        """Take all of it in.

        Raises:
            RegistrationError: Faults; the first one, with the others named. The caller takes everything back.
        """
        ways = {
            "resource_servers": self._api,
            "clients": self._application,
            "client_grants": self._grant,
            "roles": self._role,
            "users": self._user,
        }
        counts = {}
        for part, way in ways.items():
            entries = document.get(part)
            counts[part] = 0
            for number, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
                place = f"{part}[{number}]"
                try:
                    given = members(entry)
                    made = way(place, dict(given))
                    counts[part] += made
                    if made:
                        self._taken.add(place, given)
                except RegistrationError as fault:
                    self._fault(place, fault, entry)
        self._notes.unknown_parts(name for name in document if name not in NOUNS)
        if self._faults:
            raise together(self._faults)
        return Imported(counts=MappingProxyType(counts), notes=self._notes.sentences(), risks=tuple(self._risks))

    def _fault(self, place: str, fault: RegistrationError, entry: object) -> None:
        """Keep a fault until all are known."""
        self._faults.append(at(place, fault, self._taken.by(place, fault, entry)))
        if isinstance(entry, Mapping):  # what refers to it is at fault for no other reason
            names = (entry.get(name) for name in ("identifier", "client_id", "name", "id"))
            self._refused |= {name for name in names if isinstance(name, str)}

    def _api(self, place: str, entry: dict[str, Any]) -> int:
        identifier = entry.get("identifier")
        if entry.pop("is_system", False) is True or (isinstance(identifier, str) and identifier in self._foreign):
            self._foreign |= {identifier} if isinstance(identifier, str) else set()
            self._notes.add(place, "is a tenant's own Management API and was left out: this tenant has its own")
            return 0
        values = self._known(place, entry, Api)
        self._keep_id(place, values, "id", _API_ID)
        if "signing_secret" in values and values.get("signing_alg", "RS256") != "HS256":
            self._notes.add(place, "signing_secret was left out: only an HS256 API is signed with one")
            del values["signing_secret"]
        closed = self._closed_to_applications(place, entry.get("subject_type_authorization", {}))
        api = self._registry.apis.adopt(build(Api, {"id": "", **values}))
        if api.signing_alg == "HS256" and "signing_secret" not in values:
            self._notes.add(place, "its signing secret was not in the export: a new one was made")
        self._offline |= api.allow_offline_access
        self._closed |= {api.identifier} if closed else set()
        self._risks += risks.of_api(_named(place, api.identifier), api)
        return 1

    def _closed_to_applications(self, place: str, given: object) -> bool:
        """Whether an API has no tokens for applications themselves; what else is other than here is noted."""
        if not isinstance(given, Mapping):
            self._notes.left_out(place, ["subject_type_authorization"])
            return False
        policies = {who: one.get("policy") if isinstance(one, Mapping) else one for who, one in given.items()}
        user, client = policies.pop("user", None), policies.pop("client", None)
        if user not in (None, "allow_all"):
            self._notes.add(place, "subject_type_authorization is not enforced here: users of any application may ask")
        if client == "deny_all":
            self._notes.add(
                place,
                "subject_type_authorization lets no application ask for itself: its client grants are left out, and "
                "one that is made later lets its application ask",
            )
        elif client != "require_client_grant":
            policies["client"] = client
        strange = (who for who, policy in policies.items() if policy is not None)
        self._notes.left_out(place, (f"subject_type_authorization.{who}" for who in strange))
        return client == "deny_all"

    def _application(self, place: str, entry: dict[str, Any]) -> int:
        if entry.pop("global", False) is True:
            self._notes.add(place, "is the tenant-wide client of a real tenant, no application, and was left out")
            return 0
        values = self._known(place, entry, Application)
        checked_client_id(values)
        if "client_id" not in values:
            self._notes.add(place, "has no client_id: a new one was made")
        if values.get("client_secret") == "":  # as good as none: kept, it would let in whoever sends nothing
            del values["client_secret"]
        where = _named(place, values.get("name"))
        values["app_type"] = self._app_type(place, entry)
        values["grant_types"] = self._grant_types(where, entry, values["app_type"])
        if isinstance(values.get("refresh_token"), Mapping):
            values["refresh_token"] = self._refresh_settings(place, values["refresh_token"])
        confidential = values["app_type"] in tuple(CONFIDENTIAL)  # compared, not hashed: it may be a list
        if not confidential and values.pop("client_secret", None) is not None:
            self._notes.add(place, "client_secret was left out: this kind of application cannot keep one")
        if confidential and entry.get("token_endpoint_auth_method") in ("none", "private_key_jwt"):
            self._notes.add(place, "here it authenticates with a client secret")
        checked_client_secret(values)
        application = self._registry.applications.adopt(build(Application, {"client_id": "", **values}))
        if confidential and "client_secret" not in values:
            self._notes.add(place, "its client secret was not in the export: a new one was made")
        self._named.setdefault(application.name, []).append(application.client_id)
        self._risks += risks.of_application(where, application, offline=self._offline)
        return 1

    def _app_type(self, place: str, entry: dict[str, Any]) -> object:
        if "app_type" in entry:
            return entry["app_type"]
        public = entry.get("token_endpoint_auth_method") == "none"
        kind = "native" if public else "regular_web"
        self._notes.add(
            place, f"has no app_type: taken for {kind}, as it authenticates {'not' if public else 'itself'}"
        )
        return kind

    def _grant_types(self, where: str, entry: dict[str, Any], app_type: object) -> object:
        given = entry.get("grant_types")
        if given is None:
            return DEFAULT_GRANT_TYPES.get(app_type, ()) if isinstance(app_type, str) else ()
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            return given  # the model says what is wrong with it
        self._risks += (risks.of_grant_type(where, one) for one in given if one not in _GRANT_TYPES)
        return tuple(one for one in given if one in _GRANT_TYPES)

    def _refresh_settings(self, place: str, given: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = without_nulls(given)
        if values.get("expiration_type") == "expiring" and values.get("infinite_token_lifetime") is True:
            del values["infinite_token_lifetime"]
            values["expiration_type"] = "non-expiring"  # as the vendor takes it, whatever lifetime stands beside it
            self._notes.add(
                place,
                "its refresh tokens never expire: refresh_token.infinite_token_lifetime goes before token_lifetime, "
                "and an idle lifetime is unknown here",
            )
        known = RefreshTokens.model_fields
        self._notes.left_out(place, (f"refresh_token.{name}" for name in values if name not in known))
        return {name: value for name, value in values.items() if name in known}

    def _grant(self, place: str, entry: dict[str, Any]) -> int:
        audience, client_id = entry.get("audience"), entry.get("client_id")
        if entry.get("subject_type", "client") != "client":
            self._notes.add(place, "is for users, not for the application itself, and was left out")
            return 0
        if self._is_management(audience):
            self._notes.add(place, "is for a Management API and was left out: grant that here by hand, if it is meant")
            return 0
        if self._hangs_on_a_fault(audience, client_id):
            return 0
        api = self._referred(self._registry.apis, "Client grant", "audience", audience)
        if api.identifier in self._closed:
            self._notes.add(place, "is for an API that lets no application ask for itself, and was left out")
            return 0
        everything = entry.pop("allow_all_scopes", False) is True
        values = self._known(place, entry, ClientGrant)
        self._keep_id(place, values, "id", _GRANT_ID)
        values["client_id"] = self._client_id(client_id)
        if everything:
            values["scope"] = api.scope_values
        draft = build(ClientGrant, {"id": "", **values, "audience": api.identifier})
        grant = self._registry.client_grants.adopt(draft)
        where = _named(place, f"{client_id} for {api.identifier}")
        self._risks += risks.of_grant(where, grant, api, unrestricted=everything)
        return 1

    def _client_id(self, name: object) -> str:
        """A grant's application by its id, or by its name in this export, as the vendor's deploy tool writes it."""
        applications = self._registry.applications
        named = self._named.get(name, []) if isinstance(name, str) else []
        if not named or applications.find(name) is not None:
            return str(self._referred(applications, "Client grant", "client_id", name).client_id)
        if len(named) > 1:
            raise registration_error(
                "Client grant", "client_id", "ambiguous", "must name one application, and several have this name",
                "Give each application a client_id, and write that of the one that is meant.", name,
            )  # fmt: skip
        return named[0]

    def _role(self, place: str, entry: dict[str, Any]) -> int:
        permissions = entry.pop("permissions", ())
        values = self._known(place, entry, Role)
        self._keep_id(place, values, "id", _ROLE_ID)
        role = self._registry.roles.adopt(build(Role, {"id": "", **values}))
        for api, names in self._permissions(place, "Role", permissions).items():
            self._registry.roles.add_permissions(role, api, names)
        return 1

    def _user(self, place: str, entry: dict[str, Any]) -> int:
        permissions, roles = entry.pop("permissions", ()), entry.pop("roles", ())
        values = self._known(place, entry, User)
        self._keep_id(place, values, "user_id", _USER_ID)
        user = self._registry.users.adopt(build(User, {"user_id": "", **values}))
        self._notes.add(place, "has no password yet: tenant.users.set_password(user, ...)")
        for name in listed("User", "roles", roles):
            if not (isinstance(name, str) and name in self._refused):
                found = self._referred(self._registry.roles, "User", "roles", name)
                self._registry.users.add_roles(user, found)
        for api, names in self._permissions(place, "User", permissions).items():
            self._registry.users.add_permissions(user, api, names)
        return 1

    def _permissions(self, place: str, noun: str, given: object) -> dict[str, list[str]]:
        """Permissions by the API they are for."""
        found: dict[str, list[str]] = {}
        for one in listed(noun, "permissions", given):
            if not isinstance(one, Mapping):
                raise registration_error(
                    noun, "permissions", "not_an_object", "must hold permissions, each a JSON object",
                    'Write {"resource_server_identifier": ..., "permission_name": ...}.', one,
                )  # fmt: skip
            audience = one.get("resource_server_identifier")
            if self._is_management(audience):
                self._notes.add(place, "its permissions for a Management API were left out")
            elif not self._hangs_on_a_fault(audience):
                field = "permissions.resource_server_identifier"
                api = self._referred(self._registry.apis, noun, field, audience)
                found.setdefault(api.identifier, []).append(one.get("permission_name", ""))
        return found

    def _known(self, place: str, entry: dict[str, Any], model: Any) -> dict[str, Any]:
        """The members that the model has; the others have no meaning here and are noted."""
        known = model.model_fields.keys() - {"is_system"}
        self._notes.left_out(place, (name for name in entry if name not in known and name not in _OF_THE_ANSWER))
        return {name: value for name, value in entry.items() if name in known}

    def _keep_id(self, place: str, values: dict[str, Any], field: str, pattern: re.Pattern[str]) -> None:
        """Leave an identifier that this tenant would not make out, so that it makes one."""
        given = values.get(field)
        if given is not None and not (isinstance(given, str) and len(given) <= 128 and pattern.fullmatch(given)):
            self._notes.add(place, f"its {field} is none that this tenant could have: a new one was made")
            del values[field]

    def _is_management(self, audience: object) -> bool:
        """Whether an API is the Management API of this tenant, or of the one that was exported."""
        if not isinstance(audience, str):
            return False
        if audience in self._foreign:
            return True
        found = self._registry.apis.find(audience)  # which knows it by its id as well
        return found.is_system if found else re.fullmatch(r"https?://[^/]+/api/v2/", audience) is not None

    def _hangs_on_a_fault(self, *names: object) -> bool:
        return any(isinstance(name, str) and name in self._refused for name in names)

    def _referred(self, collection: Any, noun: str, field: str, name: object) -> Any:
        found = collection.find(name)
        if found is None:
            raise registration_error(
                noun, field, "unknown", "must name one of this export or of the tenant",
                "Take it into the export as well, or take this out.", name,
            )  # fmt: skip
        return found


def _named(place: str, name: object) -> str:
    return f"{place} ({display.printable(name)[:120]})" if isinstance(name, str) and name else place
