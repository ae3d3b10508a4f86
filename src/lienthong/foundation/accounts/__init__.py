"""People and programs that can sign in, and the actor that every command is given.

Here: `User`, `Actor`. Not here: which unit a person works for and in which role (a post, on a floor above).
"""
