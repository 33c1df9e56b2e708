"""An index of the firings that ended in each state, latest first.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index(
        "firings_of_state",
        "firings",
        ["state", "number"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        if_not_exists=True,  # a database that was made when both were one step has it
    )
