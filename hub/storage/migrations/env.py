"""What Alembic runs: the steps, in one transaction, on the database it is given."""

from alembic import context
from sqlalchemy import create_engine

from hub.storage.migrating import address
from hub.storage.tables import metadata

engine = create_engine(address(context.config.attributes["database"]))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
