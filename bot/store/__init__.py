"""Keeps conversations. One contract, two sides: Redis, and memory for the terminal and tests."""

from .contract import Record, Store, StoreDown, WrongSecret

__all__ = ["Record", "Store", "StoreDown", "WrongSecret"]
