"""Decides what a text means and what to answer. Never does I/O: no flask, redis, twilio, yaml, os, time."""
