"""The books: every repository over one database, and the files that go with them."""

from hub.clock import Clock
from hub.config.folders import Folders
from hub.storage.database import Database
from hub.storage.disk_space import DiskSpace
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.input_store import InputStore
from hub.storage.ledger import Ledger
from hub.storage.outputs import Outputs
from hub.storage.placing import Placing
from hub.storage.runs import RunRepository


class Books:
    """All that a hub remembers. `minimum_free` is in bytes."""

    def __init__(
        self, database: Database, folders: Folders, minimum_free: int, clock: Clock
    ) -> None:
        self.database = database
        self.events = Events(database)
        self.firings = Firings(database)
        self.ledger = Ledger(database)
        self.runs = RunRepository(database)
        self.outputs = Outputs(database)
        self.placing = Placing(database)
        self.inputs = InputStore(folders.store)
        self.disk_space = DiskSpace(folders.data, minimum_free, clock)
