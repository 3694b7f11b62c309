# What is said about a submission before it is started.

problem-empty = there is no file here
hint-empty = hand in the folder with the program, such as `app.py`, or name the program's file
problem-unrecognised = nothing here can be started as a server; found { $found }
hint-unrecognised = name the program as one of { $looked-for }, or say how to start it with `--command`
hint-notebook = a notebook is not a program that can be started; copy its cells into a file such as `app.py`
problem-archive = `{ $file }` is an archive, not a program
hint-unpack = unpack it and name the folder
problem-several-programs = several programs here could be the server: { $found }
hint-name-one-program = name the one to start, or rename it to `app.py`
problem-runtime-missing = `{ $program }` is not installed on this machine
hint-install-runtime = install `{ $program }`: `{ $command }`
hint-install-program = install `{ $program }`, or put its folder in `PATH`
problem-launch-not-prepared = the files for the start cannot be written: { $error }

usage-path-missing = there is no `{ $path }`
usage-path-denied = `{ $path }` may not be read by this user
usage-path-unreadable = `{ $path }` cannot be read: { $error }
usage-path-special = `{ $path }` is neither a folder nor a file
usage-command-empty = `--command` is empty
usage-command-quotes = a quote in `--command` is not closed: { $command }
