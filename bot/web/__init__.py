"""Flask: request in, response out. Decides nothing about what a person is told."""

from .create import create_app

__all__ = ["create_app"]
