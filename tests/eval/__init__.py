"""Scores on labelled texts, through the code that answers real ones."""
