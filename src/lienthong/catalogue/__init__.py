"""What data there is: databases of every tier, their tables and fields, code lists, catalogues, datasets.

Everything that is shared or opened is a version of a dataset; it is captured above and recorded here.
Not here: the connection to a live source and what it shows (`inventory`), overlaps (`authority`), the rules
of use (`regulations`).
"""
