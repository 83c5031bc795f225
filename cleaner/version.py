"""The version of the package, as the header of each document names it."""

__version__ = "0.1.0"
