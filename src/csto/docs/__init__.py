"""The documentation site, made from the files that it documents."""

from csto.docs.site import build_site

__all__ = ["build_site"]
