from typing import NamedTuple
class Found(NamedTuple):
    field: str
    value: str
    source: str
def page_metadata(parsed, url=None): return ()
