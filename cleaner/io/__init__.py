"""Files in and out: which documents a path stands for, what is known beside them, and how results are written."""
