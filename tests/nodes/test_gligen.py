from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.grounding import LoadedGligen
from hub.nodes.gligen import GLIGENLoader, GLIGENTextBoxApply
from hub.nodes.prompts import NoTextEncoder
from hub.nodes.sampling import KSampler
from hub.testing.nodes import NodeBench
from tests.engine.models.seeded_gligen import gligen_tensors


@pytest.fixture
def gligen(bench: NodeBench, tiny: Checkpoint) -> LoadedGligen:
    """Loaded from its folder."""
    path = Path(bench.folder, "models", "gligen", "boxes.safetensors")
    path.parent.mkdir(parents=True)
    save_file(gligen_tensors(tiny.model.model.weights.originals), path)
    (loaded,) = bench.run(GLIGENLoader, gligen_name=path.name)
    assert isinstance(loaded, LoadedGligen)
    return loaded


def entry(**options: Any) -> list[Any]:
    return [torch.full((1, 77, 768), 0.5), options]


def test_boxes_come_one_after_the_other_in_latent_pixels(
    bench: NodeBench, gligen: LoadedGligen, tiny: Checkpoint
) -> None:
    assert tiny.text is not None
    given = {"clip": tiny.text, "gligen_textbox_model": gligen}
    first = [entry(kept="yes"), entry()]
    (second,) = bench.run(
        GLIGENTextBoxApply, conditioning_to=first, **given, text="a cat", x=16, y=8, width=40
    )
    (third,) = bench.run(GLIGENTextBoxApply, conditioning_to=second, **given, text="a dog")
    assert "gligen" not in first[0][1]
    assert third[0][1]["kept"] == "yes"
    for _, options in third:
        kind, model, ((cat, *sides), (dog, *others)) = options["gligen"]
        assert (kind, model) == ("position", gligen)
        assert (sides, others) == ([8, 5, 1, 2], [8, 8, 0, 0])
        assert not torch.equal(cat, dog)
    assert len(second[0][1]["gligen"][2]) == 1


def test_a_phrase_is_told_by_its_last_token(
    bench: NodeBench, gligen: LoadedGligen, tiny: Checkpoint
) -> None:
    assert tiny.text is not None
    given = {"clip": tiny.text, "gligen_textbox_model": gligen, "conditioning_to": [entry()]}
    ((_, options),) = bench.run(GLIGENTextBoxApply, **given, text="a cat")[0]
    states = tiny.text.encode("a cat")
    assert torch.equal(options["gligen"][2][0][0], states[:, 3])  # start, a, cat, end


def test_a_checkpoint_without_text_encoder_is_named(bench: NodeBench, gligen: LoadedGligen) -> None:
    given = {"conditioning_to": [entry()], "gligen_textbox_model": gligen, "text": "a cat"}
    with pytest.raises(NoTextEncoder, match="no text encoder on the clip input"):
        bench.run(GLIGENTextBoxApply, clip=None, **given)


def test_sampling_knows_where_things_are(
    bench: NodeBench, gligen: LoadedGligen, tiny: Checkpoint
) -> None:
    def sampled(**box: int) -> Tensor:
        (told,) = bench.run(
            GLIGENTextBoxApply,
            conditioning_to=[entry()],
            clip=tiny.text,
            gligen_textbox_model=gligen,
            text="a cat",
            **box,
        )
        latent = {"samples": torch.zeros(2, 4, 8, 8)}
        sides = {"positive": told, "negative": [entry()], "latent_image": latent}
        names = {"sampler_name": "euler", "scheduler": "normal"}
        (made,) = bench.run(KSampler, model=tiny.model, seed=1, steps=2, cfg=4.0, **names, **sides)
        samples: Tensor = made["samples"]
        return samples

    left, right = sampled(width=32), sampled(width=32, x=32)
    assert not torch.allclose(left, right, atol=0.01)
    assert torch.equal(left, sampled(width=32))
