"""Functions that nodes put around a model, into it, and around its guidance."""

from collections.abc import Callable
from typing import Any

from hub.engine.models.wrappers import add_wrapper

Function = Callable[..., Any]
MASK_FUNCTION = "denoise_mask_function"


class ModelOptions:
    """Keeps them in `model_options`; keys and method names are those that node packs know."""

    def __init__(self) -> None:
        self.model_options: dict[str, Any] = {"transformer_options": {}}

    def copied_options(self) -> dict[str, Any]:
        """Options that can be added to without changing these."""
        copy: dict[str, Any] = _copied(self.model_options)
        return copy

    def set_model_unet_function_wrapper(self, wrapper: Function) -> None:
        """Called with `apply_model` and its inputs, instead of it."""
        self.model_options["model_function_wrapper"] = wrapper

    def set_model_sampler_cfg_function(
        self, function: Function, disable_cfg1_optimization: bool = False
    ) -> None:
        """Guides instead of classifier-free guidance."""
        self.model_options["sampler_cfg_function"] = function
        self._keep_both_sides(disable_cfg1_optimization)

    def set_model_sampler_pre_cfg_function(
        self, function: Function, disable_cfg1_optimization: bool = False
    ) -> None:
        """Changes what the model said before it is guided by."""
        self._append("sampler_pre_cfg_function", function)
        self._keep_both_sides(disable_cfg1_optimization)

    def set_model_sampler_post_cfg_function(
        self, function: Function, disable_cfg1_optimization: bool = False
    ) -> None:
        """Changes the guided latent."""
        self._append("sampler_post_cfg_function", function)
        self._keep_both_sides(disable_cfg1_optimization)

    def set_model_denoise_mask_function(self, function: Function) -> None:
        """Makes of the level and the mask of a LATENT the mask that counts at that level."""
        self.model_options[MASK_FUNCTION] = function

    def add_wrapper(self, wrapper_type: str, wrapper: Function) -> None:
        """Put a function around one kind of call. Raises `NeverCalled`."""
        self.add_wrapper_with_key(wrapper_type, None, wrapper)

    def add_wrapper_with_key(self, wrapper_type: str, key: str | None, wrapper: Function) -> None:
        """The same under a name, by which it can be removed. Raises `NeverCalled`."""
        add_wrapper(self.model_options["transformer_options"], wrapper_type, key, wrapper)

    def remove_wrappers_with_key(self, wrapper_type: str, key: str) -> None:
        wrappers = self.model_options["transformer_options"].get("wrappers", {})
        wrappers.get(wrapper_type, {}).pop(key, None)

    def set_model_patch(self, patch: Function, name: str) -> None:
        """Changes what passes at a kind of place in the network."""
        patches = self.model_options["transformer_options"].setdefault("patches", {})
        patches.setdefault(name, []).append(patch)

    def set_model_patch_replace(
        self,
        patch: Function,
        name: str,
        block_name: str,
        number: int,
        transformer_index: int | None = None,
    ) -> None:
        """Stands in for attention in a block such as `input` 4, or in one of its transformers."""
        place = (block_name, number)
        replacements = self.model_options["transformer_options"].setdefault("patches_replace", {})
        replacements.setdefault(name, {})[
            place if transformer_index is None else (*place, transformer_index)
        ] = patch

    def set_model_attn1_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "attn1_patch")

    def set_model_attn2_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "attn2_patch")

    def set_model_attn1_output_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "attn1_output_patch")

    def set_model_attn2_output_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "attn2_output_patch")

    def set_model_input_block_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "input_block_patch")

    def set_model_input_block_patch_after_skip(self, patch: Function) -> None:
        self.set_model_patch(patch, "input_block_patch_after_skip")

    def set_model_output_block_patch(self, patch: Function) -> None:
        self.set_model_patch(patch, "output_block_patch")

    def set_model_attn1_replace(
        self, patch: Function, block_name: str, number: int, transformer_index: int | None = None
    ) -> None:
        self.set_model_patch_replace(patch, "attn1", block_name, number, transformer_index)

    def set_model_attn2_replace(
        self, patch: Function, block_name: str, number: int, transformer_index: int | None = None
    ) -> None:
        self.set_model_patch_replace(patch, "attn2", block_name, number, transformer_index)

    def _append(self, name: str, function: Function) -> None:
        self.model_options[name] = [*self.model_options.get(name, ()), function]

    def _keep_both_sides(self, is_wanted: bool) -> None:
        if is_wanted:
            self.model_options["disable_cfg1_optimization"] = True


def _copied(options: Any) -> Any:
    """Dictionaries and lists in it are new; what they hold at last is the same."""
    if isinstance(options, dict):
        return {name: _copied(value) for name, value in options.items()}
    return list(options) if isinstance(options, list) else options
