"""Telling what kind of control a file holds, and mapping it."""

from collections.abc import Iterable
from pathlib import Path

from hub.engine.models import diffusers_layout, t2i_adapter, union_control_net
from hub.engine.models.control_models import LoadedAdapter, LoadedControlNet, LoadedUnion
from hub.engine.models.control_net import ControlNet
from hub.engine.models.controls import Control
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.model_file import Tensors, below, read_tensors
from hub.engine.models.t2i_adapter import T2IAdapter
from hub.engine.models.union_control_net import UnionControlNet
from hub.engine.models.weights import mapped
from hub.errors import Invalid

_OWN = "control_model."
_HINT = "input_hint_block.0.weight"
_ADAPTER = {"conv_in.weight", "body.0.block1.weight"}
_DIFFERENCE = "difference"
_AVERAGING = ("_shuffle", "_shuffle_fp16")

_OTHER_KINDS = {
    "lora_controlnet": "a Control-LoRA",
    "lllite_": "a ControlNet-LLLite",
    "controlnet_blocks.": "a ControlNet for a transformer such as Stable Diffusion 3 or Flux",
    "controlnet_x_embedder.": "a ControlNet for Flux",
    "body.0.": "a T2I-Adapter of the light kind",
    "transformer_layes.": "a style adapter (StyleModelLoader loads it)",
    "model.diffusion_model.": "a whole model (CheckpointLoaderSimple loads it)",
    "image_proj": "an IP-Adapter",
    "lora_": "a LoRA",
}


class NotAControlNet(Invalid):
    """A file holds no ControlNet that we know."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        held = list(names)
        what = next(
            (kind for part, kind in _OTHER_KINDS.items() if any(part in name for name in held)),
            "no ControlNet",
        )
        super().__init__(
            f"The model file {path.name} holds {what}. ControlNets and T2I-Adapters of Stable "
            "Diffusion 1, 2 and XL can be used here; choose another file."
        )


class NeedsItsModel(Invalid):
    """A file says how a ControlNet differs from its model, which nobody gave."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model file {path.name} holds only how a ControlNet differs from its model. Load "
            "it with DiffControlNetLoader, and link the model there."
        )


def load_control(path: Path, base: DiffusionModel | None = None) -> Control:
    """Map a ControlNet or a T2I-Adapter. A file of differences is added to its model, `base`.

    Raises `NotAControlNet`, `NeedsItsModel`, `WeightsDoNotFit` and what `read_tensors` raises.
    """
    tensors = read_tensors(path)
    adapter = t2i_adapter.in_first_names(tensors)
    if adapter.keys() >= _ADAPTER:
        return Control(LoadedAdapter(mapped("T2I-Adapter", T2IAdapter, adapter, path)))
    own = below(tensors, _OWN) or tensors
    if diffusers_layout.CONTROL_MARK in own:
        own = diffusers_layout.in_first_names(own)
    if _HINT not in own or "lora_controlnet" in tensors:
        raise NotAControlNet(path, tensors)
    if _DIFFERENCE in tensors:
        if base is None:
            raise NeedsItsModel(path)
        own = _added(own, base)
    if union_control_net.MARK in own:
        return Control(LoadedUnion(mapped("union ControlNet", UnionControlNet, own, path)))
    weights = mapped("ControlNet", ControlNet, own, path)
    return Control(LoadedControlNet(weights, is_averaging=path.stem.endswith(_AVERAGING)))


def _added(differences: Tensors, base: DiffusionModel) -> Tensors:
    """The differences on top of the model's own weights, as its file has them; what the model has
    not is whole already."""
    originals = base.model.weights.originals
    return {
        name: tensor + originals[name].to(tensor) if name in originals else tensor
        for name, tensor in differences.items()
        if name != _DIFFERENCE
    }
