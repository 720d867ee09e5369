"""How does Alembic reach the store? Through the connection it is handed, never by an address of its own."""

from alembic import context

from fernbereit_server.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
