//! Whether the processors were busy while something went on.

use std::fs;

/// How much of one processor has to be idle on average for the machine to count as not busy.
const IDLE: f64 = 0.5;

/// What the processors have done since the machine started, in the kernel's ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    idle: u64,
    all: u64,
}

impl Reading {
    /// Now; none where the kernel does not say.
    pub(super) fn now() -> Option<Self> {
        Self::of(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// The first line sums up all processors (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal, and
    /// what is contained in them.
    fn of(text: &str) -> Option<Self> {
        let line = text.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u64> = line.split_whitespace().take(8).filter_map(|tick| tick.parse().ok()).collect();
        let [_, _, _, idle, waiting, ..] = ticks[..] else { return None };
        Some(Self { idle: idle + waiting, all: ticks.iter().sum() })
    }

    /// Whether the processors were busy since then. Where nobody knows, they may have been.
    pub(super) fn busy_since(since: Option<Self>, processors: usize) -> bool {
        let (Some(before), Some(now)) = (since, Self::now()) else { return true };
        before.busy_until(now, processors)
    }

    fn busy_until(self, now: Self, processors: usize) -> bool {
        let all = now.all.saturating_sub(self.all);
        let idle = now.idle.saturating_sub(self.idle);
        all == 0 || idle as f64 / all as f64 * (processors as f64) < IDLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_idle_processor_is_enough() {
        let reading =
            |idle: u64, user: u64| Reading::of(&format!("cpu  {user} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1\n")).unwrap();
        let before = reading(1000, 1000);
        assert!(!before.busy_until(reading(1100, 1100), 2), "one of two");
        assert!(before.busy_until(reading(1020, 1180), 2), "a fifth of one of two");
        assert!(!before.busy_until(reading(1020, 1180), 16), "one and a half of sixteen");
        assert!(before.busy_until(before, 2), "nothing is known");
    }
}
