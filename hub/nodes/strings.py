"""Nodes that make strings, and tell about them."""

from collections.abc import Callable

from hub.nodes.api import BOOLEAN, INT, STRING, Input, Node, NodeOutput, Schema, choice

_CATEGORY, _MODULE = "utils/string", "comfy_extras.nodes_string"

_CASES: dict[str, Callable[[str], str]] = {
    "UPPERCASE": str.upper,
    "lowercase": str.lower,
    "Capitalize": str.capitalize,
    "Title Case": str.title,
}
_TRIMS: dict[str, Callable[[str], str]] = {
    "Both": str.strip,
    "Left": str.lstrip,
    "Right": str.rstrip,
}
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "Starts With": str.startswith,
    "Ends With": str.endswith,
    "Equal": str.__eq__,
}


class StringConcatenate(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringConcatenate",
            display_name="Concatenate",
            category=_CATEGORY,
            description="Puts two strings behind each other, with a delimiter between them.",
            inputs=(
                _text("string_a"),
                _text("string_b"),
                STRING.value("delimiter"),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string_a: str, string_b: str, delimiter: str) -> NodeOutput:
        return NodeOutput(string_a + delimiter + string_b)


class StringSubstring(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringSubstring",
            display_name="Substring",
            category=_CATEGORY,
            description=(
                "Takes the characters from start up to before end, counted from 0; negative "
                "numbers count from the end."
            ),
            inputs=(
                _text("string"),
                INT.value("start"),
                INT.value("end"),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str, start: int, end: int) -> NodeOutput:
        return NodeOutput(string[start:end])


class StringLength(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringLength",
            display_name="Length",
            category=_CATEGORY,
            description="Tells how many characters a string has.",
            inputs=(_text("string"),),
            outputs=(INT.output("length"),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str) -> NodeOutput:
        return NodeOutput(len(string))


class CaseConverter(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CaseConverter",
            display_name="Case Converter",
            category=_CATEGORY,
            description="Changes the case of letters.",
            inputs=(
                _text("string"),
                choice("mode", tuple(_CASES)),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str, mode: str) -> NodeOutput:
        return NodeOutput(_CASES[mode](string))


class StringTrim(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringTrim",
            display_name="Trim",
            category=_CATEGORY,
            description="Takes blanks and line ends off a string, on one side or both.",
            inputs=(
                _text("string"),
                choice("mode", tuple(_TRIMS)),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str, mode: str) -> NodeOutput:
        return NodeOutput(_TRIMS[mode](string))


class StringReplace(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringReplace",
            display_name="Replace",
            category=_CATEGORY,
            description="Puts one text in the place of another, wherever it stands.",
            inputs=(
                _text("string"),
                _text("find"),
                _text("replace"),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str, find: str, replace: str) -> NodeOutput:
        return NodeOutput(string.replace(find, replace))


class StringContains(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringContains",
            display_name="Contains",
            category=_CATEGORY,
            description="Tells whether a text stands somewhere in a string.",
            inputs=(
                _text("string"),
                _text("substring"),
                BOOLEAN.value("case_sensitive", default=True),
            ),
            outputs=(BOOLEAN.output("contains"),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string: str, substring: str, case_sensitive: bool) -> NodeOutput:
        if not case_sensitive:
            string, substring = string.lower(), substring.lower()
        return NodeOutput(substring in string)


class StringCompare(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StringCompare",
            display_name="Compare",
            category=_CATEGORY,
            description="Tells whether one string begins with, ends with or equals another.",
            inputs=(
                _text("string_a"),
                _text("string_b"),
                choice("mode", tuple(_COMPARISONS)),
                BOOLEAN.value("case_sensitive", default=True),
            ),
            outputs=(BOOLEAN.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, string_a: str, string_b: str, mode: str, case_sensitive: bool) -> NodeOutput:
        if not case_sensitive:
            string_a, string_b = string_a.lower(), string_b.lower()
        return NodeOutput(_COMPARISONS[mode](string_a, string_b))


def _text(name: str) -> Input:
    return STRING.value(name, multiline=True)


NODES: tuple[type[Node], ...] = (
    StringConcatenate,
    StringSubstring,
    StringLength,
    CaseConverter,
    StringTrim,
    StringReplace,
    StringContains,
    StringCompare,
)
