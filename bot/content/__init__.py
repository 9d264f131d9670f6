"""flows/ -> core data, or a list of readable problems with file and line."""

from .load import Loaded, load
from .problems import BrokenContent, Problem

__all__ = ["BrokenContent", "Loaded", "Problem", "load"]
