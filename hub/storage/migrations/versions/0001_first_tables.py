"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from hub.storage import columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "automation_states",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("automation"),
    )
    op.create_table(
        "events",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("observed_at", columns.Moment(), nullable=False),
        sa.Column("variables", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("automation", "trigger", "key"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "graphs",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("graph", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("path", columns.FilePath(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("mtime_ns", sa.Integer(), nullable=False),
        sa.Column("inode", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("seen_at", columns.Moment(), nullable=False),
        sa.Column("gone_at", columns.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("automation", "trigger", "path"),
    )
    op.create_index("ledger_of_content", "ledger", ["automation", "sha256"], unique=False)
    op.create_index("ledger_of_path", "ledger", ["path"], unique=False)
    op.create_table(
        "occurrences",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("scheduled_at", columns.Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("automation", "trigger", "scheduled_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "placements",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("path", columns.FilePath(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("owner", "slot"),
    )
    op.create_index(
        "placements_of_path", "placements", ["path"], unique=True, sqlite_where=sa.text("NOT gone")
    )
    op.create_table(
        "trigger_states",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("state", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("automation", "trigger"),
    )
    op.create_table(
        "firings",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("verdicts", columns.Json(), nullable=False),
        sa.Column("definition", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event"],
            ["events.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("event", "automation"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("firings_of_automation", "firings", ["automation", "number"], unique=False)
    op.create_index(
        "firings_open", "firings", ["state"], unique=False, sqlite_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=True),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("parameters", columns.Json(), nullable=False),
        sa.Column("targets", columns.Json(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("firing", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("extra", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=True),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("error", columns.Json(), nullable=True),
        sa.Column("publication", columns.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["graph"],
            ["graphs.hash"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "runs_of_firing",
        "runs",
        ["firing"],
        unique=False,
        sqlite_where=sa.text("firing IS NOT NULL"),
    )
    op.create_index("runs_of_state", "runs", ["state", "number"], unique=False)
    op.create_index("runs_of_workflow", "runs", ["workflow", "number"], unique=False)
    op.create_index(
        "runs_open", "runs", ["state"], unique=False, sqlite_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "firing_steps",
        sa.Column("firing", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.Column("result", columns.Json(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["firing"],
            ["firings.id"],
        ),
        sa.PrimaryKeyConstraint("firing", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outputs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("path", columns.FilePath(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("shared_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["shared_from"],
            ["outputs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run", "node", "index"),
    )
    op.create_index("outputs_of_path", "outputs", ["path"], unique=False)
    op.create_index("outputs_since", "outputs", ["created_at"], unique=False)
    op.create_table(
        "run_nodes",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("class_type", sa.Text(), nullable=False),
        sa.Column("cached", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("ui", columns.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("run", "node"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_progress",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("maximum", sa.Float(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("run_progress_of_run", "run_progress", ["run", "number"], unique=False)
