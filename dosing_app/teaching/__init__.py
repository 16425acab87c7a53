"""The calculation as something to learn: derivation, exercises, marking. Its values are never an order or a plan."""
