"""How far ComfyUI's workflows are carried out, told on a page with figures.

`python -m hub.engine.compatibility FOLDER` writes docs/compatibility.md anew. The folder holds
API-format workflows and an `index.csv`, which says of each `file` what ComfyUI 0.8.0 said of it
(`comfyui_0_8_0_verdict`) while the files in `models` (joined by `; `) were there.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.engine.catalogue import Catalogue, builtin_schemas
from hub.engine.check import Checked, check_graph, class_of
from hub.engine.comfyui_classes import comfyui_classes
from hub.engine.model_free import of_media_and_values, of_what_models_take
from hub.nodes.api import Schema

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"

_INTRODUCTION = """\
# Compatibility with ComfyUI

What this version has of ComfyUI 0.8.0, in figures. The page is written by
`python -m hub.engine.compatibility FOLDER`. `hub check --workflow FILE` tells of your own workflow
what is missing ([the command line](cli.md)).

A workflow is refused if one of its nodes is of a class that is not built in, as it could not be
carried out. The message tells classes that come with ComfyUI from those nobody knows.
"""

_DEVIATIONS = """\
## Where the check decides otherwise on purpose

- The text `false` (also `no`, `off`, `0` and the empty text) is false for a BOOLEAN. ComfyUI takes
  every text but the empty one as true.
- Links into inputs of one template (as those of a switch) must carry one type, and what reads the
  output must take it. ComfyUI lets every type pass there.
- A choice that brings inputs of its own must be there, and be one that is offered. ComfyUI checks
  neither.
- A link from an input that the class does not declare must lead to a node too, which passes the
  check. ComfyUI only follows such a link when it runs the workflow.
"""


FAMILIES = {"sd15", "sdxl", "no-model", "other"}
"""Of models that there are here; `other` are files whose names tell no family, and upscalers."""
XL = {"ai_companion__txt2img_with_vae", "discomfort__logo_512", "ComfyUI_OpenAI_API_Adapter__sdxl"}
"""Workflows of these names are for Stable Diffusion XL, whatever the index takes them for."""


OWN_KINDS = (
    "Stable Diffusion 1, a LoRA by hooks with keyframes, for the positive side alone",
    "Stable Diffusion 1, GLIGEN with two boxes",
    "Stable Diffusion 1, a hypernetwork",
    "Stable Diffusion 1, InstructPix2Pix with both of its scales",
    "Stable Diffusion 1, in the style of a picture",
    "Stable Diffusion 2, velocity and zero terminal SNR, as the file says",
    "Stable Diffusion 2, the same told by nodes, with rescaled guidance",
    "Stable Diffusion 2, inpainting",
    "Stable Diffusion 2, ControlNet",
    "Stable Diffusion 2, the x4 upscaler",
    "Stable Diffusion XL, ControlNet",
    "Stable Diffusion XL, handed over to the refiner",
    "Stable Diffusion XL, turbo",
    "Stable Diffusion XL, LCM by a LoRA",
    "Stable Diffusion XL, CosXL that edits",
)
"""Kinds of workflows that no public one is of, which a test carries out too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A workflow with what ComfyUI said of it. `models` are the files that were there, and `family`
    says for which kind of model it was made."""

    graph: dict[str, Any]
    verdict: str
    models: frozenset[str]
    name: str = ""
    family: str = ""

    @property
    def classes(self) -> set[str]:
        """All that its nodes name."""
        return {name for node in self.graph.values() if (name := class_of(node)) is not None}

    def can_be_run(self, schemas: Iterable[str]) -> bool:
        """Whether ComfyUI makes some of its outputs, and we have its classes and models."""
        is_accepted = self.verdict in ("valid", "partial")
        return is_accepted and self.family in FAMILIES and self.classes <= set(schemas)

    def checked(self, schemas: Iterable[Schema]) -> Checked:
        """What the graph check finds, with the same files in place."""
        return check_graph(self.graph, Catalogue(schemas, PlacedFiles(self.models)))

    def our_verdict(self, schemas: Iterable[Schema]) -> str:
        """The same in a word."""
        return verdict(self.checked(schemas))


class PlacedFiles:
    """All input files, and models of these names in every folder."""

    def __init__(self, models: frozenset[str]) -> None:
        self._models = models

    def list_folder(self, folder: str) -> list[str]:
        return sorted(self._models)

    def folder_has(self, folder: str, name: str) -> bool:
        return folder == "input" or name in self._models

    def path_of(self, folder: str) -> None:
        """Nowhere."""


def judged_workflows(folder: Path) -> Iterator[Judged]:
    """Those that `index.csv` in the folder names."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            names = filter(None, line["models"].split("; "))
            name = line["file"].removesuffix(".json")
            yield Judged(
                name=name,
                family="sdxl" if name in XL else line["family"],
                graph=json.loads((folder / line["file"]).read_text("utf-8")),
                verdict=line["comfyui_0_8_0_verdict"],
                models=frozenset(name for name in names if "://" not in name),
            )


