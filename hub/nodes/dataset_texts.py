"""Nodes that prepare the texts of a training set, one after another."""

from hub.nodes.api import INT, STRING, Node, NodeOutput, Schema

_CATEGORY, _MODULE = "dataset/text", "comfy_extras.nodes_dataset"


class TextToLowercase(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TextToLowercase",
            display_name="Text to Lowercase",
            category=_CATEGORY,
            description="Makes all letters small.",
            inputs=(STRING.value("texts"),),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str) -> NodeOutput:
        return NodeOutput(texts.lower())


class TextToUppercase(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TextToUppercase",
            display_name="Text to Uppercase",
            category=_CATEGORY,
            description="Makes all letters capitals.",
            inputs=(STRING.value("texts"),),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str) -> NodeOutput:
        return NodeOutput(texts.upper())


class TruncateText(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TruncateText",
            display_name="Truncate Text",
            category=_CATEGORY,
            description="Keeps at most so many characters.",
            inputs=(
                STRING.value("texts"),
                INT.value("max_length", default=77, minimum=1, maximum=10000),
            ),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str, max_length: int) -> NodeOutput:
        return NodeOutput(texts[:max_length])


class AddTextPrefix(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AddTextPrefix",
            display_name="Add Text Prefix",
            category=_CATEGORY,
            description="Puts something before a text.",
            inputs=(
                STRING.value("texts"),
                STRING.value("prefix"),
            ),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str, prefix: str) -> NodeOutput:
        return NodeOutput(prefix + texts)


class AddTextSuffix(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AddTextSuffix",
            display_name="Add Text Suffix",
            category=_CATEGORY,
            description="Puts something behind a text.",
            inputs=(
                STRING.value("texts"),
                STRING.value("suffix"),
            ),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str, suffix: str) -> NodeOutput:
        return NodeOutput(texts + suffix)


class ReplaceText(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ReplaceText",
            display_name="Replace Text",
            category=_CATEGORY,
            description="Puts one text in the place of another, wherever it stands.",
            inputs=(
                STRING.value("texts"),
                STRING.value("find"),
                STRING.value("replace"),
            ),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str, find: str, replace: str) -> NodeOutput:
        return NodeOutput(texts.replace(find, replace))


class StripWhitespace(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StripWhitespace",
            display_name="Strip Whitespace",
            category=_CATEGORY,
            description="Takes blanks and line ends off both sides.",
            inputs=(STRING.value("texts"),),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: str) -> NodeOutput:
        return NodeOutput(texts.strip())


NODES: tuple[type[Node], ...] = (
    TextToLowercase,
    TextToUppercase,
    TruncateText,
    AddTextPrefix,
    AddTextSuffix,
    ReplaceText,
    StripWhitespace,
)
