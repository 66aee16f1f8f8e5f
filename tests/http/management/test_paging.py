"""Lists in pages, the same everywhere."""

import httpx
import pytest

LISTS = {
    "/resource-servers": "resource_servers",
    "/clients": "clients",
    "/client-grants": "client_grants",
    "/users": "users",
    "/roles": "roles",
    "/logs": "logs",
}


@pytest.fixture(scope="module", autouse=True)
def seven_roles(api: httpx.Client) -> list[str]:
    return [api.post("/roles", json={"name": f"role {number}"}).json()["id"] for number in range(7)]


def ids(roles: list[dict[str, str]]) -> list[str]:
    return [role["id"] for role in roles]


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_with_totals_it_is_an_object_and_without_a_list(api: httpx.Client, path: str, name: str) -> None:
    """{start, limit, total, <name>} holds what the bare list holds."""
    bare = api.get(path).json()
    whole = api.get(path, params={"include_totals": "true"}).json()
    assert set(whole) == {"start", "limit", "total", name}
    assert (whole["start"], whole["limit"]) == (0, 50) and whole[name][-1:] == bare[-1:]
    assert isinstance(api.get(path, params={"include_totals": "false"}).json(), list)


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_past_the_end_it_is_empty(api: httpx.Client, path: str, name: str) -> None:
    """Pagers of the vendor's clients ask until a page is; start and total say where they are."""
    past = api.get(path, params={"page": 2147483647, "per_page": 100, "include_totals": "true"})
    assert past.status_code == 200 and past.json()[name] == [] and past.json()["start"] == 214748364700
    assert past.json()["total"] == api.get(path, params={"include_totals": "true"}).json()["total"]


def test_pages_follow_each_other(api: httpx.Client, seven_roles: list[str]) -> None:
    """The last one may be short."""
    pages = [ids(api.get("/roles", params={"per_page": 3, "page": page}).json()) for page in range(4)]
    assert pages == [seven_roles[:3], seven_roles[3:6], seven_roles[6:], []]
    whole = api.get("/roles", params={"per_page": 3, "page": 1, "include_totals": "true"}).json()
    assert (whole["start"], whole["limit"], whole["total"]) == (3, 3, 7)


def test_a_page_may_hold_nothing(api: httpx.Client) -> None:
    """per_page=0 asks for the total alone."""
    whole = api.get("/roles", params={"per_page": 0, "include_totals": "true"}).json()
    assert whole == {"start": 0, "limit": 0, "total": 7, "roles": []}


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=x", "page=1.0", "page=", "page", "page=01", "page=+1", "page=%201", "page=2147483648",
        "page=99999999999999999999", "per_page=101", "per_page=-1", "include_totals=1", "include_totals=True",
        "page=1&page=1", "sort=name", "PAGE=1", "page[]=1", "take=1", "page=%FF", "page=%D9%A1", "x=" + "y" * 5000,
        "&".join(f"a{number}=1" for number in range(50)),
    ],
)  # fmt: skip
def test_what_is_no_page_is_400(api: httpx.Client, query: str) -> None:
    """An unknown parameter too: passing it over would answer another question than was asked."""
    answer = api.get(f"/roles?{query}")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_query_string")


@pytest.mark.parametrize("path", ["/roles/rol_x?page=0", "/keys/signing?page=0", "/clients/x?fields=name"])
def test_what_is_not_paged_takes_no_page(api: httpx.Client, path: str) -> None:
    """400 before 404."""
    assert api.get(path).status_code == 400


def test_from_one_entry_on(api: httpx.Client, seven_roles: list[str]) -> None:
    """As the vendor's clients ask for client grants: each answer names where the next begins, the last does not."""
    apps = [api.post("/clients", json={"name": f"app {number}"}).json()["client_id"] for number in range(5)]
    audience = api.get("/resource-servers").json()[0]["identifier"]
    for app in apps:
        api.post("/client-grants", json={"client_id": app, "audience": audience, "scope": []})
    all_of_them = api.get("/client-grants").json()
    found, query = [], {"take": "2"}
    while query:
        answer = api.get("/client-grants", params={**query, "audience": audience}).json()
        found += answer["client_grants"]
        query = {"take": "2", "from": answer["next"]} if "next" in answer else {}
    assert found == all_of_them and len(found) == 6


def test_a_list_goes_on_though_what_a_page_ended_with_was_deleted(api: httpx.Client) -> None:
    """A loop that lists and deletes comes to the end, and meets each once."""
    audience = api.get("/resource-servers").json()[0]["identifier"]
    for number in range(5):
        app = api.post("/clients", json={"name": f"gone {number}"}).json()["client_id"]
        api.post("/client-grants", json={"client_id": app, "audience": audience, "scope": []})
    mine = {one["client_id"] for one in api.get("/clients").json() if one["name"].startswith("gone")}
    met, query = [], {"take": "2"}
    while query:
        answer = api.get("/client-grants", params=query).json()
        for grant in answer["client_grants"]:
            if grant["client_id"] in mine:
                met.append(grant["client_id"])
                assert api.delete(f"/client-grants/{grant['id']}").status_code == 204
        query = {"take": "2", "from": answer["next"]} if "next" in answer else {}
    assert len(met) == 5 and set(met) == mine


@pytest.mark.parametrize(
    "query", ["take=0", "take=101", "from=-1", "from=%D9%A1", "from=nothing", "take=2&page=0", "from=x&per_page=1"]
)
def test_what_is_no_checkpoint_is_400(api: httpx.Client, query: str) -> None:
    """And both ways at once are none."""
    assert api.get(f"/client-grants?{query}").status_code == 400
