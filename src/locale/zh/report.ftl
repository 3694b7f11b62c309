# 报告自己的用语。

list-comma = ，
label-expected = 期望
label-actual = 实际
label-hint = 提示：
hint-as-above = 原因与上面的 `{ $check }` 相同
label-try = 试试：
label-log = 程序的输出：
in-function = 函数 { $function }
request-no-cookies = 不带 cookie
request-cookies = cookie：{ $cookies }
skipped-because = 跳过：`{ $check }` 没有通过
run-facts = 随机种子 { $seed }，隔离级别 { $isolation }，残留进程 { $survivors } 个
verdict-passed = 通过：{ $earned }/{ $possible } 分，{ $passed } 项检查全部通过
verdict-failed = 未通过：{ $earned }/{ $possible } 分，通过 { $passed } 项，失败 { $failed } 项，跳过 { $skipped } 项
verdict-error = 无法评分；不会因此扣分

## 命令行自己的用语
exercises-heading = 内置练习
exercise-checks = { $checks } 项检查，{ $points } 分
check-requires = ；依赖 { $ids }
progress-building = 正在构建：{ $command }
progress-started = 已启动 { $command }
progress-ready = { $milliseconds } 毫秒后在 { $address } 上监听
progress-check = { $id }：{ $verdict }
verdict-word-passed = 通过
verdict-word-failed = 失败
verdict-word-skipped = 跳过
verdict-word-error = 出错
error-label = 错误：
warning-label = 注意：
error-interrupted = 已中断；服务器和它启动的一切都已结束
error-machine = 这台机器做不到所需的事情：{ $error }
error-read = 无法读取 `{ $file }`：{ $error }
error-write = 无法写入 `{ $file }`：{ $error }
error-stdout = 无法写到标准输出：{ $error }
error-no-folder = 无法写入 `{ $file }`：所在文件夹不存在，或者它本身就是文件夹
error-no-command = 没有 `{ $name }` 这个命令
error-no-exercise = 没有 `{ $name }` 这个练习
error-no-check = 练习 `{ $exercise }` 没有 `{ $name }` 这项检查
error-exercise-not-utf8 = 练习文件 `{ $file }` 不是 UTF-8 编码
error-url = `{ $url }` 不是一个地址
error-url-scheme = `{ $url }` 不是 http:// 地址
error-url-path = `{ $url }` 在主机和端口之后还有内容
hint-url = 只写协议、主机和端口，例如 http://127.0.0.1:5000
hint-did-you-mean = 是不是想写 `{ $name }`？
hint-exercises-list = `checker exercises list` 会列出内置练习；练习文件要写出路径，例如 ./exercise.toml
hint-checks = 它的检查有 { $names }

## 整次运行的问题
problem-internal = 检查器或这台机器出了故障：{ $detail }
problem-run-timeout = 整次运行超过了时间限制
hint-run-timeout = 有些响应太慢；用 `-v` 看看是哪些，或者用 --run-timeout 给更多时间
problem-listens-elsewhere = 程序没有监听端口 { $port }，而是监听 { $addresses }
hint-listens-elsewhere = 去掉 --port 让检查器自己找端口，或者修改程序的端口
problem-cannot-execute = 无法启动 `{ $program }`：{ $error }
hint-cannot-execute = 它是这台机器能运行的程序吗？脚本的第一行要像 `#!/usr/bin/env python3` 这样
