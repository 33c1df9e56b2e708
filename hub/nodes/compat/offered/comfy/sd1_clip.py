"""Weights in prompts, for packs that read them by themselves: a text is escaped, cut into pieces
with their weights, and each piece unescaped."""

from hub.engine.models.prompt import escaped as escape_important
from hub.engine.models.prompt import unescaped as unescape_important
from hub.engine.models.prompt import weighted
from hub.nodes.compat.not_yet import not_yet

__all__ = ["escape_important", "token_weights", "unescape_important"]
__getattr__ = not_yet("comfy.sd1_clip")


def token_weights(string: str, current_weight: float) -> list[tuple[str, float]]:
    return list(weighted(string, current_weight))
