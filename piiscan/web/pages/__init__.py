"""One module a page: it asks the inventory and fills a template."""
