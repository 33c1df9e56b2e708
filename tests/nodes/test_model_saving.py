"""A model that was saved is the one that was there, under the names that such files have."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from hub.engine.models.checkpoint import Checkpoint, load_checkpoint
from hub.engine.models.families import Family
from hub.engine.models.saving import TextOfAnotherModel, checkpoint_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import load_text_encoder
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import ContinuousEdm, stable_diffusion
from hub.engine.sampling.prediction import Velocity
from hub.errors import Invalid
from hub.nodes.api import Node
from hub.nodes.attention_multiplying import CLIPAttentionMultiply
from hub.nodes.model_merging import CLIPMergeAdd, CLIPMergeSimple, CLIPMergeSubtract
from hub.nodes.model_saving import CheckpointSave, CLIPSave, ModelSave, VAESave
from hub.testing.nodes import NodeBench
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.models.tiny_checkpoints import write_tiny
from tests.nodes.compat.conftest import Offered
from tests.nodes.compat.conftest import folders as folders
from tests.nodes.compat.conftest import offered as offered

WEIGHT = "diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight"
CPU = torch.device("cpu")
NEVER_USED = ("logit_scale", "position_ids")


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "xl.safetensors"
    write_tiny(Family.SDXL, path)
    return path


def saved(bench: NodeBench, loaded: Checkpoint) -> Path:
    parts = {"model": loaded.model, "clip": loaded.text, "vae": loaded.pictures}
    bench.run(CheckpointSave, **parts, filename_prefix="checkpoints/mine")
    return bench.files[-1].path


def assert_equal(path: Path, before: Path) -> None:
    found, expected = load_file(path), load_file(before)
    expected = {name: value for name, value in expected.items() if not name.endswith(NEVER_USED)}
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_a_checkpoint_is_the_same_file_again(bench: NodeBench, tiny_file: Path) -> None:
    assert_equal(saved(bench, load_checkpoint(tiny_file)), tiny_file)


def test_one_of_the_large_model_has_openclips_names_again(
    bench: NodeBench, large_file: Path
) -> None:
    assert_equal(saved(bench, load_checkpoint(large_file)), large_file)


def test_patches_are_in_the_file_and_the_model_has_none_then(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    patched = tiny.model.clone()
    patched.add_patches({WEIGHT: (torch.ones_like(tiny.model.weight(WEIGHT, CPU)),)}, 0.5)
    bench.run(ModelSave, model=patched, filename_prefix="mine")
    found = load_checkpoint(bench.files[0].path)
    expected = tiny.model.weight(WEIGHT, CPU) + 0.5
    torch.testing.assert_close(found.model.weight(WEIGHT, CPU), expected, atol=1e-3, rtol=1e-3)
    assert (found.text, found.pictures) == (None, None)


def test_how_a_model_is_sampled_is_known_again(bench: NodeBench, tiny: Checkpoint) -> None:
    changed = tiny.model.clone()
    levels = stable_diffusion(zero_terminal_snr=True)
    changed.add_object_patch("model_sampling", ModelSampling(Velocity(), levels))
    bench.run(ModelSave, model=changed, filename_prefix="mine")
    found = load_checkpoint(bench.files[0].path).model.sampling
    assert isinstance(found.prediction, Velocity)
    assert torch.equal(found.sigmas, levels.table)


def test_the_highest_and_lowest_level_of_edm_are_known_again(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    changed = tiny.model.clone()
    changed.add_object_patch("model_sampling", ModelSampling(Velocity(), ContinuousEdm(0.01, 90.0)))
    bench.run(ModelSave, model=changed, filename_prefix="mine")
    found = load_checkpoint(bench.files[0].path).model.sampling
    assert isinstance(found.prediction, Velocity)
    assert torch.allclose(found.sigmas, changed.sampling.sigmas)


def test_text_encoders_are_a_file_each(bench: NodeBench, large_file: Path) -> None:
    text = load_checkpoint(large_file).text
    assert text is not None
    bench.run(CLIPSave, clip=text, filename_prefix="clip/mine")
    paths = [file.path for file in bench.files]
    assert [path.name for path in paths] == [
        "mine_clip_l_00001_.safetensors",
        "mine_clip_g_00002_.safetensors",
    ]
    again = load_text_encoder(paths)
    assert torch.equal(again.encode("a cat"), text.encode("a cat"))


def test_an_autoencoder_is_saved_by_its_own_names(bench: NodeBench, tiny: Checkpoint) -> None:
    bench.run(VAESave, vae=tiny.pictures, filename_prefix="vae/mine")
    assert "decoder.conv_in.weight" in load_file(bench.files[0].path)


def test_text_encoders_of_another_model_are_refused(tiny: Checkpoint, large_file: Path) -> None:
    text = load_checkpoint(large_file).text
    assert isinstance(text, TextEncoder)
    with pytest.raises(TextOfAnotherModel, match="not those of Stable Diffusion 1"):
        checkpoint_tensors(tiny.model, text)


@pytest.mark.parametrize(
    ("node", "inputs", "lacking"),
    [
        (CLIPSave, ("clip",), "no text encoder"),
        (VAESave, ("vae",), "no autoencoder"),
        (CLIPAttentionMultiply, ("clip",), "no text encoder"),
        *(
            (node, ("clip1", "clip2"), "no text encoder")
            for node in (CLIPMergeSimple, CLIPMergeAdd, CLIPMergeSubtract)
        ),
    ],
)
def test_what_a_checkpoint_lacks_is_named(
    node: type[Node], inputs: tuple[str, ...], lacking: str, bench: NodeBench
) -> None:
    with pytest.raises(Invalid, match=lacking):
        bench.run(node, **dict.fromkeys(inputs))


def test_packs_save_one_where_they_like(offered: Offered, tiny_file: Path, tmp_path: Path) -> None:
    sd = offered("comfy.sd")
    model, clip, vae, _ = sd.load_checkpoint_guess_config(str(tiny_file))
    sd.save_checkpoint(str(tmp_path / "own.safetensors"), model, clip, vae, metadata={"a": "b"})
    assert_equal(tmp_path / "own.safetensors", tiny_file)
