//! Which shard a task of Slurm, Kubernetes or GitLab is, by the variables that the engine sets.

use crate::cohort::Shard;
use crate::message::Message;

/// The shard that this task is, of so many.
///
/// The number of shards is always said, never taken from Slurm: `--array=3,17` to repeat two tasks makes
/// `SLURM_ARRAY_TASK_COUNT` 2. Slurm's numbers begin where the job's author lets them; where that cannot be seen the
/// task is refused rather than guessed.
pub(super) fn shard(of: usize, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, Message> {
    let number = |name: &str| variable(name).and_then(|text| text.trim().parse::<usize>().ok());
    let (name, number) = if let Some(task) = number("SLURM_ARRAY_TASK_ID") {
        let (least, most) = (number("SLURM_ARRAY_TASK_MIN"), number("SLURM_ARRAY_TASK_MAX"));
        let from_zero = task == 0 || least == Some(0);
        let from_one = task == of || most == Some(of) || least == Some(1);
        match (from_zero, from_one) {
            (true, false) => ("SLURM_ARRAY_TASK_ID", task + 1),
            (false, true) => ("SLURM_ARRAY_TASK_ID", task),
            _ => return Err(Message::new("shard-base").with("task", task)),
        }
    } else if let Some(index) = number("JOB_COMPLETION_INDEX") {
        ("JOB_COMPLETION_INDEX", index + 1)
    } else if let Some(index) = number("CI_NODE_INDEX") {
        if number("CI_NODE_TOTAL").is_some_and(|total| total != of) {
            return Err(Message::new("shard-total").with("of", of));
        }
        ("CI_NODE_INDEX", index)
    } else {
        return Err(Message::new("shard-no-engine"));
    };
    if (1..=of).contains(&number) {
        return Ok(Shard { number, of });
    }
    Err(Message::new("shard-outside").with("name", name).with("number", number).with("of", of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(count: usize, variables: &[(&str, &str)]) -> Result<String, &'static str> {
        let variable = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        shard(count, variable).map(|shard| shard.to_string()).map_err(|message| message.id)
    }

    #[test]
    fn slurms_arrays_begin_with_zero_or_one_and_it_shows() {
        let task = |id, least, most| {
            [("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_MIN", least), ("SLURM_ARRAY_TASK_MAX", most)]
        };
        assert_eq!(of(4, &task("0", "0", "3")), Ok("1/4".into()));
        assert_eq!(of(4, &task("3", "0", "3")), Ok("4/4".into()));
        assert_eq!(of(4, &task("1", "1", "4")), Ok("1/4".into()));
        assert_eq!(of(4, &task("4", "1", "4")), Ok("4/4".into()));
        assert_eq!(of(20, &task("3", "3", "17")), Err("shard-base"), "two tasks repeated by hand");
        assert_eq!(of(4, &task("0", "0", "4")), Err("shard-base"), "five tasks for four shards");
    }

    #[test]
    fn kubernetes_counts_from_zero_and_gitlab_from_one() {
        assert_eq!(of(3, &[("JOB_COMPLETION_INDEX", "0")]), Ok("1/3".into()));
        assert_eq!(of(3, &[("JOB_COMPLETION_INDEX", "3")]), Err("shard-outside"));
        assert_eq!(of(3, &[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "3")]), Ok("3/3".into()));
        assert_eq!(of(3, &[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "4")]), Err("shard-total"));
        assert_eq!(of(3, &[]), Err("shard-no-engine"));
    }
}
