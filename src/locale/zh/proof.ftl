# 证明练习：参考答案、典型错误、变异；新建练习。

## 练习旁边的文件
proof-no-expect = 没有说明这些错误会让哪些检查失败；缺少：{ $files }
proof-no-expect-hint = 请在其中写 `fails = ["check-id"]`，列出必须失败的检查；因它们而被跳过的不用写
proof-no-mistake = `{ $file }` 不属于任何错误
proof-no-mistake-hint = `mistakes/NAME.expect.toml` 属于文件 `mistakes/NAME.…`；文件夹则把 `expect.toml` 放在里面
proof-nothing = 这个练习旁边什么都没有：没有 `solutions`，也没有 `mistakes`
proof-nothing-hint = 请在练习的文件夹里，把参考答案放进 `solutions/`，把典型错误放进 `mistakes/`；`checker exercises new DIR` 会给出示例

## 发现的问题
proof-no-solution = 没有参考答案；请放一个到 `solutions/`
proof-not-graded = { $name } 无法评分：{ $why }
proof-solution-fails = { $name } 是参考答案，却没有通过 { $checks }
proof-solution-problem = { $name } 是参考答案，却无法评分：{ $why }
proof-mistake-passes = { $name } 通过了全部检查；它本该在 { $checks } 失败
proof-mistake-unexpected = { $name } 还在 { $checks } 失败
proof-mistake-missing = { $name } 没有在 { $checks } 失败
proof-mistake-both = { $name } 没有在 { $missing } 失败，却在 { $unexpected } 失败
proof-mistake-problem = { $name } 以 `{ $problem }` 结束，而它的 `expect.toml` 没有说明：{ $why }
proof-mistake-no-problem = { $name } 本该以 `{ $problem }` 结束，却没有
proof-flaky = { $name } 不稳定：{ $checks } 每次的结果不一样
proof-blind-check = `{ $check }` 没有抓住任何错误；请加一个会让它失败的错误
proof-survivor = 没有检查发现：{ $what }（{ $request }）

## 各种格式
proof-counts = { $solutions } 个参考答案，{ $mistakes } 个错误，各运行 { $repeats } 次，种子 { $seed }
proof-solutions = 参考答案
proof-mistakes = 错误
proof-checks = 检查
proof-caught = { $count ->
    [0] 没有抓住任何错误
   *[other] 抓住 { $count } 个错误
}
proof-mutations = 变异
proof-score = 对 { $solution } 的回应做了 { $of } 处改动，发现了 { $noticed } 处：{ $percent } %
proof-sampled = 试了 { $possible } 处中的 { $tried } 处；`--mutations all` 会全部试一遍
proof-idle = 另有 { $count } 处没有造成差别
proof-undecided = 另有 { $count } 处无法评分
proof-survivors = 没有检查发现：
proof-left-out = 没有改动以下各项，因为检查看不出、也不该看出差别：
proof-findings-heading = 发现的问题
proof-see = 见
proof-proven = 已证明：没有发现问题
proof-findings = 发现 { $count } 个问题
proof-error = 无法证明：发现 { $count } 个问题，并且有的无法评分

## 变异
mutation-status = 状态码是 { $to } 而不是 { $from }
mutation-header-dropped = 没有响应头 `{ $name }`
mutation-header-changed = 响应头 `{ $name }` 的值不同
mutation-cookie-dropped = 没有 cookie `{ $name }`
mutation-cookie-renamed = cookie `{ $name }` 换了名字
mutation-cookie-changed = cookie `{ $name }` 的值不同
mutation-cookie-emptied = cookie `{ $name }` 没有值
mutation-attribute-dropped = cookie `{ $name }` 没有 `{ $attribute }`
mutation-attribute-changed = cookie `{ $name }` 的 `{ $attribute }` 不同
mutation-body-emptied = 正文为空
mutation-body-cut = 只有一半正文
mutation-body-changed = 正文不同
mutation-json-dropped = JSON 里没有 `{ $name }`
mutation-json-changed = JSON 里的 `{ $name }` 不同
mutation-swapped = 得到别的客户端的回应
mutation-frozen = 总是第一次的回应
mutation-delayed = 没有及时回应
mutation-left-header = 响应头 `{ $name }`
mutation-left-path = cookie `{ $name }` 的 `Path`：没有它也一样
mutation-left-frozen = 对 { $request } 总是第一次的回应：每次都一样
mutation-left-swapped = 对 { $request } 得到别的客户端的回应：大家都一样

## 进度
proof-begin = 共运行 { $runs } 次
proof-begin-mutations = 对一个参考答案的回应做 { $count } 处改动，最多约 { $seconds } 秒
proof-bar = { $unexpected } 次与预期不同
proof-bar-mutations = 变异
proof-ran = { $name }：与预期不同
proof-kept = 与预期不同的运行的报告：{ $folder }

## 新建练习
new-exercise = 新练习 `{ $id }`
new-next = 下一步：checker validate { $folder }
new-next-recorded = 这个服务器通过了全部检查。下一步：通读各项检查，写好标题和分值，把典型错误放进 `mistakes/`，然后运行 `checker validate { $folder }`
new-next-recorded-url = 这个服务器通过了全部检查。下一步：通读各项检查，写好标题和分值，把参考答案放进 `solutions/`，把典型错误放进 `mistakes/`，然后运行 `checker validate { $folder }`
new-dropped-heading = 再次访问时不一样，因此没有写进检查：
new-dropped = { $what }
new-taken = `{ $folder }` 已经存在，而且不是空的
new-taken-hint = 请给一个还不存在的文件夹；不会覆盖任何文件
new-not-visited = 无法根据 { $server } 生成练习：{ $why }
