"""How a trace and a refusal show themselves."""

import pytest

from authkit import Api, Application, ClientCredentials, GrantRefused, SteerableClock, Tenant
from authkit.issuance.trace import Trace

EVIL = "https://<img src=x onerror=alert(1)>/"


@pytest.fixture
def refusal(tenant: Tenant[SteerableClock], api: Api, app: Application) -> GrantRefused:
    with pytest.raises(GrantRefused) as caught:
        tenant.request_token(ClientCredentials(app, audience=EVIL, scope=EVIL))
    return caught.value


def test_text_numbers_the_rules(refusal: GrantRefused) -> None:
    """One line a rule, with sign and word."""
    lines = repr(refusal.trace).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["1.", "2.", "3.", "4.", "5."]
    assert "✔ client" in lines[1] and "✘ audience" in lines[3] and "– scope" in lines[5]


def test_html_is_escaped(tenant: Tenant[SteerableClock], app: Application, refusal: GrantRefused) -> None:
    """Refusal, trace, issued token, decoded names: nothing asked or stored becomes markup."""
    api = tenant.apis.create(identifier=EVIL)
    tenant.client_grants.create(app, api)
    issued = tenant.request_token(ClientCredentials(app, audience=EVIL))
    for shown in (refusal, refusal.trace, issued, issued.trace, tenant.client_grants):
        assert "<img" not in shown._repr_html_() and shown._repr_html_()


def test_an_issued_token_is_not_printed_whole(tenant: Tenant[SteerableClock], api: Api, app: Application) -> None:
    """Whoever holds it can use it: its beginning is enough to know it again."""
    tenant.client_grants.create(app, api)
    issued = tenant.request_token(ClientCredentials(app, audience=api.identifier))
    assert issued.access_token not in repr(issued) + issued._repr_html_()
    assert issued.access_token[:20] in repr(issued)


def test_an_empty_trace_is_shown() -> None:
    """Nothing in it, nothing wrong with it."""
    assert Trace(())._repr_html_() and repr(Trace(()))
