"""An index of the events of each trigger, latest first.

Revision ID: 0010
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("events_of_trigger", "events", ["automation", "trigger", "number"])
