"""The trial city: robots work every inbox through the interface, under a clock that they move themselves."""
