"""How latents are shown while they are sampled: by a tiny decoder where there is one, else by a
linear map of their channels."""

import logging
from pathlib import Path

from torch import Tensor

from hub.config.engine_settings import Previews
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.latent_preview import preview_image
from hub.engine.models.tiny_autoencoder import (
    FAMILIES,
    TinyAutoencoder,
    find_half,
    load_tiny_decoder,
    tiny_picture,
)
from hub.engine.models.weights import Weights
from hub.errors import HubError

log = logging.getLogger(__name__)

_LINEAR = "latent2rgb"
_METHODS = (*Previews, _LINEAR, "taesd")
_NAMES = {form: name for name, form in FAMILIES.items()}
_Decoder = Weights[TinyAutoencoder]


class ShownLatents:
    """Pictures of latents, with decoders from these `folders`.

    State: `_decoders` are those that were loaded, by their file; None for one that could not be.
    """

    def __init__(self, folders: tuple[Path, ...] = ()) -> None:
        self._folders = folders
        self._decoders: dict[Path, _Decoder | None] = {}

    def picture(self, latent: Tensor, form: LatentFormat, method: str) -> Tensor:
        """The first of a batch as an IMAGE [1, height, width, 3]."""
        decoder = None if method == _LINEAR else self._decoder(form)
        return preview_image(latent, form) if decoder is None else tiny_picture(decoder, latent)

    def _decoder(self, form: LatentFormat) -> _Decoder | None:
        path = find_half(_NAMES[form], "decoder", self._folders) if form in _NAMES else None
        if path is not None and path not in self._decoders:
            self._decoders[path] = _loaded(path, form)
        return self._decoders[path] if path else None


def _loaded(path: Path, form: LatentFormat) -> _Decoder | None:
    try:
        return load_tiny_decoder(path, form)
    except (HubError, OSError) as error:
        log.warning("Previews do without %s: %s", path.name, error)
        return None


def preview_method(asked: object, previews: Previews) -> str:
    """What a prompt asks for, or what the settings say; `none` shows nothing."""
    return asked if isinstance(asked, str) and asked in _METHODS else previews.value
