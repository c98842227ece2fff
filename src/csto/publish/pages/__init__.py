"""The pages that people read: one set of models and templates for the site and the server."""
