"""What follows: one rule language, one forward evaluation, one backward evaluation.

Rules and axioms are read into small data classes, ordered by what they read and write,
compiled to functions over integers, and run until nothing is new, for all days at once.
"""
