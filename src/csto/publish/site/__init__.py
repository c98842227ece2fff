"""``csto site``: everything as a folder of pages that needs no server and no network."""

from csto.publish.pages.guides import Command
from csto.publish.site.build import Report, build_site

__all__ = ["Command", "Report", "build_site"]
