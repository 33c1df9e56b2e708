"""Files that node packs bring for the editor."""

import pytest

from tests.web.client import Client
from tests.web.extras_hub import HubWithExtras

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture
def client(hub_with_extras: HubWithExtras) -> Client:
    return hub_with_extras[1]


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_the_scripts_of_all_packs_are_listed(client: Client, prefix: str) -> None:
    assert await client.get(f"{prefix}/extensions") == (
        200,
        [
            "/extensions/extras-more/more.js",
            "/extensions/extras/extra.js",
            "/extensions/extras/inner/a%20b.js",
            "/extensions/a-project/project.js",
            "/extensions/workflow-hub/save_workflow.js",
        ],
    )


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("extras/extra.js", "text/javascript", "no-cache"),
        ("extras/inner/a%20b.js", "text/javascript", "no-cache"),
        ("extras/style.css", "text/css", "no-cache"),
        ("extras-more/digits.txt", "text/plain", None),
        ("a-project/project.mjs", "text/javascript", "no-cache"),
    ],
)
async def test_a_file_has_its_type_and_scripts_are_asked_for_anew(
    client: Client, path: str, kind: str, caching: str | None
) -> None:
    async with client.session.get(f"/extensions/{path}") as response:
        assert response.status == 200
        assert response.content_type == kind
        assert response.headers.get("Cache-Control") == caching
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("extras/out.js", 403),
        ("extras/outside/__init__.py", 403),
        ("extras/..%2f__init__.py", 403),
        ("extras/%2e%2e/__init__.py", 404),
        ("extras/%2fetc%2fpasswd", 403),
        ("extras/a%00b", 400),
        ("extras/inner", 404),
        ("extras/missing.js", 404),
        ("nobody/extra.js", 404),
    ],
)
async def test_nothing_leads_out_of_a_packs_folder(client: Client, path: str, status: int) -> None:
    assert (await client.get(f"/extensions/{path}"))[0] == status
