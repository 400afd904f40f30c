//! What the core promises, checked in ten thousand simulated worlds each: another network, other limits and other faults in every one.
//!
//! A world of each check is small, a few links and some tens of frames: variety comes from the seeds. A failure says its seed, and the
//! line that replays it.

mod closing;
mod deadlines;
mod drain;
mod found;
mod frames;
mod late;
mod liveness;
mod marks;
mod outcomes;
mod support;
