"""Keeps conversations. One contract, two sides: Redis, and memory for the terminal and tests."""

from .contract import Health, Record, Store, StoreDown, StoreRefused, WrongSecret

__all__ = ["Health", "Record", "Store", "StoreDown", "StoreRefused", "WrongSecret"]
