"""To whom: sharing services on published versions, requests with their clock, connection accounts, the gateway and its log.

Not here: open data, which needs no request and no account (`opendata`); the rules of use (`regulations`).
"""
