"""Nodes that others expanded to, and nodes that were blocked.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("run_nodes", sa.Column("display", sa.Text()))
    op.add_column("run_nodes", sa.Column("blocked", sa.Text()))
