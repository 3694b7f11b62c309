# Cohorts: intake, running, results, gradebook.

intake-not-a-cohort = `{ $path }` is neither a folder nor an archive of submissions
intake-nothing = there is no submission in `{ $path }` (read as { $form })
intake-metadata = `{ $file }` is not what Gradescope writes: { $detail }
roster-wrong = the roster is not a CSV file: { $detail }
roster-columns = no column of the roster is known; there should be one of name, id, login, email (姓名, 学号, 用户名, 邮箱)
