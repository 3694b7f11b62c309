# 各种报告格式在报告自己的用语之外所说的话，以及 `checker report`。

label-expected-colon = 期望：
label-actual-colon = 实际：
label-seed = 随机种子
label-check = 检查
label-title = 内容
label-points = 得分
check-undecided = 无法判定
check-details-withheld = 没有通过；不显示细节
check-hidden = 隐藏的检查
check-not-asked = { $title }（没有发出请求）
mismatch-actual-alone = 实际为 { $actual }
expected-at = `{ $place }`：{ $text }
expected-of-attribute = `{ $selector }` 的属性 `{ $name }`：{ $text }
expected-of-header = 响应头 `{ $name }`：{ $text }
parts-left-out = 因为篇幅，另有 { $parts } 部分没有列出。

error-report-not-utf8 = 报告 `{ $file }` 不是 UTF-8 编码
error-report-not-json = `{ $file }` 不是 JSON：{ $error }
error-report-none = `{ $file }` 不是 checker 的报告：里面没有 `schema_version`
error-report-broken = `{ $file }` 不是完整的报告：{ $error }
error-report-major = `{ $file }` 是版本 { $found } 的报告；这个检查器只能读 { $known } 以及同一主版本的更早版本
hint-report-file = 报告由 `checker run … -f json` 输出，或者用 -o json=report.json 写入文件
hint-report-major = 请用写出它的检查器，或者更新的版本来转换

## 网页
points-of = { $earned } / { $possible } 分
counts = 通过 { $passed } 项，失败 { $failed } 项，跳过 { $skipped } 项{ $error ->
    [0] {""}
   *[other] ，无法判定 { $error } 项
}
verdict-word-undecided = 未评分
label-nothing-lost = 不会因此扣分
label-checks = 检查
label-nothing-more = 没有更多内容
label-request = 请求
label-response = 响应
body-bytes = { $bytes } 字节
body-truncated = 只显示开头部分
body-lossy = 有些字节不是文本
label-run = 运行情况
label-stderr = 程序的输出：标准错误
label-stdout = 程序的输出：标准输出
label-environment = 环境
label-checker = 评分程序
label-exercise = 练习
label-exercise-digest = 练习文件
label-submission-digest = 提交内容
label-command = 启动命令
label-ready = 开始监听用时
label-exit = 自行结束
label-survivors = 残留进程
label-isolation = 隔离级别
label-holds = 已生效
label-lacks = 未生效
label-started = 开始时间
label-duration = 用时
