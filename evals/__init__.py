"""Evaluation: questions, measures, runs. Scripts that check that answers are grounded."""
