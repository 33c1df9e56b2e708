"""Kinds of jobs: jobs of one kind need the same of a worker, so that one stands for all of them."""

from enum import StrEnum, auto
from typing import NamedTuple

from hub.engine.catalogue import Catalogue
from hub.engine.job import Job
from hub.nodes.api import Schema
from hub.nodes.schema import INPUT_FOLDERS
from hub.records.output import OutputFolder

_NO_MODELS = {"input", INPUT_FOLDERS, *OutputFolder}


class Lane(StrEnum):
    """What a job needs of a worker.

    `LIGHT` is a slot among others, `SHARED` turns in the execution thread, which it gives back
    while it is sampled; with `EXECUTION` no other has a turn before it is over, because of what
    packs do to the process; and `ALONE` has the worker to itself.
    """

    LIGHT = auto()
    SHARED = auto()
    EXECUTION = auto()
    ALONE = auto()


class Kind(NamedTuple):
    """`classes` are those that not every worker has; `models` the model files that the job names,
    each as `folder/name`."""

    lane: Lane
    classes: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()


def kind_of(job: Job, catalogue: Catalogue) -> Kind:
    """What a job needs, as far as the catalogue knows its classes."""
    classes, models = set(), set()
    is_light = True
    for node in job.graph.values():
        class_type = node["class_type"]
        if not catalogue.is_everywhere(class_type):
            classes.add(class_type)
        schema = catalogue.get(class_type)
        is_light = is_light and schema is not None and schema.light
        if schema is not None:
            models.update(_models(schema, node.get("inputs") or {}))
    return Kind(
        _lane(job, is_light=is_light, is_built_in=not classes),
        frozenset(classes),
        frozenset(models),
    )


def _lane(job: Job, *, is_light: bool, is_built_in: bool) -> Lane:
    if job.suspect:
        return Lane.ALONE
    if is_light:
        return Lane.LIGHT
    return Lane.SHARED if is_built_in else Lane.EXECUTION


def _models(schema: Schema, inputs: dict[str, object]) -> list[str]:
    return [
        f"{item.folder}/{name}"
        for item in schema.inputs
        if item.folder is not None
        and item.folder not in _NO_MODELS
        and isinstance(name := inputs.get(item.name), str)
        and name not in (item.options or ())
    ]
