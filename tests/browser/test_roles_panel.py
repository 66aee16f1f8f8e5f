"""The roles panel in a real JupyterLab: ticked by keyboard, a token that follows, a password that stays nowhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()
scopes = {"read:orders": "Read orders", "write:orders": "Change orders", "delete:orders": "Delete orders"}
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes=scopes, enforce_policies=True)
tenant.applications.create(name="Shop", app_type="spa", callbacks=["https://shop.example/callback"])
clerk, manager = tenant.roles.create(name="Clerk"), tenant.roles.create(name="Manager")
tenant.roles.add_permissions(manager, orders, list(scopes))
ada = tenant.users.create(email="ada@example.com", password="correct horse battery")"""
ROLES = "authkit.widgets.roles(tenant)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


SIX_BY_SIX = """\
import authkit
tenant = authkit.training_tenant()
scopes = {f"{what}:{which}": "" for what in ("read", "write") for which in ("orders", "bills", "stock")}
shop = tenant.apis.create(name="Shop", identifier="https://shop.example/", scopes=scopes, enforce_policies=True,
                          token_dialect="access_token_authz")
tenant.applications.create(name="Shop window", app_type="spa", callbacks=["https://shop.example/callback"])
for role, user in zip("Clerk Manager Auditor Support Owner Guest".split(), "ann bob cid dora eve fay".split()):
    made = tenant.roles.create(name=role)
    tenant.roles.add_permissions(made, shop, list(scopes)[:3])
    tenant.users.create(email=f"{user}@example.com", password="correct horse battery")"""


def test_six_by_six_is_no_higher_than_a_panel_may_be(lab, page):
    """Both tables at their largest, a token that changed beside them; the APIs panel on the page keeps its words."""
    lab.write_notebook("six.ipynb", SIX_BY_SIX, ROLES, "authkit.widgets.apis(tenant)")
    lab.open_notebook(page, "six.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-roles")
    panel.get_by_label("ann@example.com has the role Clerk").check()
    expect(panel).to_contain_text("+ appears")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520

    apis = page.locator(".authkit-apis")
    apis.get_by_role("tab", name="Machine to Machine").click()
    apis.get_by_label("New application").fill("Nightly report")
    apis.get_by_role("button", name="Create application").click()
    words = apis.locator(".authkit-ticks").get_by_text("read:orders")
    expect(words).to_be_visible()  # they are there from the start, hidden until there is an application
    assert words.bounding_box()["width"] > 40


def test_roles_and_the_token_that_comes_of_them(lab, page, off_machine):
    """By keyboard first, then by mouse; its size, and axe with everything unfolded."""
    lab.write_notebook("roles.ipynb", SET_UP, ROLES)
    lab.open_notebook(page, "roles.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-roles")
    expect(panel).to_contain_text("Gets no permission")

    panel.get_by_label("Clerk may read:orders").focus()
    page.keyboard.press("Space")
    expect(panel).to_contain_text("Clerk may now read:orders.")
    for _ in range(6):  # over the other permissions
        page.keyboard.press("Tab")
    expect(panel.get_by_label("ada@example.com has the role Clerk")).to_be_focused()
    page.keyboard.press("Space")
    expect(panel).to_contain_text("Gets: read:orders")
    expect(panel).to_contain_text("+ appears")
    expect(panel).to_contain_text("write:orders delete:orders (RBAC is on and the user does not hold it)")

    panel.get_by_label("New role").fill("Auditor")
    panel.get_by_role("button", name="Create role").click()
    expect(panel.get_by_label("ada@example.com has the role Auditor")).not_to_be_checked()
    panel.get_by_label("ada@example.com has the role Manager").check()
    expect(panel).to_contain_text("before: read:orders")
    expect(panel).to_contain_text("A token issued before this click still says what it said")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520

    panel.get_by_label("New user").fill("grace@example.com")
    panel.get_by_label("Password").fill("correct horse battery")
    panel.get_by_role("button", name="Create user").click()
    expect(panel.get_by_label("grace@example.com has the role Clerk")).not_to_be_checked()
    expect(panel.get_by_label("Password")).to_have_value("")
    expect(panel.get_by_label("User", exact=True)).to_contain_text("grace@example.com")
    panel.get_by_label("RBAC").uncheck()
    expect(panel).to_contain_text("Gets: read:orders write:orders delete:orders")
    panel.get_by_label("Dialect").select_option("rfc9068_profile_authz")
    expect(panel).to_contain_text("at+jwt")

    panel.get_by_role("button", name="Show the code").click()
    expect(panel).to_contain_text("PATCH /api/v2/resource-servers/")
    for fold in panel.locator("summary").all():
        fold.click()
    found = Axe().run(page, context=".authkit-roles", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
    assert off_machine == []
