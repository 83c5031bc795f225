"""The scored rule's model: features of lines in their context, and a scorer whose weights are a data file (see CARD.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.markup import Markup
    from cleaner.model.features import Page

UNCLEAN = 0.4
"""Pages that are less likely to be unclean than this are left as they are."""


SHARE = 0.6
"""Of a page with its markup, a line must be this much as likely the article's as the page's text is on the whole."""


def unwanted(page: Page, least: float, weights: str = "", markup: Markup | None = None) -> dict[int, str]:
    """The lines that are less likely than `least` to be the article's, each with the reason in words; none on a clean page.

    least    for plain text; pages with their markup set it by themselves (see `scorer.bar`)
    weights  a file of other weights than the packaged ones. Raises ValueError where it holds none that fit these features
    markup   what the markup says of the lines, for a page that came with it
    """
    import numpy as np

    from cleaner.model.features import describe
    from cleaner.model.markup import described, groups_of
    from cleaner.model.reasons import markup_reasons, reasons
    from cleaner.model.scorer import bar, judge, load

    features, model = describe(page), load(weights, markup is not None)
    groups = groups_of(markup) if markup else None
    more = described(markup, groups, features, model.words) if markup and groups else None
    verdict = judge(features, model, more, groups)
    if verdict.unclean < UNCLEAN:
        return {}
    least = bar(features, verdict.keep, SHARE) if markup else least
    rows = np.flatnonzero((verdict.keep < least) & ~np.array(page.gone, bool))
    if not rows.size:
        return {}
    told = reasons(features[rows], model.lines) if more is None else markup_reasons(features[rows], more[rows])
    return dict(zip(map(int, rows), told, strict=True))
