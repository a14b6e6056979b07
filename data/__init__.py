"""What the law, the standards and the map say, each row with its source: see README.md beside this file."""
