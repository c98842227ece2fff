"""The text of SPARQL: asking a store, saved queries, SELECTs and rules taken apart.

The only code that takes the text of a query apart lives here.
"""
