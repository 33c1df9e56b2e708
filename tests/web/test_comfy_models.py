"""Lists of model files, as ComfyUI's clients fetch them."""

from typing import Any

from hub.app import Hub
from tests.web.client import Client
from tests.web.recorded import recorded_answer


async def test_the_kinds_are_those_of_comfyui(client: Client) -> None:
    status, kinds = await client.get("/models")
    assert status == 200
    assert kinds == recorded_answer("models")


async def test_models_are_listed_by_kind_and_embeddings_without_ending(
    client: Client, hub: Hub
) -> None:
    models = hub.configuration.folders.models
    for name in ("loras/b.safetensors", "loras/sub/a.pt", "loras/notes.txt", "embeddings/x.pt"):
        (models / name).parent.mkdir(parents=True, exist_ok=True)
        (models / name).touch()
    assert await client.get("/models/loras") == (200, ["b.safetensors", "sub/a.pt"])
    assert await client.get("/api/embeddings") == (200, ["x"])


async def test_old_and_unknown_kinds_are_not_found(client: Client) -> None:
    for kind in ("unet", "nosuch"):
        status, told = await client.get(f"/models/{kind}")
        assert status == 404
        assert kind in told["error"]["message"]


def upscaling(model: str) -> dict[str, Any]:
    return {
        "1": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": model}},
        "2": {
            "class_type": "EmptyImage",
            "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
        },
        "3": {
            "class_type": "ImageUpscaleWithModel",
            "inputs": {"upscale_model": ["1", 0], "image": ["2", 0]},
        },
        "4": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "x"}},
    }


async def test_a_prompt_that_names_a_missing_model_is_refused_with_those_there_are(
    client: Client, hub: Hub
) -> None:
    folder = hub.configuration.folders.models / "upscale_models"
    folder.mkdir(parents=True)
    (folder / "there.pth").touch()
    status, told = await client.post("/prompt", {"prompt": upscaling("gone.pth")})
    (error,) = told["node_errors"]["1"]["errors"]
    assert (status, error["type"]) == (400, "value_not_in_list")
    assert error["details"] == "model_name: 'gone.pth' not in ['there.pth']"
    _, info = await client.get("/object_info/UpscaleModelLoader")
    assert info["UpscaleModelLoader"]["input"]["required"]["model_name"][0] == ["there.pth"]
