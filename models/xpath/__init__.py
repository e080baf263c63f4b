"""An XPath expression as a CSS selector that selects the same elements, or why there is none."""
