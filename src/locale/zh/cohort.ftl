# 班级批量评分：收取、运行、结果、成绩册。

intake-not-a-cohort = `{ $path }` 既不是文件夹，也不是装有作业的压缩包
intake-nothing = `{ $path }` 里没有作业（按 { $form } 的格式读取）
intake-metadata = `{ $file }` 不是 Gradescope 写出的格式：{ $detail }
roster-wrong = 名单不是 CSV 文件：{ $detail }
roster-columns = 名单里没有认识的列；应该有 name、id、login、email（姓名、学号、用户名、邮箱）之一
