//! The clock of the benches that do not wait for anybody.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time of this thread so far: it stands still while another process has the core, so that a busy machine stretches it little.
/// Reading it is a system call of some 200 ns; so it is read for thousands of operations at once.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).expect("it counts up from zero"),
        u32::try_from(time.tv_nsec).expect("below a second"),
    )
}

/// Nanoseconds of CPU time for each of `count` operations that `run` does.
pub(crate) fn nanos_each(count: usize, run: impl FnOnce()) -> f64 {
    let began = cpu_time();
    run();
    (cpu_time() - began).as_nanos() as f64 / count as f64
}
