"""When runs ended, and how: counted by the hour.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index(
        "runs_by_end",
        "runs",
        ["ended_at", "state"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
    )
