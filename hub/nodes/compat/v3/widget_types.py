"""The types whose inputs may hold a constant, with what a form is told about it."""

from dataclasses import asdict, dataclass
from enum import Enum, StrEnum
from typing import Any

from hub.nodes.compat.v3.inputs import ComfyTypeI, ComfyTypeIO, WidgetInput, comfytype, told_only
from hub.nodes.compat.v3.inputs import Output as AnyOutput


class NumberDisplay(StrEnum):
    """How a form shows a number."""

    number = "number"
    slider = "slider"
    color = "color"


class FolderType(StrEnum):
    """Folders of files."""

    input = "input"
    output = "output"
    temp = "temp"


class UploadType(StrEnum):
    """What may be uploaded where a file is chosen; the values are options of the catalogue."""

    image = "image_upload"
    audio = "audio_upload"
    video = "video_upload"
    model = "file_upload"


class ControlAfterGenerate(StrEnum):
    """What an editor does with a number after each run."""

    fixed = "fixed"
    increment = "increment"
    decrement = "decrement"
    randomize = "randomize"


@dataclass
class RemoteOptions:
    """Where an editor asks for the choices."""

    route: str
    refresh_button: bool
    control_after_refresh: str = "first"
    timeout: int | None = None
    max_retries: int | None = None
    refresh: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return told_only(asdict(self))


class _Told(WidgetInput):
    """A widget with further options, which `facts` has under the catalogue's names."""

    def __init__(self, *args: Any, facts: dict[str, Any], **common: Any) -> None:
        super().__init__(*args, **common)
        self._facts = facts

    def as_dict(self) -> dict[str, Any]:
        return {**told_only(self._facts), **super().as_dict()}


@comfytype("BOOLEAN")
class Boolean(ComfyTypeIO):
    Type = bool

    class Input(_Told):
        def __init__(
            self,
            *args: Any,
            label_on: str | None = None,
            label_off: str | None = None,
            **common: Any,
        ) -> None:
            facts = {"label_on": label_on, "label_off": label_off}
            super().__init__(*args, facts=facts, **common)


class _Number(_Told):
    def __init__(
        self,
        id: str,  # noqa: A002 - the documented names, here and below
        display_name: str | None = None,
        optional: bool = False,
        tooltip: str | None = None,
        lazy: bool | None = None,
        default: float | None = None,
        min: float | None = None,  # noqa: A002
        max: float | None = None,  # noqa: A002
        step: float | None = None,
        round: float | bool | None = None,  # noqa: A002
        control_after_generate: bool | ControlAfterGenerate | None = None,
        display_mode: NumberDisplay | str | None = None,
        **common: Any,
    ) -> None:
        facts = {
            "min": min,
            "max": max,
            "step": step,
            "round": round,
            "control_after_generate": control_after_generate,
            "display": None if display_mode is None else str(display_mode),
        }
        common |= {"default": default, "facts": facts}
        super().__init__(id, display_name, optional, tooltip, lazy, **common)


@comfytype("INT")
class Int(ComfyTypeIO):
    Type = int
    Input = _Number


@comfytype("FLOAT")
class Float(ComfyTypeIO):
    Type = float
    Input = _Number


@comfytype("STRING")
class String(ComfyTypeIO):
    Type = str

    class Input(_Told):
        def __init__(
            self,
            id: str,  # noqa: A002
            display_name: str | None = None,
            optional: bool = False,
            tooltip: str | None = None,
            lazy: bool | None = None,
            multiline: bool = False,
            placeholder: str | None = None,
            default: str | None = None,
            dynamic_prompts: bool | None = None,
            **common: Any,
        ) -> None:
            facts = {
                "multiline": multiline,
                "placeholder": placeholder,
                "dynamicPrompts": dynamic_prompts,
            }
            common |= {"default": default, "facts": facts}
            super().__init__(id, display_name, optional, tooltip, lazy, **common)


class _Choice(_Told):
    """`options` may be an Enum class, whose values are then the choices."""

    multiselect = False

    def __init__(
        self,
        id: str,  # noqa: A002
        options: Any = None,
        *args: Any,
        default: Any = None,
        facts: dict[str, Any] | None = None,
        control_after_generate: bool | ControlAfterGenerate | None = None,
        **common: Any,
    ) -> None:
        if isinstance(options, type) and issubclass(options, Enum):
            options = [choice.value for choice in options]
        self.options = options
        common["default"] = default.value if isinstance(default, Enum) else default
        common["facts"] = {
            "multiselect": self.multiselect,
            "options": options,
            "control_after_generate": control_after_generate,
            **(facts or {}),
        }
        super().__init__(id, *args, **common)


@comfytype("COMBO")
class Combo(ComfyTypeIO):
    Type = str

    class Input(_Choice):
        def __init__(
            self,
            *args: Any,
            upload: UploadType | None = None,
            image_folder: FolderType | None = None,
            remote: RemoteOptions | None = None,
            **common: Any,
        ) -> None:
            facts: dict[str, Any] = {
                "image_folder": None if image_folder is None else str(image_folder),
                "remote": None if remote is None else remote.as_dict(),
            }
            if upload is not None:
                facts[str(upload)] = True
            super().__init__(*args, facts=facts, **common)

    class Output(AnyOutput):
        """`options` are only told to readers of the code."""

        def __init__(
            self,
            id: str | None = None,  # noqa: A002
            display_name: str | None = None,
            options: Any = None,
            tooltip: str | None = None,
            is_output_list: bool = False,
        ) -> None:
            super().__init__(id, display_name, tooltip, is_output_list)
            self.options = options


@comfytype("COMBO")
class MultiCombo(ComfyTypeI):
    Type = list

    class Input(_Choice):
        multiselect = True

        def __init__(
            self,
            *args: Any,
            placeholder: str | None = None,
            chip: bool | None = None,
            **common: Any,
        ) -> None:
            facts = {"multi_select": True, "placeholder": placeholder, "chip": chip}
            super().__init__(*args, facts=facts, **common)
