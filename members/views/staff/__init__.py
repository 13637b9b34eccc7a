"""The staff's screens of this room, under Wagtail's admin."""
