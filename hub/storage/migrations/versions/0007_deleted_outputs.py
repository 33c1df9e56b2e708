"""When outputs were deleted by hand.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from hub.storage.columns import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("outputs", sa.Column("deleted_at", Moment()))
