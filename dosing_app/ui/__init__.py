"""The window: Qt and nothing clinical."""
