"""Own addresses of published content; everything else is served by Wagtail's page tree."""
