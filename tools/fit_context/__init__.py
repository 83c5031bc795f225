"""Fit the scored rule's model.

    python -m tools.fit_context --corpora ../shared/corpora --cache /somewhere

One command, seeded: the same corpora and library versions give the same `cleaner/model/weights.npz`, to the byte. It also
writes `cleaner/model/folds.json`, what models fitted on other hosts' pages score (the figures of CARD.md).
Needs the extra `fit`. Never fits on daniel-dev.
"""
