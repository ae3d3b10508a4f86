"""Under which rule data are used: regulations, exchange structures, sharing processes, the go-live gate.

Not here: the law itself (`law`), the state of a database (`catalogue`), who is given access (`sharing`).
"""
