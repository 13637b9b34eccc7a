"""A miniature of the joint-certificate system, for demonstrations and tests.

It copies the shape of the real one with invented names and keys; nobody trusts it. The product
itself never needs it: only `make_demo_certs` and the tests import it.
"""
