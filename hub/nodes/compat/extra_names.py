"""What packs import of `comfy_extras` besides node classes."""

from typing import Any

from hub.engine.models.sampling_run import NoNoise, SeededNoise
from hub.nodes.compat.sampling.guiders import CFGGuider


class BasicGuider(CFGGuider):
    """Guided by one conditioning alone; packs know it as `Guider_Basic`."""

    def set_conds(self, positive: Any, negative: Any = None) -> None:
        self.inner_set_conds({"positive": positive, "negative": negative})


EXTRA_NAMES: dict[str, dict[str, Any]] = {
    "comfy_extras.nodes_custom_sampler": {
        "Guider_Basic": BasicGuider,
        "Noise_EmptyNoise": NoNoise,
        "Noise_RandomNoise": SeededNoise,
    }
}
"""By module."""
