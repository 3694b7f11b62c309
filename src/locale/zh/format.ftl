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
parts-left-out = 因为篇幅，另有 { $parts } 部分没有列出。

error-report-not-utf8 = 报告 `{ $file }` 不是 UTF-8 编码
error-report-not-json = `{ $file }` 不是 JSON：{ $error }
error-report-none = `{ $file }` 不是 checker 的报告：里面没有 `schema_version`
error-report-broken = `{ $file }` 不是完整的报告：{ $error }
error-report-major = `{ $file }` 是版本 { $found } 的报告；这个检查器只能读 { $known } 以及同一主版本的更早版本
hint-report-file = 报告由 `checker run … -f json` 输出，或者用 -o json=report.json 写入文件
hint-report-major = 请用写出它的检查器，或者更新的版本来转换
