"""Writes of this room: drafts, hand-ins, what follows, staff's moves, bookmarks, reminders."""
