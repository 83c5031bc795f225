"""What a page is and what it says of itself: parsing that survives every page, and metadata with their sources."""

from cleaner.page.metadata import Found, page_metadata
from cleaner.page.parse import Parsed, read_page

__all__ = ["Found", "Parsed", "page_metadata", "read_page"]
