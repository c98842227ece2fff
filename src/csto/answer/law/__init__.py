"""The law as of a day: provisions in their wording, what changed, grounds for help, ways out.

What the law says is data and rules; here it is gathered and written out.
"""
