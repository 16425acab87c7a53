"""Every sentence that a person reads; everything below speaks in codes and values."""
