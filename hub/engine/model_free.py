"""Which of ComfyUI's classes need no model, told by what they take and give.

The facts are those that were recorded from ComfyUI (`tests/data/comfyui_node_io.csv`).
"""

import csv
from collections import defaultdict
from pathlib import Path

FACTS = Path(__file__).parents[2] / "tests" / "data" / "comfyui_node_io.csv"

MEDIA = frozenset({"AUDIO", "AUDIO_RECORD", "IMAGE", "MASK", "SVG", "VIDEO", "WEBCAM"})
VALUES = frozenset({"*", "BOOLEAN", "COMBO", "FLOAT", "FLOATS", "INT", "STRING"})
"""`FLOATS` is a list of them."""
_ANY = frozenset({"COMFY_AUTOGROW_V3", "COMFY_DYNAMICCOMBO_V3", "COMFY_MATCHTYPE_V3"})
_HIDDEN = frozenset({"EXTRA_PNGINFO", "PROMPT", "UNIQUE_ID"})
_MODELS = frozenset(
    {
        *("AUDIO_ENCODER", "AUDIO_ENCODER_OUTPUT", "CLIP", "CLIP_VISION", "CLIP_VISION_OUTPUT"),
        *("CONTROL_NET", "GLIGEN", "GUIDER", "LATENT_UPSCALE_MODEL", "LORA_MODEL", "MODEL"),
        *("MODEL_PATCH", "PHOTOMAKER", "STYLE_MODEL", "UPSCALE_MODEL", "VAE"),
    }
)
"""Models, and what only a model gives."""


def of_media_and_values() -> frozenset[str]:
    """Classes that have to do with pictures, masks, sound, video, texts and numbers alone."""
    plain = MEDIA | VALUES | _ANY | _HIDDEN
    return frozenset(name for name, types in _types().items() if types <= plain)


def of_what_models_take() -> frozenset[str]:
    """Classes that need no model themselves, but make latents, conditionings, schedules and so on,
    which only a model can do something with."""
    free = frozenset(name for name, types in _types().items() if not types & _MODELS)
    return free - of_media_and_values()


def _types() -> dict[str, set[str]]:
    """The types of all inputs and outputs of each class."""
    found: dict[str, set[str]] = defaultdict(set)
    with FACTS.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["dir"] in ("in", "out"):
                found[line["class_type"]].update(line["type"].split(","))
    return found
