"""Measures the helpline beside the smallest endpoint that does the obligatory steps: `make bench`, bench/README.md."""
