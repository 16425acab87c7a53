"""Order, plan and the one pure calculation between them."""
