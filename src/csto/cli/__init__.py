"""The command line, thin over functions that can be imported: options, help and exit codes.

A command is a function in one of these modules; what it answers is found elsewhere.
"""
