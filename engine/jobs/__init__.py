"""Machines at work: claim due rows, run them, and a metronome that knocks."""
