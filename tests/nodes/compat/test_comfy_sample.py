"""The modules `comfy.sample`, `node_helpers`, `latent_preview` and `comfy.model_management`."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from PIL import Image

from hub.nodes.compat.not_yet import NotOffered
from tests.nodes.compat.conftest import Offered


def test_noise_is_that_of_the_seed_and_leaves_the_generator_of_all_alone(offered: Offered) -> None:
    sample = offered("comfy.sample")
    latent = torch.zeros(2, 4, 8, 8)
    before = torch.get_rng_state()
    noise = sample.prepare_noise(latent, 2**64 - 1)
    assert torch.get_rng_state().equal(before)
    again = torch.randn(latent.shape, generator=torch.Generator().manual_seed(2**64 - 1))
    assert noise.equal(again)


def test_a_row_of_a_batch_keeps_its_noise(offered: Offered) -> None:
    sample = offered("comfy.sample")
    whole = sample.prepare_noise(torch.zeros(4, 4, 8, 8), 7, [0, 1, 2, 3])
    picked = sample.prepare_noise(torch.zeros(3, 4, 8, 8), 7, [3, 1, 3])
    assert picked.equal(whole[[3, 1, 3]])


def test_an_empty_latent_fits_any_model(offered: Offered) -> None:
    form = SimpleNamespace(latent_channels=16, latent_dimensions=3)
    model = SimpleNamespace(get_model_object=lambda name: form)
    fix = offered("comfy.sample").fix_empty_latent_channels
    assert fix(model, torch.zeros(1, 4, 8, 8)).shape == (1, 16, 1, 8, 8)
    assert fix(model, torch.ones(1, 4, 8, 8)).shape == (1, 4, 1, 8, 8)


def test_conditioning_is_copied_and_never_changed(offered: Offered) -> None:
    helpers = offered("node_helpers")
    given = [["t", {"a": [1]}]]
    assert helpers.conditioning_set_values(given, {"a": [2], "b": 3}, append=True) == [
        ["t", {"a": [1, 2], "b": 3}]
    ]
    assert helpers.conditioning_set_values(given, {"a": [2]}) == [["t", {"a": [2]}]]
    assert given == [["t", {"a": [1]}]]
    assert helpers.string_to_torch_dtype("bf16") is torch.bfloat16
    _, source = helpers.image_alpha_fix(torch.zeros(1, 2, 2, 4), torch.zeros(1, 2, 2, 3))
    assert source.shape[-1] == 4


def test_a_picture_without_its_end_is_opened_the_second_time(
    offered: Offered, tmp_path: Any
) -> None:
    Image.effect_noise((200, 200), 50).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])

    def decoded(path: Any) -> Image.Image:
        with Image.open(path) as picture:
            picture.load()
            return picture

    with pytest.raises(OSError, match="truncated"):
        decoded(tmp_path / "a.png")
    assert offered("node_helpers").pillow(decoded, tmp_path / "a.png").size == (200, 200)
    with pytest.raises(OSError, match="truncated"):
        decoded(tmp_path / "a.png")


def test_a_sampler_is_called_back_and_previews_are_mapped_to_bytes(offered: Offered) -> None:
    preview = offered("latent_preview")
    kept: dict[str, Any] = {}
    preview.prepare_callback(None, 3, kept)(0, torch.ones(1), torch.zeros(1), 3)
    assert kept["x0"] == 1
    picture = preview.preview_to_image(torch.tensor([[[-1.0, 0.0, 2.0]]]))
    assert picture.getpixel((0, 0)) == (0, 127, 255)
    assert preview.get_previewer(torch.device("cpu"), None) is None


def test_latents_of_a_known_format_are_shown(offered: Offered) -> None:
    form = offered("comfy.latent_formats").SDXL()
    previewer = offered("latent_preview").get_previewer(torch.device("cpu"), form)
    kind, picture, longest = previewer.decode_latent_to_preview_image("PNG", torch.ones(2, 4, 5, 3))
    assert (kind, picture.size, longest) == ("JPEG", (3, 5), 512)
    grey = (1 + 0.3651 - 0.2533 + 0.1076 - 0.3165 + 0.1084) / 2 * 255
    assert abs(picture.getpixel((0, 0))[0] - grey) <= 1


def test_a_graph_gets_a_prefix_before_every_id_and_link(offered: Offered) -> None:
    add_graph_prefix = offered("comfy_execution.graph_utils").add_graph_prefix
    graph: dict[str, Any] = {
        "a": {"class_type": "X", "inputs": {"n": 3, "words": ["b", "c"], "image": ["b", 0]}}
    }
    assert add_graph_prefix(graph, (["a", 1], 5), "p.") == (
        {"p.a": {"class_type": "X", "inputs": {"n": 3, "words": ["b", "c"], "image": ["p.b", 0]}}},
        (["p.a", 1], 5),
    )
    assert graph["a"]["inputs"]["image"] == ["b", 0]


def test_the_machine_is_told_as_it_is(offered: Offered) -> None:
    management = offered("comfy.model_management")
    on_gpu = torch.cuda.is_available()
    assert management.get_torch_device().type == ("cuda" if on_gpu else "cpu")
    assert management.is_device_cpu(torch.device("cpu"))
    assert management.module_size(torch.nn.Linear(3, 2)) == 32
    assert management.get_free_memory() <= management.get_total_memory()
    assert management.should_use_fp16(torch.device("cpu")) is False
    assert management.unet_dtype(torch.device("cpu")) is torch.float32
    assert management.free_memory(1, torch.device("cpu")) == []
    assert management.cpu_state is management.CPUState[("CPU", "GPU")[on_gpu]]
    with pytest.raises(NotOffered, match=r"comfy\.model_management\.LoadedModel"):
        management.LoadedModel(None)


def test_what_comfyui_does_not_have_is_missing_at_once(offered: Offered) -> None:
    for name in ("comfy.model_management", "comfy.utils", "folder_paths"):
        assert not hasattr(offered(name), "of_tomorrow")


def test_a_decoder_that_a_pack_brings_makes_previews(offered: Offered) -> None:
    class Decoder:
        def decode(self, latent: torch.Tensor) -> torch.Tensor:
            return latent[:, :3].repeat_interleave(2, dim=-1)

    previewer = offered("latent_preview").TAESDPreviewerImpl(Decoder())
    latent = torch.full((2, 4, 5, 3), 1.0)
    kind, picture, longest = previewer.decode_latent_to_preview_image("JPEG", latent)
    assert (kind, picture.size, longest) == ("JPEG", (6, 5), 512)
    assert picture.getpixel((0, 0)) == (255, 255, 255)
