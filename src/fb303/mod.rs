//! What a server tells whoever runs it: fb303, the base service of Facebook's and Apache's servers. With the feature `fb303`.
//!
//! Name, version, status, counters, options, and two orders, reinitialize and shutdown: every tool that speaks fb303 reads them. A
//! [`Base`] in the application's state has them, and one line says where it is:
//!
//! ```
//! use oneloop::fb303::{self, Base, FbStatus, Monitored};
//! use oneloop::{Context, Framed, Result};
//!
//! struct App { base: Base }
//!
//! impl Monitored for App {
//!     fn base(&mut self) -> &mut Base { &mut self.base }
//! }
//!
//! fn start(cx: &mut Context<'_, App>) -> Result<()> {
//!     cx.state.base.set_status(FbStatus::WARNING, "the disk is nearly full");
//!     cx.state.base.increment("orders", 1);
//!     cx.listen("127.0.0.1:9082", Framed::default(), fb303::processor::<App>()).map(drop)
//! }
//!
//! let mut app = App { base: Base::new("shop").version("1.0") };
//! assert_eq!(app.base().status(), FbStatus::ALIVE);
//! ```
//!
//! # Under a service of one's own
//!
//! The interface includes `fb303.thrift`, which it need not have: the compiler has it.
//!
//! ```text
//! include "fb303.thrift"
//! service Shop extends fb303.FacebookService { i32 sell(1: string what) }
//! ```
//!
//! What is generated looks for the module `fb303` beside its own, and this one is it. The state implements `Shop` and [`Monitored`], and
//! the processor answers the methods of both:
//!
//! ```ignore
//! use oneloop::fb303;
//! mod shop { oneloop::include_idl!("shop"); }
//!
//! cx.listen("127.0.0.1:9090", Framed::default(), shop::processor::<App>())?;
//! ```
//!
//! # What is answered
//!
//! | Method | Answer |
//! |---|---|
//! | `getName`, `getVersion` | what the [`Base`] was given |
//! | `getStatus`, `getStatusDetails` | what was [set](Base::set_status), `ALIVE` at first; or what [`Monitored::status`] finds |
//! | `getCounters` | the loop's own ([`Counters`](crate::Counters)) as `loop:frames_in` and so on; what [`Monitored::add_counters`] finds; the [`Base`]'s. Of two with one name the last. |
//! | `getCounter` | the same by name; 0 if there is none |
//! | `setOption` | kept, unless [`Monitored::on_set_option`] refuses it or there are [too many](BaseLimits): an internal error |
//! | `getOption`, `getOptions` | what was set; empty if it was not, and it is not made by asking |
//! | `getCpuProfile` | what [`Monitored::on_cpu_profile`] gives: nothing unless it is overridden |
//! | `aliveSince` | when the loop began, in seconds since 1970, by the system's clock when it was first asked |
//! | `reinitialize` | [`Monitored::on_reinitialize`]: nothing unless it is overridden |
//! | `shutdown` | [`Monitored::on_shutdown`]: the status is `STOPPING`, and the loop stops in peace |
//!
//! Nobody is asked who he is: whoever reaches the listener may set options and stop the server. Listen where only those come who may,
//! or override what is too much.
//!
//! [`FacebookServiceClient`] and [`FacebookServiceBlocking`] are the other end.

mod base;
#[rustfmt::skip]
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated of fb303.thrift: more than is used, and as others have it"
)]
mod fb303;
mod limits;
mod monitored;

pub use base::{Base, TooMuch};
pub use fb303::{
    FacebookService, FacebookServiceBlocking, FacebookServiceClient, FacebookServiceProcessor,
    FbStatus, facebook_service_methods, facebook_service_processor, processor,
};
pub use limits::BaseLimits;
pub use monitored::Monitored;

/// The interface, `fb303.thrift`: for other compilers, which want the file.
pub const INTERFACE: &str = include_str!("fb303.thrift");
