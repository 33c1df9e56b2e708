"""Stars and tags of outputs.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "outputs", sa.Column("starred", sa.Boolean(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index("outputs_starred", "outputs", ["id"], sqlite_where=sa.text("starred"))
    op.create_table(
        "output_tags",
        sa.Column(
            "output",
            sa.Integer(),
            sa.ForeignKey("outputs.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("tag", sa.Text(), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("output_tags_of_tag", "output_tags", ["tag", "output"])
