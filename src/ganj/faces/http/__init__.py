"""The HTTP face: the product's API, and the application that holds it and the pages."""
