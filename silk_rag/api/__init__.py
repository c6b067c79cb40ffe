"""The HTTP door: one router a feature."""
