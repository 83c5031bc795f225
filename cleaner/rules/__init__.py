"""The rules, and the order in which they run: `DEFAULT_RULES` is the chain."""

from cleaner.rules.advertisement import Advertisement
from cleaner.rules.browser_notice import BrowserNotice
from cleaner.rules.byline import Byline
from cleaner.rules.caption_credit import CaptionCredit
from cleaner.rules.comment_prompt import CommentPrompt
from cleaner.rules.context import Context
from cleaner.rules.contributors import Contributors
from cleaner.rules.cookie_notice import CookieNotice
from cleaner.rules.dateline import Dateline
from cleaner.rules.duplicate_body import DuplicateBody
from cleaner.rules.leftover import Leftover
from cleaner.rules.legal_footer import LegalFooter
from cleaner.rules.modified_date import ModifiedDate
from cleaner.rules.navigation import Navigation
from cleaner.rules.news_ticker import NewsTicker
from cleaner.rules.newsletter_prompt import NewsletterPrompt
from cleaner.rules.placeholder import Placeholder
from cleaner.rules.related_links import RelatedLinks
from cleaner.rules.repeated_line import RepeatedLine
from cleaner.rules.rule import Rule
from cleaner.rules.share_bar import ShareBar
from cleaner.rules.site_name import SiteName
from cleaner.rules.subscription_prompt import SubscriptionPrompt
from cleaner.rules.tags import Tags
from cleaner.rules.title import Title

DEFAULT_RULES: tuple[Rule, ...] = (
    # First what is certain by its words, so that the others see a document without it.
    Placeholder(),
    CookieNotice(),
    BrowserNotice(),
    Advertisement(),
    # The ticker before related links: its heading ("Read also") is theirs too, and it knows its own end.
    NewsTicker(),
    Tags(),
    RelatedLinks(),
    ShareBar(),
    NewsletterPrompt(),
    SubscriptionPrompt(),
    CommentPrompt(),
    LegalFooter(),
    Navigation(),
    CaptionCredit(),
    # Copies are compared once the chrome between them is gone, and before the metadata: a byline between two copies
    # stands behind the body when one is gone.
    DuplicateBody(),
    RepeatedLine(),
    # Contributors before the byline: "Editing by" is no author.
    Contributors(),
    ModifiedDate(),
    # The byline before the date line: a date beside the author's name is the article's, not the page's.
    Byline(),
    Dateline(),
    # What the others left between them.
    Leftover(),
    # Last, for they ask whether there was any chrome, and what is now the first line.
    SiteName(),
    Title(),
    # What does not name itself, weighed beside what the others have removed.
    Context(),
)

__all__ = ["DEFAULT_RULES", "Rule"]
