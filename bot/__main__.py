"""`python -m bot`: the same as `helpline`."""

from .cli import main

main(prog_name="helpline")
