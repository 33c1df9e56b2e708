import torch

from hub.engine.models.checkpoint import Checkpoint
from hub.nodes.differential_diffusion import DifferentialDiffusion
from hub.testing.nodes import NodeBench
from tests.engine.models.test_sampling_run import driven, sampling_of, untold


def test_a_picture_changes_the_more_the_lighter_its_mask_is(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    samples = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    mask = torch.linspace(0, 1, 8).expand(1, 1, 8, 8)
    (model,) = bench.run(DifferentialDiffusion, model=tiny.model)
    gradual = Checkpoint(model=model, text=None, pictures=None)
    run = sampling_of(gradual, "euler|normal", latent={"samples": samples, "noise_mask": mask})
    change = (run.sampled(driven(run.task(untold))) - samples).abs().mean(dim=(0, 1, 2))
    assert change[0] < change[2] < change[5] < change[7]  # black changes in the very last step
    assert "denoise_mask_function" not in tiny.model.model_options
