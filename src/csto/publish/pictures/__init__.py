"""Pictures of answers: rows and a view become a Vega-Lite spec, and that an SVG, a PNG or a page.

A view stands in the header of a saved query, so a new picture needs no Python::

    #+ view: timeline
    #+ channels: {row: label, colour: {column: status, scheme: status}, link: state}
    #+ heading: Standing in {organization}

:mod:`csto.sparql.view` lists the kinds of view and their channels. From Python::

    from csto.publish.pictures import of_query, of_rows, Setting, View

    picture = of_query(dataset, saved, {"organization": "CSTO"}, day)
    picture.spec(narrow=False)      # Vega-Lite, for Altair and the web; narrow is for 390 pixels
    picture.svg(narrow=False)       # a file that stands alone: caption in it, light and dark
    picture.svg(inline=True, link=link)   # for a page: no caption; link: IRI to address
    picture.png(narrow=False)       # bytes
    picture.html()                  # a page: both widths, caption, rows as a table, data to save
    picture.figure(link=link, data="rows.csv")   # the <figure> of that page, for other pages
    picture.description             # alternative text, made from the rows
    picture.caption                 # lines: the day, the sources, where the data are

    of_rows(dataset, columns, rows, View("bars", {...}), Setting(title="…", day=day))

The scales of certainty and of concepts (status, vote, rank) are fixed here and in the ontology
(``csto:colour``), never taken from the data. Certain is solid, possible pale with a dark outline,
not covered hatched; rival possibilities split a cell. Rendering needs ``csto[pictures]``
(vl-convert); specs, captions and descriptions do not. Every failure is an InputError.
"""

from csto.publish.pictures.picture import Picture, Setting, of_query, of_rows
from csto.sparql.view import KINDS, Channel, View, view_of

__all__ = [
    "KINDS",
    "Channel",
    "Picture",
    "Setting",
    "View",
    "of_query",
    "of_rows",
    "view_of",
]
