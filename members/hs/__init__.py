"""HS codes: our own table of headings, the official file, and the search (S48, S49)."""
