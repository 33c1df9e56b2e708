import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.hypernetworks import HypernetworkLoader
from hub.testing.nodes import NodeBench
from tests.engine.models.hypernetwork_files import pairs_of, plain, save

X, SIGMA, TEXT = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)


def answer(model: DiffusionModel) -> Tensor:
    return model.apply_model(X, SIGMA, c_crossattn=TEXT, **model.model_options)


def test_a_strength_of_nothing_hands_on_the_model(bench: NodeBench, tiny: Checkpoint) -> None:
    found = bench.run(HypernetworkLoader, model=tiny.model, hypernetwork_name="", strength=0.0)
    assert found == (tiny.model,)


def test_a_copy_of_the_model_is_changed_as_much_as_wanted(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    folder = bench.folder / "models" / "hypernetworks"
    folder.mkdir(parents=True)
    save(folder / "style.pt", pairs_of(plain))
    given = {"model": tiny.model, "hypernetwork_name": "style.pt"}
    answers = [answer(tiny.model)]
    for strength in (1e-6, 1.0):
        (changed,) = bench.run(HypernetworkLoader, **given, strength=strength)
        answers.append(answer(changed))
    assert torch.allclose(answers[1], answers[0], atol=1e-5)
    assert not torch.allclose(answers[2], answers[0], atol=1e-3)
    assert torch.equal(answer(tiny.model), answers[0])
