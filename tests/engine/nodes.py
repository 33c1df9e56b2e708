"""All node classes for tests; a worker loads them with `--nodes tests.engine.nodes`."""

from tests.engine.failing_nodes import FAILING
from tests.engine.fault_nodes import Fault
from tests.engine.file_nodes import FILES
from tests.engine.sampling_nodes import SAMPLING
from tests.engine.text_nodes import TEXTS
from tests.engine.thing_nodes import THINGS
from tests.engine.waiting_nodes import WAITING
from tests.engine.worker.branching_nodes import BRANCHING
from tests.engine.worker.dynamic_nodes import DYNAMIC

NODES = (
    *TEXTS,
    *FILES,
    *FAILING,
    *WAITING,
    *THINGS,
    *BRANCHING,
    *DYNAMIC,
    *SAMPLING,
    Fault,
)
