"""Whatever is thrown at the hub from outside ends as a value or as a clear error, never as a
traceback. The examples are the same in every run."""
