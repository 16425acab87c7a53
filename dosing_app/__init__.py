"""Blinatumomab Infusion Planner: one pure calculation with a window and a command line.

Not a registered medical device. It plans and checks beside the approved product information.
"""

__version__ = "0.1.0"
