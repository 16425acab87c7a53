"""Product data, protocols, limits and site settings: frozen models and their loaders."""
