"""What follows: rules compiled to functions over integers, run forward for all days, and back.

A change here changes what is derived; owlrl is kept beside it to compare with.
"""
