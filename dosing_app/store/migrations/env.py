"""Alembic's way in: the connection and its transaction are given by `store.schema`."""  # noqa: INP001 - its folder is no package

from alembic import context

from dosing_app.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
