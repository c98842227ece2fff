"""Questions to the whole record that are quadratic: agreement of all pairs, cohesion of groups.

Written once as Ibis expressions over the columns of a layer, they run on DuckDB or on Spark.
What they promise are integer sums, which are equal on both; ratios are made of them last.
"""
