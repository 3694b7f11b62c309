## 监视提交
watch-saved = { $names } 有改动
watch-waits = 正在监视 { $path }；按 Ctrl-C 结束
changes-none = 与上次相比，没有检查项变化
changes-since = 与上次相比：{ $before } → { $now } 分
