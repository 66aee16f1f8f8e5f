"""Applications: kinds, secrets, grant types."""

import re
from typing import Any

import pytest

from authkit import RegistrationError, Secret, SteerableClock, Tenant, training_tenant
from authkit.registry.models.application import RefreshTokens

Training = Tenant[SteerableClock]


def problem(action: Any, *arguments: Any, **settings: Any) -> RegistrationError:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments, **settings)
    assert caught.value.remedy and caught.value.field
    return caught.value


@pytest.mark.parametrize(
    ("app_type", "keeps_secret", "grant_types"),
    [
        ("non_interactive", True, ("client_credentials",)),
        ("regular_web", True, ("authorization_code", "refresh_token", "client_credentials")),
        ("spa", False, ("authorization_code", "refresh_token")),
        ("native", False, ("authorization_code", "refresh_token")),
    ],
)
def test_the_kind_decides_about_secret_and_grants(
    tenant: Training, app_type: str, keeps_secret: bool, grant_types: tuple[str, ...]
) -> None:
    """What runs on a user's machine keeps no secret (RFC 6749 §2.1)."""
    app = tenant.applications.create(name="x", app_type=app_type)
    assert (app.client_secret is not None, app.grant_types) == (keeps_secret, grant_types)
    assert re.fullmatch("[A-Za-z0-9]{32}", app.client_id) and app.id == app.client_id


def test_a_client_secret_is_a_secret_of_43_characters(tenant: Training) -> None:
    """32 bytes in base64url, masked."""
    app = tenant.applications.create(name="x")
    assert isinstance(app.client_secret, Secret) and re.fullmatch(r"[\w-]{43}", app.client_secret.reveal())
    shown = repr(app) + str(app) + app._repr_html_() + repr(tenant.applications) + app.model_dump_json()
    assert app.client_secret.reveal() not in shown


def test_a_created_application_is_found(tenant: Training) -> None:
    """By object and by client id."""
    app = tenant.applications.create(name="x")
    assert tenant.applications.get(app) == tenant.applications.get(app.client_id) == app
    assert list(tenant.applications) == [app]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "name empty": ({"name": ""}, "name.empty"),
    "name with <": ({"name": "a<b"}, "name.forbidden_character"),
    "name of 201 characters": ({"name": "x" * 201}, "name.too_long"),
    "name None": ({"name": None}, "name.not_text"),
    "name a huge number": ({"name": 10**5000}, "name.not_text"),
    "kind unknown": ({"app_type": "robot"}, "app_type.unknown"),
    "kind a huge number": ({"app_type": 10**5000}, "app_type.unknown"),
    "kind a list": ({"app_type": ["spa"]}, "app_type.unknown"),
    "kind None": ({"app_type": None}, "app_type.unknown"),
    "grant type unknown": ({"grant_types": ["password"]}, "grant_types.unknown"),
    "grant types a text": ({"grant_types": "client_credentials"}, "grant_types.not_a_list"),
    "grant types None": ({"grant_types": None}, "grant_types.not_a_list"),
    "client id": ({"client_id": "x"}, "client_id.read_only"),
    "client secret": ({"client_secret": "tell-nobody"}, "client_secret.read_only"),
    "unknown field": ({"colour": "red"}, "colour.unknown_field"),
    "unknown field named like a parameter": ({"self": 1}, "self.unknown_field"),
    "client credentials without a secret": (
        {"app_type": "spa", "grant_types": ["client_credentials"]}, "grant_types.needs_secret"),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_and_stores_nothing(tenant: Training, settings: dict[str, Any], code: str) -> None:
    """One clear error; the next client id and secret are what they would have been."""
    error = problem(tenant.applications.create, **{"name": "x", **settings})
    assert error.code == code and "tell-nobody" not in str(error) and len(tenant.applications) == 0
    with training_tenant() as untouched:
        mine, theirs = (t.applications.create(name="x") for t in (tenant, untouched))
    assert mine == theirs and mine.client_secret == theirs.client_secret


def test_grant_types_can_be_changed(tenant: Training) -> None:
    """Also to none at all."""
    app = tenant.applications.create(name="x")
    assert tenant.applications.update(app, grant_types=[]).grant_types == ()
    assert tenant.applications.get(app).grant_types == ()


