# 启动提交的程序之前要说的话。

problem-empty = 这里没有任何文件
hint-empty = 请提交程序所在的文件夹（例如其中有 `app.py`），或直接指定程序文件
problem-unrecognised = 这里没有可以作为服务器启动的程序；找到的是 { $found }
hint-unrecognised = 请把程序命名为以下之一：{ $looked-for }，或用 `--command` 指明启动方式
hint-notebook = 笔记本（notebook）不是可以启动的程序；请把单元格里的代码复制到一个文件里，例如 `app.py`
problem-archive = `{ $file }` 是压缩包，不是程序
hint-unpack = 请先解压，再指定解压出的文件夹
problem-several-programs = 这里有多个程序都可能是服务器：{ $found }
hint-name-one-program = 请指定要启动的那一个，或把它改名为 `app.py`
problem-runtime-missing = 这台机器上没有安装 `{ $program }`
hint-install-runtime = 安装 `{ $program }`：`{ $command }`
hint-install-program = 请安装 `{ $program }`，或把它所在的文件夹加入 `PATH`
problem-launch-not-prepared = 无法写入启动所需的文件：{ $error }

usage-path-missing = `{ $path }` 不存在
usage-path-denied = 当前用户无权读取 `{ $path }`
usage-path-unreadable = 无法读取 `{ $path }`：{ $error }
usage-path-special = `{ $path }` 既不是文件夹也不是文件
usage-command-empty = `--command` 是空的
usage-command-quotes = `--command` 中有引号没有闭合：{ $command }
