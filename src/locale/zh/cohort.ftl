# 班级批量评分：收取、运行、结果、成绩册。

intake-not-a-cohort = `{ $path }` 既不是文件夹，也不是装有作业的压缩包
intake-nothing = `{ $path }` 里没有作业（按 { $form } 的格式读取）
intake-metadata = `{ $file }` 不是 Gradescope 写出的格式：{ $detail }
roster-wrong = 名单不是 CSV 文件：{ $detail }
roster-columns = 名单里没有认识的列；应该有 name、id、login、email（姓名、学号、用户名、邮箱）之一

## 运行
problem-poison = 评这份作业时检查器自己两次中止；已把它放到一边
progress-begin = 待评 { $total } 份，已评 { $kept } 份
progress-one = { $name }：{ $verdict }
progress-disagreed = { $name }：热启动时通过，冷启动时结果不同；以冷启动为准，此后的提交都用冷启动。此前的结果可用 `--regrade`（不加 `--warm`）重新评分
progress-again = { $name }：单独再评一次
progress-count = { $done }/{ $total }：通过 { $passed }，未通过 { $failed }，无法评分 { $error }；每分钟 { $rate } 份，大约还要 { $left }
progress-bar-words = 通过 { $passed }，未通过 { $failed }，无法评分 { $error }
error-results = 无法把结果保存到 `{ $folder }`：{ $error }。已有的结果都是完整的；腾出空间后用同一条命令继续
grade-goes-on =
    评分进程被信号 { $signal } 中止，可能是所评的作业造成的。另一个进程会从中断处继续；可能有问题的作业最后单独评。
error-grader-died = 评分进程还没有开始评分就被信号 { $signal } 中止了
grade-results = 每份作业的报告：{ $folder }
intake-ignored = 不是作业：{ $names }

## 成绩册
book-submissions = 共 { $count } 份作业：
book-count-passed = 通过 { $count } 份
book-count-failed = 未通过 { $count } 份
book-count-not-graded = 无法评分 { $count } 份
book-count-waiting = 尚未评分 { $count } 份
book-count-missing = 未交 { $count } 人
book-causes = 失败的原因
book-identical = 相同的错误答案
book-slowest = 最慢的
book-flaky-heading = 单独评分时通过得更多
book-not-graded = 无法评分
book-waiting = 尚未评分
book-missing = 未交
book-late = 迟交
book-flaky = 不稳定
book-attempts = 交了 { $count } 次
book-more = 另有 { $count } 个
book-name = 姓名
book-id = 编号
book-state = 状态
book-all = 全部
book-points-heading = 得分
book-points = { $earned }/{ $possible } 分
book-cause = 原因
book-report = 报告
book-search = 搜索
book-page = 页
moodle-wrong = 评分表不是 CSV 文件：{ $detail }
moodle-columns = 这不是 Moodle 的评分表：没有 Identifier 和 Grade 两列
moodle-absent = 有 { $count } 份已评作业不在评分表里
hint-moodle = moodle= 会填写从 Moodle 下载的评分表；请写出它的路径

## 分片
shard-base = Slurm 数组的第 { $task } 号任务：看不出数组从 0 还是从 1 开始
shard-total = CI_NODE_TOTAL 不是 { $of }
shard-no-engine = SLURM_ARRAY_TASK_ID、JOB_COMPLETION_INDEX、CI_NODE_INDEX 都没有设置
shard-outside = 按 { $name }，这是 { $of } 片中的第 { $number } 片
hint-shard = 直接写明是哪一片：--shard 2/8

## 合并、集群、相似的作业
merge-no-results = `{ $folder }` 里没有结果：{ $error }
merge-nothing = 没有可以合并的内容
merge-mixed = `{ $folder }` 和 `{ $other }` 不是同一批的两部分：作业、练习或选项不同
merge-cut = 这些结果的分片方式不同：分成了 { $cuts } 片
cluster-next = 接下来：{ $command }
similar-found = 共 { $submissions } 份作业，{ $groups ->
    [0] 没有相同的
   *[other] 有 { $groups } 组相同
}
similar-bytes = { $count } 份逐字节相同
similar-form = { $count } 份除排版、注释和名字以外相同
similar-hint = 这只供人查看：课文里的例子、本来就允许合作的作业也会这样。它不影响任何分数。
