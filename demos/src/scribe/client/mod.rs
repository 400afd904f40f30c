//! The other end: what logs to a collector, and what asks how it is. Both wait for each answer.

pub mod cat;
pub mod lines;
pub mod status;

use oneloop::Result;
use oneloop::thrift::{BlockingCaller, BlockingLimits};

use crate::scribe::interface::ScribeBlocking;

fn connect(address: &str, limits: BlockingLimits) -> Result<ScribeBlocking> {
    BlockingCaller::connect_limited(address, limits).map(ScribeBlocking::new)
}
