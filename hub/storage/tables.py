"""The tables. Rows never leave `hub.storage`; repositories turn them into records.

A migration under `migrations/versions` makes exactly these tables; a test compares the two.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
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

from hub.storage.columns import FilePath, Json, Moment, Prose

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
    Column("offered", Boolean, nullable=False, server_default=text("0")),
    UniqueConstraint("automation", "trigger", "key"),
    Index("events_waiting", "number", sqlite_where=text("NOT offered")),
    Index("events_of_trigger", "automation", "trigger", "number"),
)

firings = Table(
    "firings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("event", Text, ForeignKey("events.id"), nullable=False),
    Column("automation", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Prose),
    Column("verdicts", Json, nullable=False),
    Column("definition", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("event", "automation"),
    Index("firings_open", "number", sqlite_where=text("ended_at IS NULL")),
    Index("firings_of_automation", "automation", "number"),
    Index("firings_of_state", "state", "number", sqlite_where=text("ended_at IS NOT NULL")),
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
    Column("error", Prose),
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
    Column("reason", Prose, nullable=False),
    Column("event", Text),
    Column("seen_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Index("ledger_of_path", "path"),
    Index("ledger_of_content", "automation", "sha256"),
    Index("ledger_open", "automation", "trigger", sqlite_where=text("gone_at IS NULL")),
    Index(
        "ledger_quarantined",
        "seen_at",
        sqlite_where=text("state = 'quarantined' AND gone_at IS NULL"),
    ),
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
    Index("occurrences_by_time", "scheduled_at"),
    # With the state, as SQLite would take the key otherwise, and go through all that ever was due.
    Index(
        "occurrences_due",
        "state",
        "automation",
        "trigger",
        "scheduled_at",
        sqlite_where=text("state = 'due'"),
    ),
    sqlite_with_rowid=False,
)

graphs = Table(
    "graphs",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("graph", Json, nullable=False),
    sqlite_with_rowid=False,
)

_LISTED = "origin = 'prompt' AND ended_at IS NOT NULL AND NOT hidden"

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
    Column("automation", Text),
    Column("hidden", Boolean, nullable=False, server_default=text("0")),
    Column("editor_workflow", Text),
    Column("tags", Json),
    Column("stopped_in", Text),
    # In microseconds; 0 for a run that was never started.
    Column("duration", Integer, Computed("coalesce(ended_at - started_at, 0)", persisted=False)),
    Index("runs_open", "number", sqlite_where=text("ended_at IS NULL")),
    Index("runs_by_end", "ended_at", "state", sqlite_where=text("ended_at IS NOT NULL")),
    # Each index that a row is not in is a page less to write with it.
    Index("runs_of_state", "state", "number", sqlite_where=text("ended_at IS NOT NULL")),
    *[
        Index(f"runs_of_{kind}", kind, "number", sqlite_where=text(f"{kind} IS NOT NULL"))
        for kind in ("automation", "workflow")
    ],
    *[
        Index(
            f"runs_ended_of_{kind}",
            kind,
            "state",
            "number",
            sqlite_where=text(f"ended_at IS NOT NULL AND {kind} IS NOT NULL"),
        )
        for kind in ("automation", "workflow")
    ],
    Index("runs_of_graph", "graph"),
    Index("runs_of_firing", "firing", sqlite_where=text("firing IS NOT NULL")),
    *[
        Index(f"runs_listed_{name}", *columns, sqlite_where=text(_LISTED))
        for name, *columns in (
            ("by_end", "ended_at"),
            ("by_number", "number"),
            ("of_state", "hidden", "state", "number"),
            ("of_state_by_duration", "hidden", "state", "duration", "number"),
            ("of_editor_workflow", "hidden", "editor_workflow", "state", "number"),
        )
    ],
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
    Column("blocked", Prose),
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

# As the conditions of partial indexes are written: SQLite uses one only for the very same words,
# and SQLAlchemy writes `~column` in others.
WAITING = text("NOT events.offered")
DUE = text("occurrences.state = 'due'")
THERE = text("NOT placements.gone")
STARRED = text("outputs.starred")
LISTED = text("runs.origin = 'prompt' AND runs.ended_at IS NOT NULL AND NOT runs.hidden")

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
    Column("deleted_at", Moment),
    Column("starred", Boolean, nullable=False, server_default=text("0")),
    UniqueConstraint("run", "node", "index"),
    Index("outputs_since", "created_at"),
    Index("outputs_of_path", "path"),
    Index("outputs_sharing", "shared_from", sqlite_where=text("shared_from IS NOT NULL")),
    Index("outputs_starred", "id", sqlite_where=text("starred")),
)

output_tags = Table(
    "output_tags",
    metadata,
    Column("output", Integer, ForeignKey("outputs.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index("output_tags_of_tag", "tag", "output"),
    sqlite_with_rowid=False,
)

removals = Table(
    "removals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("path", FilePath, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("firing", Text),
    Column("step", Text),
    Column("headers", Json, nullable=False),
    Column("content", Json, nullable=False),
    Column("attachments", Json, nullable=False),
    Column("secret", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("most_attempts", Integer, nullable=False),
    Column("backoff", Float, nullable=False),
    Column("timeout", Float, nullable=False),
    Column("ended_at", Moment),
    Column("status", Integer),
    Column("reason", Prose),
    Column("answer", Json),
    Index("deliveries_open", "state", sqlite_where=text("ended_at IS NULL")),
    Index("deliveries_of_state", "state", "number"),
)

automation_states = Table(
    "automation_states",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("reason", Prose, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("user", Text, ForeignKey("users.name"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("user", Text, ForeignKey("users.name"), nullable=False),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    sqlite_with_rowid=False,
)
