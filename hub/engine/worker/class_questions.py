"""Answers the hub's question what classes have against the inputs of nodes."""

import asyncio
import logging

from hub.engine.messages import AskClasses, ClassesAnswered, Objection
from hub.engine.worker.calls import constants
from hub.engine.worker.class_code import ClassCode
from hub.engine.worker.context import Attempt
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.node_code import LONGEST_MESSAGE, NodeRaised, call

log = logging.getLogger(__name__)


def answered(
    order: AskClasses, attempt: Attempt, classes: NodeClasses, loop: asyncio.AbstractEventLoop
) -> ClassesAnswered:
    """Asks each class. One that raises says nothing here: its run will tell what it raised."""
    code = ClassCode(attempt, loop)
    found = {node: _objection(node, code, attempt, classes) for node in order.nodes}
    objections = {node: objection for node, objection in found.items() if objection}
    return ClassesAnswered(question=order.question, objections=objections)


def _objection(
    node: str, code: ClassCode, attempt: Attempt, classes: NodeClasses
) -> Objection | None:
    definition = attempt.graph.nodes[node]
    loaded = classes.get(definition["class_type"])
    if loaded is None:
        return None
    if loaded.declared:
        loaded = loaded.for_node(definition)
    try:
        answer = code.objection(node, definition, loaded)
        words = "" if answer in (None, False) else call(str, answer)[:LONGEST_MESSAGE]
    except NodeRaised as raised:
        log.warning("Node %s cannot be asked about its inputs: %s", node, raised)
        return None
    if answer is None:
        return None
    looked_at = getattr(answer, "inputs", None) or constants(definition, loaded.schema)
    return Objection(inputs=tuple(looked_at), words=words)
