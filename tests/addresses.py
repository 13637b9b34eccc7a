"""Every URL pattern of the resolver, flat: for the list of public addresses and for the crawl."""

import inspect
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

OUR_ROOMS = ("config", "certificates", "applications", "cms", "members")


@dataclass(frozen=True)
class Address:
    """One pattern: its route with the prefixes, its qualified name and its view."""

    route: str
    name: str
    view: Any = field(repr=False, compare=False)
    namespaces: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def room(self):
        """The top package of the view: one of ours, or a library's."""
        return inspect.unwrap(self.view).__module__.split(".")[0]

    @property
    def is_ours(self):
        return self.room in OUR_ROOMS

    @property
    def is_public(self):
        """Tell what ClosedByDefaultMiddleware will see."""
        return not getattr(self.view, "login_required", True)

    def __str__(self):
        return self.name or self.route


def arguments_of(pattern):
    """Return the argument names a pattern takes; positional groups are called `0`, `1` …"""
    if isinstance(pattern, RegexPattern):
        names = tuple(pattern.regex.groupindex)
        return names or tuple(str(number) for number in range(pattern.regex.groups))
    return tuple(pattern.converters)


def walk(resolver=None, *, prefix="", namespaces=(), arguments=()):
    """Yield every Address below a resolver (the whole site without one)."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        taken = arguments + arguments_of(entry.pattern)
        if isinstance(entry, URLPattern):
            name = ":".join((*namespaces, entry.name)) if entry.name else ""
            yield Address(route, name, entry.callback, namespaces, taken)
        else:
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, prefix=route, namespaces=inner, arguments=taken)
