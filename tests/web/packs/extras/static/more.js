// more
