"""Grounded answers from the SILK papers, and a guided self-assessment with their Tool 2."""
