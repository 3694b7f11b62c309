# 期望什么、收到什么,以及合成一句话。

## 文字所在的位置
place-body = 响应正文
place-header = 响应头 `{ $name }`
place-capture = 保存下来的 `{ $name }`
place-cookie = cookie `{ $name }`
place-json = 路径 `{ $path }` 的 JSON 值
place-html = 元素 `{ $selector }`
place-attribute = 元素 `{ $selector }` 的属性 `{ $name }`

## 期望什么
expected-response = 一个响应
expected-exactly = 恰好是 { $text }
expected-without = 不含 { $text }
expected-matching = 与 { $pattern } 匹配
expected-empty = 空内容
expected-not-empty = 非空内容
expected-cookie = 名为 `{ $name }` 的 cookie
expected-no-cookie = 没有这个 cookie
expected-kept-cookie = 浏览器会保存的 cookie `{ $name }`
expected-sent-to = 浏览器会发送到 `{ $path }` 的 cookie
expected-now = 访问的时间
expected-json = JSON
expected-value = 有值
expected-absent = 什么也没有
expected-string = 文本
expected-number = 数字
expected-integer = 整数
expected-boolean = `true` 或 `false`
expected-array = 列表
expected-object = 对象
expected-null = `null`
expected-element = 有这样的元素
expected-attribute = 有这个属性
expected-no-attribute = 没有这个属性
expected-usual-page = 不超过 256 KiB、元素嵌套不超过 512 层的网页
count = { $count } 个

## 收到什么
actual-empty = 什么也没有（空）
actual-no-cookie = 没有任何 cookie
actual-other-cookies = 其他名字：{ $names }
actual-sent-below = 只发送到 `{ $path }` 及其下级路径
actual-no-redirect = 没有重定向
actual-no-value = 那里什么也没有，正文为 { $body }
actual-no-element = 没有这样的元素
actual-no-attribute = 没有这个属性
actual-hard-page = 更长或嵌套更深的网页

## 检查自带的程序怎么说
expected-program-start = 检查程序 `{ $name }` 能够启动
expected-program-end = 检查程序在 { $time } 内结束
expected-tests = 检查程序做了测试
expected-all-tests = 检查程序的测试全部通过
expected-plan = 一行说明测试个数的计划
expected-tests-planned = 计划的 { $count } 个测试
program-signal = 被信号 { $number } 终止
actual-program-runs = 到时仍在运行
actual-more-tests = 另有 { $count } 个测试失败
actual-bail-out = 中途放弃：{ $reason }
actual-no-plan = { $count } 个测试，没有计划
actual-tests-ran = { $count } 个测试，或编号与计划不符
mismatch-program = 期望 { $expected }，实际为：{ $actual }
mismatch-test-point = { $expected }：{ $actual }

## 浏览器为什么丢弃 cookie
refused-domain = 被丢弃：Domain={ $domain } 不是这个服务器
refused-expires = 被丢弃：Expires={ $expires } 已经过去
refused-max-age = 被丢弃：Max-Age={ $age } 会立刻删除它
refused-same-site = 被丢弃：SameSite=None 需要 Secure
refused-prefix = 被丢弃：不满足名字前缀 `{ $prefix }` 的条件
refused-malformed = 被丢弃：浏览器读不懂它（{ $why }）
refused-full = 被丢弃：这个服务器的 cookie 已经太多

## 期望的简短说法,写在实际结果上面一行
summary-body = 正文 { $text }
summary-json = `{ $path }` { $text }
summary-html = `{ $selector }` { $text }
summary-element = 有元素 `{ $selector }`
summary-no-element = 没有元素 `{ $selector }`
summary-attribute = `{ $selector }` 的 `{ $name }` { $text }
summary-header = 响应头 `{ $name }` { $text }
summary-capture = `{ $name }` { $text }
summary-redirect = 重定向到 `{ $target }`
summary-cookie = cookie `{ $name }`
summary-cookie-absent = 没有 cookie `{ $name }`
summary-cookie-now = 值为访问时间的 cookie `{ $name }`
summary-cookie-sent-to = 浏览器会发送到 `{ $path }` 的 cookie `{ $name }`

## 合成一句话
mismatch-transport = 没有可用的响应：{ $failure }
mismatch-status = 期望状态码 { $expected }，实际为 { $actual }
mismatch-elapsed = 期望不超过 { $limit } 毫秒，实际用了 { $took } 毫秒
mismatch-redirect = 期望重定向到 `{ $expected }`，实际为 { $actual }
mismatch-text = { $place }：期望 { $expected }，实际为 { $actual }
mismatch-body = 期望 { $expected }，实际为 { $actual }
mismatch-json = `{ $path }`：期望 { $expected }，实际为 { $actual }
mismatch-html = `{ $selector }`：期望 { $expected }，实际为 { $actual }
mismatch-attribute = `{ $selector }` 的属性 `{ $name }`：期望 { $expected }，实际为 { $actual }
mismatch-cookie = cookie `{ $name }`：期望 { $expected }，实际为 { $actual }
mismatch-not-a-time = cookie `{ $name }` 的值不是时间：{ $value }
mismatch-time-behind = cookie `{ $name }` 的值比访问时间早 { $seconds } 秒：{ $value }
mismatch-time-ahead = cookie `{ $name }` 的值比访问时间超前 { $seconds } 秒：{ $value }
mismatch-capture = 没有可以保存为 `{ $name }` 的内容：{ $place } 里找不到
mismatch-server-down = 服务器没有再次启动

## 为什么没有可用的响应
failure-refused = 连接被拒绝，那里没有程序在监听
failure-reset = 连接被重置
failure-closed-early = 响应还不完整，连接就关闭了
failure-timeout = 没有及时收到完整的响应
failure-invalid-http = 收到的内容不是 HTTP
failure-too-large = 响应超过大小限制
failure-redirect-loop = 连续重定向超过十次
failure-blocked = 重定向到别的网站，不会跟随
