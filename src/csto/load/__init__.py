"""What lies in a folder: a workspace and its files, Turtle into a store, headers, dates.

Nothing here knows what the graph is about. A new kind of file or of date is added here.
"""
