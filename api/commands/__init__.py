"""The command line, `approdo`: each command a module, `main` reads the arguments and tells what is wrong."""
