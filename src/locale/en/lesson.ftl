## Course pages
lesson-line = line { $line }
lesson-passed = passes
lesson-fails-as-noted = fails as noted: { $ids }
lesson-unexpected = { $count } of { $of } checks did not end as the page says
lesson-does-not-start = does not start
lesson-not-graded = not graded
lesson-skipped = skipped: { $reason }
lesson-off = the page says `enable_checker: false`; `-e` grades it all the same
lesson-noted = the page says so
lesson-no-program = nothing to start in { $language }
lesson-partial = a part of a program; nothing in it could be started
lesson-no-exercise = no exercise is named, and no built-in one fits it
lesson-passes-though-noted = passes, though the page notes that it fails
lesson-note-it = if the page means to show this, write above the listing: { $comment }
lesson-chosen = No exercise is named: each listing was held to the built-in one that asks for its paths and that it answers best. `exercise: ID` in the page's front matter, a comment above a listing, or `-e` names one.
lesson-no-listings = no listings
lesson-head-line = line
lesson-head-language = language
lesson-head-exercise = exercise
lesson-head-result = result
lesson-tally = { $listings ->
    [one] one listing
   *[other] { $listings } listings
}: { $expected } as expected, { $unexpected } not, { $skipped } skipped
lesson-tally-not-graded = { $count } could not be graded
error-page-not-utf8 = `{ $file }` is not UTF-8 text
