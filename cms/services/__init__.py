"""Everything that changes published content, apart from Wagtail's own editing."""
