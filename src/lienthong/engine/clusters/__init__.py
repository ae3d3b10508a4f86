"""Work on a version by a cluster of machines, where one machine is outgrown.

Here: what is asked of Spark (its SQL), how a session of it is opened, and the measures, rules, digest and sketch of the
files of one version. What these are, and how DuckDB writes them, stands in `portable` and in `evidence`.
"""
