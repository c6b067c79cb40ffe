"""Timings: each module is a script that prints what it measured."""
