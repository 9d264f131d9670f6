"""`python -m bot`: the same as `helpline`."""

import gc

gc.disable()  # nearly nothing that a start makes is garbage, and looking for it is a third of the time; `started` switches it on

from .cli import main  # noqa: E402

main(prog_name="helpline")
