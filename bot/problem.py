"""What an operator can mend. The command line tells it in words instead of a traceback."""


class Problem(Exception):
    """Its text says what is wrong and what to do."""
