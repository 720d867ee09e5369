"""Where do policies come from on the server? From YAML files that people write, checked line by line."""
