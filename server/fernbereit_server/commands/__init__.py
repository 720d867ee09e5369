"""What can be typed after `fernbereit`? One module a command, listed in `fernbereit_server.cli`."""