def verdict(checked: Checked) -> str:
    """The check's answer in a word: `valid`, `partial` if some outputs cannot be made,
    `unknown-class`, `no-outputs`, or `invalid:` with the types of all errors."""
    match checked.error and checked.error["type"]:
        case None:
            return "partial" if checked.node_errors else "valid"
        case "invalid_prompt":
            return "unknown-class"
        case "prompt_no_outputs":
            return "no-outputs"
    errors = [error for node in checked.node_errors.values() for error in node["errors"]]
    return "invalid:" + "+".join(sorted({error["type"] for error in errors}))


def compatibility(workflows: Iterable[Judged]) -> str:
    """The page."""
    schemas = {schema.class_type: schema for schema in builtin_schemas()}
    judged = list(workflows)
    parts = [_INTRODUCTION, _workflows(judged, schemas), _missing(judged, schemas)]
    return "\n".join([*parts, _built(schemas), _model_free(schemas), _DEVIATIONS])


def _workflows(judged: list[Judged], schemas: Mapping[str, Schema]) -> str:
    complete = [workflow for workflow in judged if workflow.classes <= schemas.keys()]
    same = [item for item in complete if item.our_verdict(schemas.values()) == item.verdict]
    valid = [item for item in complete if item.verdict == "valid"]
    run = [item for item in complete if item.can_be_run(schemas)]
    return "\n".join(
        [
            "## Public workflows",
            "",
            "API-format workflows of public projects, as they were found: some are broken. A",
            "verdict says whether a workflow is valid, which kinds of error it has, or that only",
            "some of its outputs can be made.",
            "",
            "| workflows | |",
            "|---|---|",
            f"| tried | {len(judged)} |",
            f"| whose classes are all built in | {len(complete)} |",
            f"| of these, accepted by ComfyUI | {len(valid)} |",
            f"| of these, with the verdict of ComfyUI | {_share(len(same), len(complete))} |",
            f"| accepted at least in part, for models that there are here | {len(run)} |",
            "",
            "The last are carried out by a test to all outputs that can be made, on small random",
            "weights, with small pictures and few steps:",
            "",
            *(f"- {item.name.replace('__', ', ')}" for item in run),
            "",
            "The same test carries out workflows of our own, of kinds that are not among these:",
            "",
            *(f"- {kind}" for kind in OWN_KINDS),
            "",
        ]
    )


def _missing(judged: list[Judged], schemas: Mapping[str, Schema]) -> str:
    needed = Counter(name for item in judged for name in item.classes - schemas.keys())
    known = comfyui_classes()
    rows = sorted(needed.items(), key=lambda row: (-row[1], row[0]))
    return "\n".join(
        [
            "## Classes that these workflows lack",
            "",
            "| class | workflows | in ComfyUI 0.8.0 |",
            "|---|---|---|",
            *(
                f"| `{name}` | {count} | {known.get(name) or ('yes' if name in known else 'no')} |"
                for name, count in rows
            ),
            "",
        ]
    )


def _built(schemas: Mapping[str, Schema]) -> str:
    known = comfyui_classes()
    every = Counter(map(_top, known.values()))
    built = Counter(_top(category) for name, category in known.items() if name in schemas)
    own = len(schemas.keys() - known.keys())
    return "\n".join(
        [
            "## Built-in classes",
            "",
            f"{_share(built.total(), every.total())} of the classes that come with ComfyUI 0.8.0",
            f"are built in, those of its paid services not counted. {own} more are our own",
            "([all nodes](nodes.md)).",
            "",
            "| category | built in | in ComfyUI |",
            "|---|---|---|",
            *(f"| {name} | {built[name]} | {every[name]} |" for name in sorted(every)),
            "",
        ]
    )


def _model_free(schemas: Mapping[str, Schema]) -> str:
    media, others = of_media_and_values(), of_what_models_take()
    missing = sorted((media | others) - schemas.keys())
    return "\n".join(
        [
            "## Built-in classes that need no model",
            "",
            "Told by what ComfyUI's classes take and give: no model, and nothing that only a model",
            "gives. The second line is of latents, conditionings, schedules, meshes and so on.",
            "",
            "| classes that have to do with | built in |",
            "|---|---|",
            f"| pictures, masks, sound, video and values alone | {_built_of(media, schemas)} |",
            f"| what models take or give as well | {_built_of(others, schemas)} |",
            "",
            "Those that are not built in belong to families of models that are not here, to",
            "training or to 3D, or are tables of noise levels that others computed:",
            "",
            *(f"- `{name}`" for name in missing),
            "",
        ]
    )


def _built_of(names: frozenset[str], schemas: Mapping[str, Schema]) -> str:
    return _share(len(names & schemas.keys()), len(names))


def _top(category: str) -> str:
    """The first part of a category."""
    return category.split("/")[0] or "none"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.0%})" if whole else "")


if __name__ == "__main__":
    PAGE.write_text(compatibility(judged_workflows(Path(sys.argv[1]))), encoding="utf-8")
