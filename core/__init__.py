"""What every other package stands on: settings, database, jobs, notifications, errors, logs."""
