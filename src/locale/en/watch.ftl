## Watching a submission
watch-saved = { $names } changed
watch-waits = watching { $path }; Ctrl-C ends
changes-none = no check changed since the last run
changes-since = since the last run: { $before } → { $now } points
