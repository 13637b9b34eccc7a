"""Backup and restore of a whole installation (docs/operations.md, docs/backup.md)."""
