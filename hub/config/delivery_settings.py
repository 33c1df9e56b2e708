"""The `deliveries:` section of hub.yaml."""

from typing import Annotated

import msgspec
from msgspec import Meta


class DeliverySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be posted elsewhere, and fetched from there."""

    allow_private: Annotated[
        bool,
        Meta(
            description="Whether `webhook.post`, webhooks of runs, and files of requests that are"
            " given by address may reach this machine and the local network: private, loopback and"
            " link-local addresses."
        ),
    ] = False
    secrets: Annotated[
        dict[str, Annotated[str, Meta(min_length=1)]],
        Meta(
            description="What deliveries are signed with, by names that `webhook.post` and webhooks"
            " of runs give as `secret`. Use `!secret`; one of the form `whsec_…` is Base64."
        ),
    ] = {}
