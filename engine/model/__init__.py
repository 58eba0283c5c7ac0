"""Values of the engine: frozen, without behaviour that touches anything."""
