//! The memory that a tree of processes uses together, as `/proc/PID/statm` tells it.

use std::fs;
use std::time::Duration;

/// How often to look. A greedy program takes some 100 MB in that time.
pub(in super::super) const PERIOD: Duration = Duration::from_millis(25);

/// Whether these processes use more than so many bytes together.
///
/// Most looks cost a read a process. Only when the sum of all that is not a file's is too large is it worth to ask what
/// they share among themselves: fifty children of one process are not fifty times as large.
pub(in super::super) fn exceed(pids: &[i32], limit: u64) -> bool {
    let at_most: u64 = pids.iter().filter_map(|pid| private_pages(&read(*pid, "statm")?)).sum();
    if at_most * page_size() <= limit {
        return false;
    }
    let share: u64 = pids.iter().filter_map(|pid| anonymous_share(&read(*pid, "smaps_rollup")?)).sum();
    share * 1024 > limit
}

fn read(pid: i32, file: &str) -> Option<String> {
    fs::read_to_string(format!("/proc/{pid}/{file}")).ok()
}

fn page_size() -> u64 {
    // SAFETY: only asks for a number.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

/// proc(5): `size resident shared …`, in pages; `shared` are those of files and of shared memory, which the size of
/// its folder limits.
fn private_pages(statm: &str) -> Option<u64> {
    let mut numbers = statm.split_ascii_whitespace().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let (resident, shared) = (numbers.next()?, numbers.next()?);
    Some(resident.saturating_sub(shared))
}

/// A process' share of the memory that is no file's, in KiB: what it shares with others is divided among them.
fn anonymous_share(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss_Anon:"));
    // Linux before 5.9 tells the share of everything, files too.
    let line = line.or_else(|| rollup.lines().find_map(|line| line.strip_prefix("Pss:")));
    line?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_share_does_not_count() {
        assert_eq!(private_pages("5000 1200 200 10 0 900 0"), Some(1000));
        assert_eq!(private_pages("0 0 0 0 0 0 0"), Some(0));
        assert_eq!(private_pages(""), None);
    }

    #[test]
    fn what_processes_share_among_themselves_counts_once() {
        assert_eq!(anonymous_share("Rss: 900 kB\nPss:   500 kB\nPss_Anon:   300 kB\n"), Some(300));
        assert_eq!(anonymous_share("Rss: 900 kB\nPss:   500 kB\n"), Some(500));
    }

    #[test]
    fn this_process_uses_some_memory() {
        let me = [std::process::id() as i32];
        assert!(exceed(&me, 100_000) && !exceed(&me, 4 << 30));
    }
}
