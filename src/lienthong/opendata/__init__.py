"""Open data: what is classified as open, checked for risk, put into the agency's open catalogue and published in versions with files.

Not here: sharing under an account (`sharing`); the versions themselves (`catalogue`).
"""
