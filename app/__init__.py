"""The only place that knows everyone: the web server, the worker, the supervisor, the command line."""
