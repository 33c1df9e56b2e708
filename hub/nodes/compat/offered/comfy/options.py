"""Whether ComfyUI reads its command line. The hub never does in a worker."""

from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.options")
args_parsing = False


def enable_args_parsing(enable: bool = True) -> None:
    """Changes nothing but the flag."""
    global args_parsing  # noqa: PLW0603 - packs read it here
    args_parsing = enable
