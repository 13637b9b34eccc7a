"""Forms of joining, logging in and my page: parse and check, never write."""
