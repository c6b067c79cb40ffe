"""One vendor a file; each maps its vendor's errors to ours."""
