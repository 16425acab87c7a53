"""Order files and drafts on disk."""
