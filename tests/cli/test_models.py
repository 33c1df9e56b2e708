"""`hub models`."""

import json
from pathlib import Path

import torch

from hub.cli.models import convert_model
from tests.cli.conftest import RunHub

UPSCALING = {
    "1": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "large.pth"}},
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


async def test_models_are_listed_with_what_workflows_lack(
    config: Path, hub_command: RunHub
) -> None:
    upscalers = config / "data" / "models" / "upscale_models"
    upscalers.mkdir(parents=True)
    (upscalers / "larger.pth").write_bytes(bytes(2500))
    (config / "workflows" / "large.json").write_text(json.dumps(UPSCALING))
    result = await hub_command("models", "list")
    assert (result.code, result.err) == (1, "")
    kind, shipped, *others = result.out.splitlines()
    assert kind == "checkpoints"
    assert shipped.startswith("  pixel_scenes.safetensors  ")
    assert others == [
        "upscale_models",
        "  larger.pth  2.5 kB",
        "Workflow large lacks:",
        (
            f"  'large.pth' for node 1 (UpscaleModelLoader): put it into {upscalers}"
            " (did you mean 'larger.pth'?)"
        ),
    ]


async def test_a_check_warns_of_what_workflows_lack(config: Path, hub_command: RunHub) -> None:
    (config / "workflows" / "large.json").write_text(json.dumps(UPSCALING))
    result = await hub_command("check")
    assert (result.code, result.out) == (0, f"{config}: no mistakes, 1 warning.\n")
    assert result.err == (
        "workflows/large.json:1:1: warning: workflow 'large' needs 'large.pth' for node 1"
        " (UpscaleModelLoader), which is not there; put it into"
        f" {config / 'data' / 'models' / 'upscale_models'}\n"
    )


async def test_a_model_that_each_run_is_given_need_not_be_there(
    config: Path, hub_command: RunHub
) -> None:
    (config / "workflows" / "large.json").write_text(json.dumps(UPSCALING))
    (config / "workflows" / "large.yaml").write_text(
        "parameters: {model: {node: '1', input: model_name, type: model, required: true}}\n"
    )
    result = await hub_command("check")
    assert (result.code, result.err) == (0, "")


async def test_a_model_is_converted_in_a_process_of_its_own(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(2)}, tmp_path / "a.pt")
    assert await convert_model(tmp_path / "a.pt") == 0
    assert (tmp_path / "a.safetensors").exists()
