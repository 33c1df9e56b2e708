"""Indexes of what triggers go on with: moments that are due, and files that are there.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_index(
        "occurrences_due",
        "occurrences",
        ["state", "automation", "trigger", "scheduled_at"],
        sqlite_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ledger_open",
        "ledger",
        ["automation", "trigger"],
        sqlite_where=sa.text("gone_at IS NULL"),
    )