@pytest.mark.parametrize("change", [{"client_id": "x"}, {"client_secret": "tell-nobody"}, {"app_type": "spa"}])
def test_what_an_application_is_cannot_be_changed(tenant: Training, change: dict[str, Any]) -> None:
    """And a secret that was tried is not echoed."""
    app = tenant.applications.create(name="x")
    error = problem(tenant.applications.update, app, **change)
    assert error.code.endswith(".immutable") and "tell-nobody" not in str(error)
    assert tenant.applications.get(app) == app


def test_deleting_an_application_deletes_its_grants(tenant: Training) -> None:
    """And nothing else."""
    api = tenant.apis.create(identifier="a")
    app, other = (tenant.applications.create(name=name) for name in "xy")
    tenant.client_grants.create(app, api)
    kept = tenant.client_grants.create(other, api)
    tenant.applications.delete(app)
    assert list(tenant.client_grants) == [kept] and list(tenant.applications) == [other]


@pytest.mark.parametrize("name", ["", "x", None, 5, "\ud800", [], object()], ids=lambda value: type(value).__name__)
def test_an_unknown_application_is_one_clear_error(tenant: Training, name: Any) -> None:
    """Whatever it is called by."""
    for action in (tenant.applications.get, tenant.applications.delete, tenant.applications.update):
        assert problem(action, name).code == "id.unknown"


GOOD_CALLBACKS = [
    "https://app.example/callback", "http://127.0.0.1:9000/callback", "http://localhost/cb?x=1",
    "com.example.app://callback", "https://app.example",
]  # fmt: skip
BAD_CALLBACKS: list[Any] = [
    "", "callback", "/callback", "//app.example/cb", "https://", "http:///cb", "https://*.example/cb",
    "https://app.example/cb#fragment", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
    "https://user@app.example/", "https://a b/", "https://app.example/\n", "https://app.example/\u202e",
    "https://[::1", 5, None,
]  # fmt: skip


@pytest.mark.parametrize("callback", GOOD_CALLBACKS)
def test_a_callback_is_a_whole_url(tenant: Training, callback: str) -> None:
    """Of the web, of this machine, or of an application's own scheme."""
    app = tenant.applications.create(name="x", app_type="native", callbacks=[callback])
    assert tenant.applications.get(app).callbacks == (callback,)


@pytest.mark.parametrize("callback", BAD_CALLBACKS, ids=repr)
def test_what_users_must_not_be_sent_to_is_no_callback(tenant: Training, callback: Any) -> None:
    """RFC 6749 §3.1.2; nothing is stored."""
    with pytest.raises(RegistrationError) as caught:
        tenant.applications.create(name="x", app_type="spa", callbacks=[callback])
    assert caught.value.field.startswith("callbacks") and len(tenant.applications) == 0


def test_refresh_tokens_start_as_a_real_tenants_do(tenant: Training) -> None:
    """Non-rotating, non-expiring, no leeway; first party, without callbacks."""
    app = tenant.applications.create(name="x", app_type="spa")
    assert app.is_first_party and app.callbacks == ()
    assert dict(app.refresh_token) == {
        "rotation_type": "non-rotating", "leeway": 0, "expiration_type": "non-expiring", "token_lifetime": 2592000,
    }  # fmt: skip
    changed = tenant.applications.update(app, refresh_token={"rotation_type": "rotating", "leeway": 5})
    assert changed.refresh_token.rotation_type == "rotating" and tenant.applications.get(app) == changed


def test_a_change_of_one_refresh_setting_leaves_the_others(tenant: Training) -> None:
    """Else who sets the leeway would turn rotation and expiry off. Whole settings replace whole settings."""
    app = tenant.applications.create(
        name="x", app_type="spa", refresh_token={"rotation_type": "rotating", "expiration_type": "expiring"}
    )
    changed = tenant.applications.update(app, refresh_token={"leeway": 5}).refresh_token
    assert (changed.rotation_type, changed.expiration_type, changed.leeway) == ("rotating", "expiring", 5)
    assert tenant.applications.update(app, refresh_token={}).refresh_token == changed
    with pytest.raises(RegistrationError) as caught:
        tenant.applications.update(app, refresh_token={"leeway": 7, "rotation_type": "never"})
    assert caught.value.field == "refresh_token.rotation_type" and tenant.applications.get(app).refresh_token == changed
    assert tenant.applications.update(app, refresh_token=RefreshTokens()).refresh_token == RefreshTokens()


