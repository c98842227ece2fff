"""The documentation site, made from the files that it documents."""

from csto.publish.docs.site import Command, build_site

__all__ = ["Command", "build_site"]
