"""What the hub remembers: the database, one repository per noun, and placed files."""