def test_a_client_secret_can_be_replaced(tenant: Training) -> None:
    """The old one ends at once; who keeps none has none to replace."""
    app = tenant.applications.create(name="x")
    rotated = tenant.applications.rotate_secret(app)
    assert rotated.client_secret != app.client_secret and rotated.client_id == app.client_id
    assert tenant.applications.get(app).client_secret == rotated.client_secret
    spa = tenant.applications.create(name="y", app_type="spa")
    with pytest.raises(RegistrationError) as caught:
        tenant.applications.rotate_secret(spa)
    assert caught.value.code == "app_type.keeps_no_secret"


@pytest.mark.parametrize(
    "callback",
    [
        "https://app.example/", "https://app.example:8443/a/b?x=1&y=%20", "https://xn--dmin-moa0i.example/",
        "https://app.example/a@b", "http://[::1]:9000/callback", "http://127.0.0.1/", "com.example.app:/callback",
        "com.example.app://callback?x=1", "myapp://callback", "x" * 9 + "://" + "y" * 1988,
    ],
)  # fmt: skip
def test_a_callback_may_be_of_the_web_or_of_an_apps_own_scheme(tenant: Training, callback: str) -> None:
    """RFC 8252 §7: loopback with any port, and a scheme of one's own with one slash or two."""
    app = tenant.applications.create(name="x", app_type="native", callbacks=[callback])
    assert tenant.applications.get(app).callbacks == (callback,)


CALLBACKS: dict[str, Any] = {
    "a host and port without scheme": "localhost:9000/callback",
    "a mail address": "mailto:a@b.example",
    "out of band": "urn:ietf:wg:oauth:2.0:oob",
    "a script in capitals": "JavaScript:alert(1)",
    "a script that looks like a URL": "javascript://app.example/%0aalert(1)",
    "data that looks like a URL": "data:/text/html,x",
    "a script of old": "vbscript:/x",
    "a file": "FILE:///etc/passwd",
    "a blob": "blob:https://app.example/x",
    "no host": "https:/callback",
    "no host but a port": "https://:443/",
    "no slashes": "https:callback",
    "port 0": "http://127.0.0.1:0/",
    "a port too large": "https://app.example:65536/",
    "a port of letters": "https://app.example:http/",
    "a user": "https://user@app.example/",
    "an empty user": "https://@app.example/",
    "a password": "https://:x@app.example/",
    "a user of an app": "com.example.app://user@callback",
    "a wildcard in the path": "https://app.example/*",
    "an empty fragment": "https://app.example/#",
    "a backslash": "https://evil.example\\.app.example/",
    "a quote": 'https://app.example/"',
    "markup": "https://app.example/<b>",
    "half an escape": "https://app.example/%2",
    "no escape": "https://app.example/%zz",
    "a space before": " https://app.example/",
    "a space behind": "https://app.example/ ",
    "a tab inside": "java\tscript:alert(1)",
    "a line break inside": "https://app.example/\r\nSet-Cookie: x",
    "a NUL": "https://app.example/\0",
    "a zero width space": "https://app.example/\u200b",
    "a soft hyphen": "https://app\u00ad.example/",
    "a blank that counts as a letter": "https://app.example/\u3164",
    "a slash of another script": "https://app.example\u2215x/",
    "another script": "https://ädmin.example/",
    "a lone surrogate": "https://app.example/\ud800",
    "a dot and slash": "./callback",
    "a query alone": "?x=1",
    "a scheme alone": "com.example.app:",
    "a scheme and slashes alone": "com.example.app://",
    "a scheme that begins with a digit": "1app://callback",
    "2001 characters": "https://app.example/" + "x" * 1981,
    "bytes": b"https://app.example/",
    "a huge number": 10**5000,
    "a list": ["https://app.example/"],
}


