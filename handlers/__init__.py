"""The handlers: the verbs of the flows, one module or package per diagram, nothing but service tasks.

`functions` are the functions of the city that expressions of diagrams, tables and forms may call.
"""
