"""The scored rule's model: features of lines in their context, and a scorer whose weights are a data file (see CARD.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.model.features import Page

UNCLEAN = 0.5
"""Pages that are less likely to be unclean than this are left as they are."""


def unwanted(page: Page, least: float) -> dict[int, str]:
    """The lines that are less likely than `least` to be the article's, each with the reason in words; none on a clean page."""
    import numpy as np

    from cleaner.model.features import describe
    from cleaner.model.reasons import reasons
    from cleaner.model.scorer import judge, load

    features, model = describe(page), load()
    verdict = judge(features, model)
    rows = np.flatnonzero((verdict.keep < least) & ~np.array(page.gone, bool)) if verdict.unclean >= UNCLEAN else ()
    return dict(zip(map(int, rows), reasons(features[rows], model.lines), strict=True)) if len(rows) else {}
