"""A pack that cannot be imported."""

raise ValueError("it is broken")
