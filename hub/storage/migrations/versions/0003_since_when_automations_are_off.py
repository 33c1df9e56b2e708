"""Since when, and why, automations are on or off.

Revision ID: 0003

No earlier version wrote rows into this table, so it is made anew.
"""

import sqlalchemy as sa
from alembic import op

from hub.storage.columns import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("automation_states")
    op.create_table(
        "automation_states",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("automation"),
    )
