"""Which runs ComfyUI's clients are shown, and which of their graphs they were of.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_LISTED = sa.text("origin = 'prompt' AND ended_at IS NOT NULL AND NOT hidden")


def upgrade() -> None:
    op.add_column(
        "runs", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("runs", sa.Column("editor_workflow", sa.Text()))
    op.execute(
        "UPDATE runs SET editor_workflow = json_extract(extra, '$.extra_pnginfo.workflow.id')"
        " WHERE origin = 'prompt' AND json_valid(extra)"
    )
    for name, *columns in (
        ("by_end", "ended_at"),
        ("by_number", "number"),
        ("of_state", "hidden", "state", "number"),
        ("of_editor_workflow", "hidden", "editor_workflow", "state", "number"),
    ):
        op.create_index(f"runs_listed_{name}", "runs", columns, sqlite_where=_LISTED)
