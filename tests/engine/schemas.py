"""Schemas of packs, and catalogues of workers that have them."""

from hub.engine.catalogue import Catalogue
from hub.nodes.api import Schema
from hub.testing.worker import schema_of


class NoFiles:
    """No folder holds anything."""

    def list_folder(self, folder: str) -> list[str]:
        return []

    def folder_has(self, folder: str, name: str) -> bool:
        return True

    def path_of(self, folder: str) -> None:
        """Nowhere."""


def of_pack(pack: str, *class_types: str) -> tuple[Schema, ...]:
    """Classes as a pack brings them."""
    return tuple(schema_of(class_type, f"custom_nodes.{pack}") for class_type in class_types)


def catalogue_of(**workers: tuple[Schema, ...] | None) -> Catalogue:
    """With the built-in class `Plain`, and what each worker told; None for one that has not."""
    catalogue = Catalogue((schema_of("Plain", "nodes"),), NoFiles(), workers)
    for worker, schemas in workers.items():
        if schemas is not None:
            catalogue.report(worker, schemas)
    return catalogue
