"""Asking other machines over HTTPS, behind one guard.

Here: a question to an address that a person typed or a record holds. The guard refuses private and local addresses unless
whoever runs the server has opened them, follows no redirect, and bounds time and size. Not here: what is asked and why.
"""
