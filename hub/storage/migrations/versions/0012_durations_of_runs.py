"""How long runs took, and an index by which ComfyUI's clients list them so; scheduled moments by
time.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LISTED = sa.text("origin = 'prompt' AND ended_at IS NOT NULL AND NOT hidden")
_DURATION = sa.Computed("coalesce(ended_at - started_at, 0)", persisted=False)


def upgrade() -> None:
    op.add_column("runs", sa.Column("duration", sa.Integer(), _DURATION))
    op.create_index(
        "runs_listed_of_state_by_duration",
        "runs",
        ["hidden", "state", "duration", "number"],
        sqlite_where=_LISTED,
    )
    op.create_index("occurrences_by_time", "occurrences", ["scheduled_at"])
