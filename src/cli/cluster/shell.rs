//! Job files that a shell runs: Slurm's and GNU parallel's.

use super::{Job, JobFile};

const SCRIPT: u32 = 0o777;

/// An array of tasks, each a shard with a folder of its own; behind it, whatever becomes of them, the merge.
///
/// `afterany`, since `afterok` never comes once a task has failed. A task whose node is lost is begun again by Slurm and
/// goes on where it was. N is written out: a repeated `--array=3,17` would change what Slurm says of it.
pub(super) fn slurm(job: &Job) -> Vec<JobFile> {
    let Job { shards, minutes, cpus, .. } = job;
    let grade = format!(
        r#"#!/bin/sh
#SBATCH --job-name=checker-grade
#SBATCH --array=1-{shards}
#SBATCH --requeue
#SBATCH --time={minutes}
#SBATCH --cpus-per-task={cpus}
#SBATCH --open-mode=append
#SBATCH --output=checker-grade-%a.log
# One shard of {shards}. To repeat some: sbatch --array=3,17 grade.sbatch
exec checker grade --shard "$SLURM_ARRAY_TASK_ID/{shards}" --jobs "${{SLURM_CPUS_PER_TASK:-{cpus}}}" \
    --out "results/shard-$SLURM_ARRAY_TASK_ID" {}
"#,
        job.grade_in_shell()
    );
    let merge = r#"#!/bin/sh
#SBATCH --job-name=checker-merge
#SBATCH --requeue
#SBATCH --time=60
#SBATCH --output=checker-merge.log
# Ends with 3 if a shard is not complete; what is there is in the gradebook all the same.
exec checker merge results/shard-* -o csv=gradebook.csv -o html=gradebook.html
"#;
    let submit = r#"#!/bin/sh
# Hands both jobs in; the merge comes when every task has ended, well or not.
set -eu
cd "$(dirname "$0")"
mkdir -p results
grade=$(sbatch --parsable "$@" grade.sbatch)
merge=$(sbatch --parsable "$@" --dependency="afterany:${grade%%;*}" merge.sbatch)
echo "grade $grade, merge $merge"
"#;
    vec![
        JobFile { name: "grade.sbatch", text: grade, mode: SCRIPT },
        JobFile { name: "merge.sbatch", text: merge.to_owned(), mode: SCRIPT },
        JobFile { name: "submit.sh", text: submit.to_owned(), mode: SCRIPT },
    ]
}

/// A log of jobs with which `parallel` goes on where it was, and the merge.
pub(super) fn parallel(job: &Job) -> Vec<JobFile> {
    let Job { shards, minutes, cpus, .. } = job;
    let text = format!(
        r#"#!/bin/sh
# Grades {shards} shards, {cpus} submissions of each busy at a time, and merges them. Start it again to go on: shards
# that ended well are passed over. More machines: sh grade-parallel.sh --sshlogin a,b --workdir . --jobs 1
set -u
cd "$(dirname "$0")" || exit 3
mkdir -p results
[ "$#" -gt 0 ] || set -- --jobs 1
# A shard ends with 3 if something in it could not be graded; it is tried again, and what has a result is passed over.
seq {shards} | parallel "$@" --joblog results/parallel.log --resume-failed --retries 3 --timeout {seconds} \
    'checker grade --shard {{}}/{shards} --jobs {cpus} --out results/shard-{{}}' {grade}
exec checker merge results/shard-* -o csv=gradebook.csv -o html=gradebook.html
"#,
        seconds = u32::from(*minutes) * 60,
        // Quoted twice: for this shell, and for the one that `parallel` starts.
        grade = shell_words::quote(&job.grade_in_shell()),
    );
    vec![JobFile { name: "grade-parallel.sh", text, mode: SCRIPT }]
}
