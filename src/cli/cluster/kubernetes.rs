//! Job files for Kubernetes: an Indexed Job, a claim for its results, and a Job that merges.

use serde_json::json;

use super::{Job, JobFile};

/// Each index is a shard and is tried again on its own. A node that goes away costs no attempt; exit code 2 (wrong
/// usage) fails the whole job, and 3 (some could not be graded) only its index.
pub(super) fn kubernetes(job: &Job) -> Vec<JobFile> {
    let claim = json!({
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": { "name": "checker-cohort" },
        "spec": { "accessModes": ["ReadWriteMany"], "resources": { "requests": { "storage": "10Gi" } } },
    });
    let script = format!(
        "exec checker grade --shard {shards} --jobs {cpus} --out \"results/shard-$JOB_COMPLETION_INDEX\" {grade}",
        shards = job.shards,
        cpus = job.cpus,
        grade = job.grade_in_shell()
    );
    let grade = json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": { "name": "checker-grade" },
        "spec": {
            "completionMode": "Indexed",
            "completions": job.shards,
            "parallelism": job.shards.min(20),
            "backoffLimitPerIndex": 2,
            "podFailurePolicy": { "rules": [
                { "action": "Ignore", "onPodConditions": [{ "type": "DisruptionTarget", "status": "True" }] },
                { "action": "FailJob", "onExitCodes": { "containerName": "checker", "operator": "In", "values": [2] } },
                { "action": "FailIndex", "onExitCodes": { "containerName": "checker", "operator": "In", "values": [3] } },
            ] },
            "template": template(job, &script, u32::from(job.minutes) * 60),
        },
    });
    let script = "exec checker merge results/shard-* -o csv=gradebook.csv -o html=gradebook.html";
    let merge = json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": { "name": "checker-merge" },
        "spec": { "backoffLimit": 0, "template": template(job, script, 3600) },
    });
    let head = "# Put the cohort into the volume first. When the job has ended, well or not:\n\
                #   kubectl apply -f checker-merge.yaml\n\
                # JSON is YAML too, and cannot be misread.\n";
    let documents = |all: &[&serde_json::Value]| {
        let all = all.iter().map(|one| format!("---\n{one:#}\n"));
        format!("{head}{}", all.collect::<String>())
    };
    vec![
        JobFile { name: "checker-grade.yaml", text: documents(&[&claim, &grade]), mode: 0o666 },
        JobFile { name: "checker-merge.yaml", text: documents(&[&merge]), mode: 0o666 },
    ]
}

/// A pod that works in the shared volume. Namespaces, which isolate submissions, want no privilege but may be refused
/// by a seccomp profile; `checker` says so in every report.
fn template(job: &Job, script: &str, seconds: u32) -> serde_json::Value {
    let cpus = job.cpus.to_string();
    json!({ "spec": {
        "restartPolicy": "Never",
        "activeDeadlineSeconds": seconds,
        "automountServiceAccountToken": false,
        "containers": [{
            "name": "checker",
            "image": job.image,
            "command": ["sh", "-c", script],
            "workingDir": "/cohort",
            "resources": {
                "requests": { "cpu": cpus, "memory": "1Gi" },
                "limits": { "memory": "4Gi" },
            },
            "volumeMounts": [{ "name": "cohort", "mountPath": "/cohort" }],
        }],
        "volumes": [{ "name": "cohort", "persistentVolumeClaim": { "claimName": "checker-cohort" } }],
    } })
}
