"""The handlers: the verbs of the flows, one module or package per diagram, nothing but service tasks."""
