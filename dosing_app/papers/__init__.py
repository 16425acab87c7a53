"""Worksheets, labels and orders of a plan on paper. Composes text and draws it: no window, no arithmetic."""
