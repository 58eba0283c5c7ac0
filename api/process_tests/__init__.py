"""Process tests: what a designer expects of a diagram and its tables, written in YAML and played on the real engine."""
