problem-isolation = this machine cannot isolate the submission: { $reason }
isolation-reduced = the submission is not fully isolated here (level { $level }): { $reason }
isolation-reduced-partial = it can read what every user of this machine can, and uses the machine's own ports
isolation-reduced-none = it can read and change all that you can; grade only code that you trust
remedy-isolation-clone = user namespaces are refused; in Docker run the container with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`
remedy-isolation-count = allow user namespaces: `sysctl user.max_user_namespaces=15000`
remedy-isolation-kernel = this kernel has no user namespaces; use one that was built with them
remedy-isolation-proc = `/proc` is masked; in Docker run the container with `--security-opt systempaths=unconfined`
remedy-isolation-apparmor = user namespaces have no rights here; on Ubuntu: `sysctl kernel.apparmor_restrict_unprivileged_userns=0`
remedy-isolation-unknown = run `checker doctor` to see what this machine offers

## `checker doctor`
doctor-isolation = Isolation
doctor-level-full = a submission can reach and change nothing that is not its own
doctor-level-partial = a submission cannot change what is not its own; it can see some of it
doctor-level-refused = refused: { $reason }
doctor-without = without { $feature }
doctor-runtimes = Runtimes of submissions
doctor-install = not here; for { $kinds }: { $command }
