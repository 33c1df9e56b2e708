"""Runs are only in those indexes in which they are looked for.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for name, columns, where in (
        ("runs_of_state", ["state", "number"], "ended_at IS NOT NULL"),
        ("runs_of_workflow", ["workflow", "number"], "workflow IS NOT NULL"),
        *(
            (
                f"runs_ended_of_{kind}",
                [kind, "state", "number"],
                f"ended_at IS NOT NULL AND {kind} IS NOT NULL",
            )
            for kind in ("automation", "workflow")
        ),
    ):
        op.drop_index(name, "runs")
        op.create_index(name, "runs", columns, sqlite_where=sa.text(where))
