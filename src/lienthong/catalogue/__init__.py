"""What data there is: databases of every tier with their tables and fields, code lists, issued catalogues, datasets and their versions.

Everything shared or opened is a version of a dataset, written here through `engine.store`.
Not here: the connection to a live source and what it shows (`inventory`), overlaps (`authority`), rules of use (`regulations`).
"""
