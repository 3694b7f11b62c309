# 期望什么、收到什么,以及合成一句话。

## 文字所在的位置
place-body = 响应正文
place-header = 响应头 `{ $name }`
place-capture = 保存下来的 `{ $name }`
place-cookie = cookie `{ $name }`

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

## 收到什么
actual-empty = 什么也没有（空）
actual-no-cookie = 没有任何 cookie
actual-other-cookies = 其他名字：{ $names }
actual-sent-below = 只发送到 `{ $path }` 及其下级路径
actual-no-redirect = 没有重定向

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
