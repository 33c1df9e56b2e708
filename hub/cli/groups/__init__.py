"""Groups of commands: what each takes. What they do is in the modules beside this package."""
