"""The worker process: session, executor, cache."""
