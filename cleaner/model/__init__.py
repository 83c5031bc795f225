"""The scored rule's model: features of lines in their context, and a scorer whose weights are a data file (see CARD.md)."""
