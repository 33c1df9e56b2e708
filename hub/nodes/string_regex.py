"""Nodes that search strings by regular expressions."""

from hub.errors import Invalid
from hub.nodes.api import BOOLEAN, INT, STRING, Input, Node, NodeOutput, Schema, choice
from hub.nodes.patterns import Pattern

_CATEGORY, _MODULE = "utils/string", "comfy_extras.nodes_string"
_MODES = ("First Match", "All Matches", "First Group", "All Groups")


class NoSuchGroup(Invalid):
    """A pattern has fewer groups than were asked for."""

    def __init__(self, number: int, groups: int) -> None:
        super().__init__(
            f"The pattern has {groups} groups in brackets and no group {number}. Choose a smaller "
            "group_index, or add brackets."
        )


class RegexMatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RegexMatch",
            display_name="Regex Match",
            category=_CATEGORY,
            description="Tells whether a pattern matches somewhere in a string.",
            inputs=(
                _text("string"),
                _text("regex_pattern"),
                _flag("case_insensitive", True),
                _flag("multiline", False),
                _flag("dotall", False),
            ),
            outputs=(BOOLEAN.output("matches"),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, string: str, regex_pattern: str, case_insensitive: bool, multiline: bool, dotall: bool
    ) -> NodeOutput:
        pattern = Pattern(
            regex_pattern, case_insensitive=case_insensitive, multiline=multiline, dotall=dotall
        )
        return NodeOutput(pattern.first(string) is not None)


class RegexExtract(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RegexExtract",
            display_name="Regex Extract",
            category=_CATEGORY,
            description=(
                "Takes out what matches a pattern, or a group of it; several are put on lines of "
                "their own. Without a match the result is empty."
            ),
            inputs=(
                _text("string"),
                _text("regex_pattern"),
                choice("mode", _MODES),
                _flag("case_insensitive", True),
                _flag("multiline", False),
                _flag("dotall", False),
                INT.value("group_index", default=1, minimum=0, maximum=100),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        string: str,
        regex_pattern: str,
        mode: str,
        case_insensitive: bool,
        multiline: bool,
        dotall: bool,
        group_index: int,
    ) -> NodeOutput:
        pattern = Pattern(
            regex_pattern, case_insensitive=case_insensitive, multiline=multiline, dotall=dotall
        )
        number = group_index if "Group" in mode else 0
        if number > pattern.groups:
            raise NoSuchGroup(number, pattern.groups)
        matches = pattern.matches(string) if mode.startswith("All") else [pattern.first(string)]
        found = (match[number] for match in matches if match)
        return NodeOutput("\n".join(text for text in found if text is not None))


class RegexReplace(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RegexReplace",
            display_name="Regex Replace",
            category=_CATEGORY,
            description=(
                "Replaces what matches a pattern, everywhere or so many times. The replacement may "
                "use groups as \\1 or \\g<name>."
            ),
            inputs=(
                _text("string"),
                _text("regex_pattern"),
                _text("replace"),
                _flag("case_insensitive", True, optional=True),
                _flag("multiline", False, optional=True),
                _flag("dotall", False, optional=True),
                INT.value("count", default=0, minimum=0, maximum=100, optional=True),
            ),
            outputs=(STRING.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        string: str,
        regex_pattern: str,
        replace: str,
        case_insensitive: bool = True,
        multiline: bool = False,
        dotall: bool = False,
        count: int = 0,
    ) -> NodeOutput:
        pattern = Pattern(
            regex_pattern, case_insensitive=case_insensitive, multiline=multiline, dotall=dotall
        )
        return NodeOutput(pattern.replaced(string, replace, count))


def _text(name: str) -> Input:
    return STRING.value(name, multiline=True)


def _flag(name: str, default: bool, *, optional: bool = False) -> Input:
    return BOOLEAN.value(name, default=default, optional=optional)


NODES: tuple[type[Node], ...] = (
    RegexMatch,
    RegexExtract,
    RegexReplace,
)
