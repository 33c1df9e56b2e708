"""ComfyUI's assets, of which there are none."""

from tests.web.client import Client

ASSET = "/api/assets/11111111-2222-4333-8444-555555555555"
ASKED = [
    ("GET", "/api/assets?limit=500&include_tags=input"),
    ("POST", "/api/assets"),
    ("HEAD", "/api/assets/hash/blake3:00"),
    ("POST", "/api/assets/from-hash"),
    ("PUT", ASSET),
    ("DELETE", ASSET),
    ("GET", "/api/tags"),
    ("GET", "/editor/api/assets"),
]


async def test_assets_are_told_to_be_switched_off(client: Client) -> None:
    for method, path in ASKED:
        async with client.session.request(method, path) as response:
            assert (method, path, response.status) == (method, path, 503)
            text = await response.text()
            assert method == "HEAD" or '"code":"SERVICE_DISABLED"' in text
    _, features = await client.get("/features")
    assert not features.get("assets")  # which says the same
