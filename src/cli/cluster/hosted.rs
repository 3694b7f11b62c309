//! Job files for GitLab CI and GitHub Actions.

use super::{Job, JobFile};

/// A parallel job; its parts find their number in `CI_NODE_INDEX`.
pub(super) fn gitlab(job: &Job) -> Vec<JobFile> {
    let Job { shards, minutes, cpus, .. } = job;
    let image = quoted(job.image);
    let grade = quoted(&format!(
        "checker grade --shard {shards} --jobs {cpus} --out \"results/shard-$CI_NODE_INDEX\" {}",
        job.grade_in_shell()
    ));
    let text = format!(
        r#"# In .gitlab-ci.yml: `include: checker.gitlab-ci.yml`. A shard that could not grade something ends with 3; the merge
# comes all the same, and says what is missing.
checker-grade:
  image: {image}
  parallel: {shards}
  timeout: {minutes} minutes
  retry:
    max: 2
    when: [runner_system_failure, stuck_or_timeout_failure]
  script:
    - {grade}
  artifacts:
    when: always
    paths: [results/]
    expire_in: 1 week

checker-merge:
  image: {image}
  needs: [checker-grade]
  when: always
  script:
    - checker merge results/shard-* -o csv=gradebook.csv -o html=gradebook.html
  artifacts:
    when: always
    paths: [gradebook.csv, "gradebook*.html", results/]
    expire_in: 4 weeks
"#
    );
    vec![JobFile { name: "checker.gitlab-ci.yml", text, mode: 0o666 }]
}

/// A matrix; its parts have their number from the matrix.
pub(super) fn github(job: &Job) -> Vec<JobFile> {
    let Job { shards, minutes, cpus, .. } = job;
    let numbers: Vec<_> = (1..=*shards).map(|number| number.to_string()).collect();
    let numbers = numbers.join(", ");
    let grade = quoted(&format!(
        "checker grade --shard ${{{{ matrix.shard }}}}/{shards} --jobs {cpus} --out results/shard-${{{{ matrix.shard }}}} {}",
        job.grade_in_shell().replace("${{", "$ {{")
    ));
    let text = format!(
        r#"# For .github/workflows/. Where runners do not have `checker`, install it in the steps that look for it.
name: Grade a cohort
on: workflow_dispatch
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: {minutes}
    strategy:
      fail-fast: false
      matrix:
        shard: [{numbers}]
    steps:
      - uses: actions/checkout@v4
      - name: Look for checker
        run: checker --version
      - run: {grade}
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: shard-${{{{ matrix.shard }}}}
          path: results/
  merge:
    needs: grade
    if: always()
    runs-on: ubuntu-latest
    steps:
      - name: Look for checker
        run: checker --version
      - uses: actions/download-artifact@v4
        with:
          pattern: shard-*
          merge-multiple: true
          path: results
      - run: checker merge results/shard-* -o csv=gradebook.csv -o html=gradebook.html
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: gradebook
          path: |
            gradebook*
            results/
"#
    );
    vec![JobFile { name: "checker-grade.yml", text, mode: 0o666 }]
}

/// A text as a YAML string: JSON's strings are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
