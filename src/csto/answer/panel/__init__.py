"""Panels for statisticians: one row for each unit and year, counted by written rules."""

from csto.answer.panel.build import UNITS, Panel, build_panel
from csto.answer.panel.codebook import codebook, data_package

__all__ = ["UNITS", "Panel", "build_panel", "codebook", "data_package"]
