"""Classes whose inputs depend on the graph, of each kind."""

from hub.nodes.api import (
    BOOLEAN,
    IMAGE,
    INT,
    MASK,
    STRING,
    Input,
    MatchedType,
    Schema,
    autogrow,
    dynamic_combo,
)
from hub.nodes.schema import DYNAMIC_SLOT, DynamicSlot

SAME = MatchedType("same", IMAGE, MASK)
EITHER = MatchedType("either")

IMAGES = autogrow("images", IMAGE.input("image"), prefix="image", minimum=2, maximum=4)
SIZE = dynamic_combo(
    "size",
    {
        "factor": (INT.value("factor", default=2, minimum=1, maximum=8),),
        "each": (autogrow("sides", INT.value("side"), prefix="side", minimum=1, maximum=3),),
        "keep": (),
    },
)
SLOT = Input(
    name="mask",
    type=DYNAMIC_SLOT,
    optional=True,
    dynamic=DynamicSlot("MASK", (BOOLEAN.value("invert"), STRING.value("note", optional=True))),
)

SCHEMAS = (
    Schema(class_type="MakeImage", category="x", outputs=(IMAGE.output(),)),
    Schema(class_type="MakeMask", category="x", outputs=(MASK.output(),)),
    Schema(class_type="MakeText", category="x", outputs=(STRING.output(),)),
    Schema(
        class_type="Dynamic",
        category="x",
        inputs=(IMAGES, SIZE, SLOT),
        is_output_node=True,
        is_v3=True,
    ),
    Schema(
        class_type="Same",
        category="x",
        inputs=(SAME.input("one"), SAME.input("two", optional=True)),
        outputs=(SAME.output("same"),),
        is_output_node=True,
        is_v3=True,
    ),
    Schema(
        class_type="Either",
        category="x",
        inputs=(EITHER.input("one", lazy=True), EITHER.input("two", lazy=True)),
        outputs=(EITHER.output("either"),),
        is_v3=True,
    ),
    Schema(
        class_type="TakeImage", category="x", inputs=(IMAGE.input("image"),), is_output_node=True
    ),
)
BY_NAME = {schema.class_type: schema for schema in SCHEMAS}