@pytest.mark.parametrize("callback", CALLBACKS.values(), ids=CALLBACKS)
def test_what_is_no_whole_url_is_no_callback(tenant: Training, callback: Any) -> None:
    """Not when an application is made, nor when it is changed, and not beside a good one."""
    good = "https://app.example/"
    app = tenant.applications.create(name="x", app_type="spa", callbacks=[good])
    for action in (lambda: tenant.applications.create(name="y", app_type="spa", callbacks=[good, callback]),
                   lambda: tenant.applications.update(app, callbacks=[callback])):  # fmt: skip
        error = problem(action)
        assert error.field == "callbacks" and error.message.isprintable() and len(error.message) < 400
        assert error.code in ("callbacks.not_a_url", "callbacks.not_text", "callbacks.too_long")
    assert list(tenant.applications) == [app]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"callbacks": "https://app.example/"}, "callbacks.not_a_list"),
        ({"callbacks": None}, "callbacks.not_a_list"),
        ({"callbacks": {"https://app.example/": 1}}, "callbacks.not_a_list"),
        ({"callbacks": ["https://a.example/"] * 2}, "callbacks.duplicate"),
        ({"callbacks": [f"https://a.example/{number}" for number in range(101)]}, "callbacks.too_long"),
        ({"is_first_party": "yes"}, "is_first_party.not_yes_or_no"),
        ({"is_first_party": None}, "is_first_party.not_yes_or_no"),
        ({"refresh_token": None}, "refresh_token.not_settings"),
        ({"refresh_token": "rotating"}, "refresh_token.not_settings"),
        ({"refresh_token": {"leeway": -1}}, "refresh_token.too_small"),
        ({"refresh_token": {"colour": "red"}}, "refresh_token.unknown_field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_settings_of_a_login_are_refused(tenant: Training, settings: dict[str, Any], code: str) -> None:
    """When an application is made and when it is changed; nothing is stored."""
    app = tenant.applications.create(name="x")
    assert problem(tenant.applications.create, name="y", **settings).code == code
    assert problem(tenant.applications.update, app, **settings).code == code
    assert list(tenant.applications) == [app]


def test_100_callbacks_are_allowed_and_kept_in_their_order(tenant: Training) -> None:
    """As they were given, letter by letter."""
    callbacks = [f"https://a.example/{number}" for number in range(100, 0, -1)]
    app = tenant.applications.create(name="x", app_type="spa", callbacks=callbacks)
    assert list(tenant.applications.get(app).callbacks) == callbacks


@pytest.mark.parametrize("deleted", ["applications", "users", "apis"])
def test_deleting_what_a_login_joined_leaves_no_link_behind(tenant: Training, deleted: str) -> None:
    """Neither grants, consents nor refresh tokens; the others stay."""
    joined: dict[str, Any] = {
        "users": tenant.users.create(email="a@b.example", password="correct horse"),
        "applications": tenant.applications.create(name="x", app_type="regular_web"),
        "apis": tenant.apis.create(identifier="a"),
    }
    database = tenant.registry.database
    links = (joined["users"].id, joined["applications"].id, "a")
    database.execute("INSERT INTO consents (user_id, client_id, audience, scope) VALUES (?, ?, ?, '')", links)
    database.execute(
        "INSERT INTO families (id, user_id, client_id, audience, scope, created_at) VALUES ('f', ?, ?, ?, '', 0)", links
    )
    database.execute("INSERT INTO refresh_tokens (hash, family, issued_at) VALUES ('h', 'f', 0)")
    getattr(tenant, deleted).delete(joined.pop(deleted))
    for table in ("consents", "families", "refresh_tokens"):
        assert database.rows(f"SELECT * FROM {table}") == []
    for kind, one in joined.items():
        assert getattr(tenant, kind).get(one) == one


@pytest.mark.parametrize(("field", "example"), [("callbacks", "callback"), ("grant_types", "client_credentials")])
def test_text_in_place_of_a_list_is_told_how_the_list_is_written(tenant: Training, field: str, example: str) -> None:
    """With an entry of its own kind."""
    with pytest.raises(RegistrationError) as caught:
        tenant.applications.create(name="Shop", **{field: "text"})
    assert caught.value.code == f"{field}.not_a_list" and f'{example}"]' in caught.value.remedy
