"""Which elements hold what belongs to the site rather than to the article."""

import re
from collections.abc import Mapping
from functools import lru_cache

_TAGS = {"nav": "nav", "footer": "footer", "aside": "aside", "form": "form", "dialog": "dialog", "button": "button"}
# The article's own whatever they are called: headings are named after their words or looks.
_NEVER = frozenset(("body", "html", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_ROLES = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "form": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "menu": "nav",
    "menubar": "nav",
}
_CLASSES = (
    ("nav", r"nav(?:bar|igation)?|(?:main|mega|sub)?-?menu|breadcrumbs?|pagination|pager|toc|skip-?links?"),
    ("footer", r"(?:site|page|main|global)?-?footer|copyright|colophon"),
    ("related", r"related(?:-.{1,24})?|.{0,12}recommend\w*|most-?(?:read|popular|viewed)|trending|popular-posts?|"
     r"read-?(?:more|next|also)|more-(?:from|on|news|stories)|teasers?|outbrain|taboola|similar-.{1,16}"),
    ("aside", r"side-?bar|widget|widget-area|advert\w*|ads?|ad-.{1,20}|promo|sponsor\w*"),
    ("subscribe", r"newsletters?(?:-.{1,24})?|subscri(?:be|ption)(?:-.{1,16})?|sign-?up(?:-.{1,16})?|paywall"),
    ("share", r"(?:social|share|sharing)(?:-.{1,20})?|sharedaddy|addtoany\w*"),
    ("comments", r"comments?(?:-(?:area|list|section|form|wrap|wrapper|container|respond))?|disqus\w*|respond"),
    ("consent", r"cookie-?.{0,24}|consent-?.{0,24}|gdpr-?.{0,24}|modal|pop-?up"),
    ("author", r"author-?(?:box|bio|info|card)|about-?(?:the-)?author|post-author-.{1,16}|biography"),
    ("tags", r"(?:post|article|entry)?-?tags|tag-?(?:list|cloud)|keywords|topics"),
)  # fmt: skip
_CLASS = re.compile("|".join(rf"(?P<{kind}>{pattern})$" for kind, pattern in _CLASSES))
_SPLIT = re.compile(r"__|[\s]+|_")
MAX_NAMES = 300  # characters of class and id that are looked at


def region_of(tag: str, attributes: Mapping[str, str]) -> str | None:
    """The kind of region an element opens by its tag, role, or class and id; None for an ordinary one.

    >>> region_of("div", {"class": "post related-posts"})
    'related'
    """
    if tag in _NEVER:
        return None
    if tag in _TAGS:
        return _TAGS[tag]
    role = attributes.get("role")
    if role and role.lower() in _ROLES:
        return _ROLES[role.lower()]
    if tag == "header":
        return "header"
    return _by_name(attributes.get("class", "")[:MAX_NAMES].lower()) or _by_name(
        attributes.get("id", "")[:MAX_NAMES].lower()
    )


@lru_cache(maxsize=4096)
def _by_name(names: str) -> str | None:
    for word in _SPLIT.split(names):
        found = _CLASS.match(word) if word else None
        if found:
            return found.lastgroup
    return None
