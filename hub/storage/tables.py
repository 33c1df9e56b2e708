"""The tables. Rows never leave `hub.storage`; repositories turn them into records.

A migration under `migrations/versions` makes exactly these tables; a test compares the two.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hub.storage.columns import FilePath, Json, Moment

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("automation", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("observed_at", Moment, nullable=False),
    Column("variables", Json, nullable=False),
    UniqueConstraint("automation", "trigger", "key"),
)

firings = Table(
    "firings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("event", Text, ForeignKey("events.id"), nullable=False),
    Column("automation", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("verdicts", Json, nullable=False),
    Column("definition", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("event", "automation"),
    Index("firings_open", "state", sqlite_where=text("ended_at IS NULL")),
    Index("firings_of_automation", "automation", "number"),
)

firing_steps = Table(
    "firing_steps",
    metadata,
    Column("firing", Text, ForeignKey("firings.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("result", Json),
    Column("error", Text),
    sqlite_with_rowid=False,
)

ledger = Table(
    "ledger",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("trigger", Text, primary_key=True),
    Column("path", FilePath, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("mtime_ns", Integer, nullable=False),
    Column("inode", Integer, nullable=False),
    Column("sha256", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("event", Text),
    Column("seen_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Index("ledger_of_path", "path"),
    Index("ledger_of_content", "automation", "sha256"),
)

trigger_states = Table(
    "trigger_states",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("trigger", Text, primary_key=True),
    Column("state", Json, nullable=False),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("trigger", Text, primary_key=True),
    Column("scheduled_at", Moment, primary_key=True),
    Column("state", Text, nullable=False),
    Column("event", Text),
    sqlite_with_rowid=False,
)

graphs = Table(
    "graphs",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("graph", Json, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("workflow", Text),
    Column("graph", Text, ForeignKey("graphs.hash"), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("targets", Json),
    Column("priority", Integer, nullable=False),
    Column("position", Float, nullable=False),
    Column("firing", Text),
    Column("step", Text),
    Column("client", Text),
    Column("extra", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("suspect", Boolean, nullable=False),
    Column("error", Json),
    Column("publication", Json),
    Index("runs_open", "state", sqlite_where=text("ended_at IS NULL")),
    Index("runs_of_state", "state", "number"),
    Index("runs_of_workflow", "workflow", "number"),
    Index("runs_of_firing", "firing", sqlite_where=text("firing IS NOT NULL")),
)

run_nodes = Table(
    "run_nodes",
    metadata,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True),
    Column("node", Text, primary_key=True),
    Column("class_type", Text, nullable=False),
    Column("cached", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("ui", Json),
    Column("display", Text),
    Column("blocked", Text),
    sqlite_with_rowid=False,
)

run_progress = Table(
    "run_progress",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("run", Text, ForeignKey("runs.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("node", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("maximum", Float, nullable=False),
    Column("at", Moment, nullable=False),
    Index("run_progress_of_run", "run", "number"),
)

placements = Table(
    "placements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("path", FilePath, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    UniqueConstraint("owner", "slot"),
    Index("placements_of_path", "path", unique=True, sqlite_where=text("NOT gone")),
)

outputs = Table(
    "outputs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", Text, ForeignKey("runs.id"), nullable=False),
    Column("node", Text, nullable=False),
    Column("index", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("path", FilePath, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("created_at", Moment, nullable=False),
    Column("shared_from", Integer, ForeignKey("outputs.id")),
    UniqueConstraint("run", "node", "index"),
    Index("outputs_since", "created_at"),
    Index("outputs_of_path", "path"),
)

automation_states = Table(
    "automation_states",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
)
