"""Invented content for a first look: read from demo/*.json, shifted so that today is today."""
