"""The books: every repository over one database, and the files that go with them."""

from hub.clock import Clock
from hub.config.folders import Folders
from hub.storage.automation_states import AutomationStates
from hub.storage.database import Database
from hub.storage.deletions import Deletions
from hub.storage.deliveries import Deliveries
from hub.storage.disk_space import DiskSpace
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.input_store import InputStore
from hub.storage.input_uses import InputUses
from hub.storage.ledger import Ledger
from hub.storage.marks import Marks
from hub.storage.occurrences import Occurrences
from hub.storage.outputs import Outputs
from hub.storage.past import Past
from hub.storage.placing import Placing
from hub.storage.prompt_history import PromptHistory
from hub.storage.pruning import Pruning
from hub.storage.removals import Removals
from hub.storage.runs import RunRepository
from hub.storage.users import Users
from hub.storage.waits import Waits


class Books:
    """All that a hub remembers. `minimum_free` is in bytes."""

    def __init__(
        self, database: Database, folders: Folders, minimum_free: int, clock: Clock
    ) -> None:
        self.database = database
        self.events = Events(database)
        self.firings = Firings(database)
        self.past = Past(database)
        self.states = AutomationStates(database)
        self.ledger = Ledger(database)
        self.occurrences = Occurrences(database)
        self.waits = Waits(database)
        self.runs = RunRepository(database)
        self.prompt_history = PromptHistory(database)
        self.deliveries = Deliveries(database)
        self.users = Users(database)
        self.outputs = Outputs(database)
        self.marks = Marks(database)
        self.placing = Placing(database)
        self.inputs = InputStore(folders.store)
        self.input_uses = InputUses(database)
        self.pruning = Pruning(database)
        self.removals = Removals(database)
        self.deletions = Deletions(database, self.inputs, self.removals)
        self.disk_space = DiskSpace(folders.data, minimum_free, clock)
