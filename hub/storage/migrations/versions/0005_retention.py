"""Which automation asked for a run, files that are to be removed, and indexes for old history.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "removals",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
    )
    op.add_column(
        "events", sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.text("0"))
    )
    op.execute("UPDATE events SET offered = 1 WHERE id IN (SELECT event FROM firings)")
    op.create_index("events_waiting", "events", ["number"], sqlite_where=sa.text("NOT offered"))
    for table in ("firings", "runs"):
        op.drop_index(f"{table}_open", table)
        op.create_index(
            f"{table}_open", table, ["number"], sqlite_where=sa.text("ended_at IS NULL")
        )
    op.add_column("runs", sa.Column("automation", sa.Text()))
    op.execute(
        "UPDATE runs SET automation ="
        " (SELECT automation FROM firings WHERE firings.id = runs.firing)"
        " WHERE firing IS NOT NULL"
    )
    op.create_index(
        "runs_of_automation",
        "runs",
        ["automation", "number"],
        sqlite_where=sa.text("automation IS NOT NULL"),
    )
    for kind in ("automation", "workflow"):
        op.create_index(
            f"runs_ended_of_{kind}",
            "runs",
            [kind, "state", "number"],
            sqlite_where=sa.text("ended_at IS NOT NULL"),
        )
    op.create_index(
        "ledger_quarantined",
        "ledger",
        ["seen_at"],
        sqlite_where=sa.text("state = 'quarantined' AND gone_at IS NULL"),
    )
    op.create_index("runs_of_graph", "runs", ["graph"])
    op.create_index(
        "outputs_sharing",
        "outputs",
        ["shared_from"],
        sqlite_where=sa.text("shared_from IS NOT NULL"),
    )
