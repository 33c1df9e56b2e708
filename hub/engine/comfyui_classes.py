"""The names of ComfyUI 0.8.0's own classes, so that those we lack are told from unknown ones."""

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("comfyui_classes.csv")


@cache
def comfyui_classes() -> dict[str, str]:
    """The category of each class that comes with ComfyUI, by name; its paid services left out."""
    with _FILE.open(newline="", encoding="utf-8") as file:
        return {line["class_type"]: line["category"] for line in csv.DictReader(file)}
