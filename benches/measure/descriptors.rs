//! The limit that decides how many links a bench can have, since both of their ends are in its process.

/// How many descriptors this process may have.
pub(crate) fn limit() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("the system has /proc");
    limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(1024)
}
