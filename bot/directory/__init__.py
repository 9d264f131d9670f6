"""Places to get help: a list that the operator imports, and the live locator. Sources in order, behind one interface."""

from .contract import Directory, Listing, Source, Status, Wanted
from .sources import Sources

__all__ = ["Directory", "Listing", "Source", "Sources", "Status", "Wanted"]
