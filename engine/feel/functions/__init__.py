"""The functions that FEEL brings along, one module per family; importing this package registers them all."""

from engine.feel.functions import contexts, lists, numbers, ranges, statistics, strings, temporal, truth

__all__ = ["contexts", "lists", "numbers", "ranges", "statistics", "strings", "temporal", "truth"]
