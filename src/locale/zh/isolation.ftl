problem-isolation = 这台机器无法隔离提交的程序：{ $reason }
isolation-reduced = 提交的程序在这里没有被完全隔离（级别 { $level }）：{ $reason }
isolation-reduced-partial = 它可以读取这台机器上每个用户都能读取的内容，并使用机器自己的端口
isolation-reduced-none = 你能读取和修改的一切，它也能；请只评判你信任的代码
remedy-isolation-clone = 用户命名空间被拒绝；在 Docker 中请用 `--security-opt seccomp=unconfined --security-opt systempaths=unconfined` 运行容器
remedy-isolation-count = 请允许用户命名空间：`sysctl user.max_user_namespaces=15000`
remedy-isolation-kernel = 这个内核没有用户命名空间；请使用带有该功能的内核
remedy-isolation-proc = `/proc` 被遮蔽；在 Docker 中请用 `--security-opt systempaths=unconfined` 运行容器
remedy-isolation-apparmor = 用户命名空间在这里没有权限；在 Ubuntu 上：`sysctl kernel.apparmor_restrict_unprivileged_userns=0`
remedy-isolation-unknown = 运行 `checker doctor` 查看这台机器提供了什么

## `checker doctor`
doctor-isolation = 隔离
doctor-level-full = 提交的程序接触不到、也改不了任何不属于它的东西
doctor-level-partial = 提交的程序改不了不属于它的东西，但能看到其中一部分
doctor-level-refused = 被拒绝：{ $reason }
doctor-without = 缺少 { $feature }
doctor-runtimes = 提交所用的运行环境
doctor-install = 未安装；用于 { $kinds }：{ $command }
