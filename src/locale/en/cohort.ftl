# Cohorts: intake, running, results, gradebook.

intake-not-a-cohort = `{ $path }` is neither a folder nor an archive of submissions
intake-nothing = there is no submission in `{ $path }` (read as { $form })
intake-metadata = `{ $file }` is not what Gradescope writes: { $detail }
roster-wrong = the roster is not a CSV file: { $detail }
roster-columns = no column of the roster is known; there should be one of name, id, login, email (姓名, 学号, 用户名, 邮箱)

## Running
problem-poison = grading this submission ended the checker itself, twice; it is set aside
progress-begin = { $total } to grade, { $kept } graded before
progress-one = { $name }: { $verdict }
progress-disagreed = { $name }: passed when started warm, but not the same when started cold; the cold start counts, and all that follow are started cold. What was graded before this: `--regrade` without `--warm`
progress-again = { $name }: once more, alone
progress-count = { $done }/{ $total }: { $passed } passed, { $failed } failed, { $error } not graded; { $rate } a minute, about { $left } left
progress-bar-words = passed { $passed }, failed { $failed }, not graded { $error }
error-results = cannot keep results in `{ $folder }`: { $error }. What is there is whole; go on with the same command when there is room
grade-goes-on =
    The grader was ended by signal { $signal }, perhaps by what it graded. Another one goes on where it was; what may have
    been to blame is graded last and alone.
error-grader-died = the grader was ended by signal { $signal } before it began to grade
grade-results = one report a submission: { $folder }
intake-ignored = not a submission: { $names }

## The gradebook
book-submissions = { $count ->
    [one] one submission:
   *[other] { $count } submissions:
}
book-count-passed = { $count } passed
book-count-failed = { $count } failed
book-count-not-graded = { $count } could not be graded
book-count-waiting = { $count } not graded yet
book-count-missing = { $count } missing
book-causes = Causes
book-identical = The same wrong answers
book-slowest = Slowest
book-flaky-heading = Passed more when graded alone
book-not-graded = could not be graded
book-waiting = not graded yet
book-missing = missing
book-late = late
book-flaky = flaky
book-attempts = handed in { $count } times
book-more = and { $count } more
book-name = Name
book-id = Number
book-state = State
book-all = all
book-points-heading = Points
book-points = { $earned }/{ $possible } points
book-cause = Cause
book-report = Report
book-search = Search
book-page = Page
moodle-wrong = the worksheet is not a CSV file: { $detail }
moodle-columns = this is not Moodle's grading worksheet: it has no columns Identifier and Grade
moodle-absent = { $count ->
    [one] one graded submission is
   *[other] { $count } graded submissions are
} not in the worksheet
hint-moodle = moodle= fills in the grading worksheet that Moodle lets you download; give its path

## Shards
shard-base = task { $task } of Slurm's array: it cannot be seen whether the array begins with 0 or 1
shard-total = CI_NODE_TOTAL is not { $of }
shard-no-engine = none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and CI_NODE_INDEX is set
shard-outside = { $name } makes this part { $number } of { $of }
hint-shard = name the part: --shard 2/8

## Merging, clusters, similar submissions
merge-no-results = `{ $folder }` holds no results: { $error }
merge-nothing = there is nothing to merge
merge-mixed = `{ $folder }` and `{ $other }` are not parts of the same whole: their submissions, exercise or options differ
merge-cut = the results were cut into shards in different ways: into { $cuts }
cluster-next = next: { $command }
similar-found = { $submissions ->
    [one] one submission
   *[other] { $submissions } submissions
}, { $groups ->
    [0] no two are the same
    [one] one group of the same
   *[other] { $groups } groups of the same
}
similar-bytes = { $count } the same byte for byte
similar-form = { $count } the same but for layout, comments and names
similar-hint = This is for people to look at: the lesson's own listing, or work that was meant to be done together, looks like this too. No score knows of it.
