//! A shop that is monitored, and who asks it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::fb303::{self, Base, BaseLimits, FbStatus, Monitored};
use oneloop::sim::{Node, World};
use oneloop::thrift::{Answer, Caller, Processor, Protocol};
use oneloop::{Context, Deferred, Error, Framed, Result};

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "as a program would include it"
)]
pub(crate) mod shop {
    include!("generated/shop.rs");
}

pub(crate) use shop::ShopClient;

/// Each test by each protocol.
macro_rules! both {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn binary() {
                super::$name::<oneloop::thrift::Binary>();
            }

            #[test]
            fn compact() {
                super::$name::<oneloop::thrift::Compact>();
            }
        }
    )*};
}
pub(crate) use both;

/// The server's state.
pub(crate) struct Till {
    pub(crate) base: Base,
    pub(crate) told: Vec<String>,
    /// How long it takes to sell something.
    pub(crate) slow: Duration,
}

impl Till {
    fn new() -> Self {
        let limits = BaseLimits {
            counters_max: 3,
            options_max: 2,
            name_bytes_max: 8,
            value_bytes_max: 8,
        };
        Self {
            base: Base::new("shop").version("1.2").limits(limits),
            told: Vec::new(),
            slow: Duration::ZERO,
        }
    }
}

impl Monitored for Till {
    fn base(&mut self) -> &mut Base {
        &mut self.base
    }

    fn add_counters(cx: &mut Context<'_, Self>, counters: &mut BTreeMap<String, i64>) {
        counters.insert("told".into(), cx.state.told.len() as i64);
        // The state's own goes before it.
        counters.insert("sold".into(), -1);
    }

    fn on_set_option(cx: &mut Context<'_, Self>, name: &str, value: &str) -> Result<()> {
        cx.state.told.push(format!("{name} = {value}"));
        match value {
            "no" => Err(Error::failed("it is not that")),
            _ => Ok(()),
        }
    }

    fn on_cpu_profile(cx: &mut Context<'_, Self>, seconds: i32) -> Answer<String> {
        let (promise, later) = cx.defer();
        let span = Duration::from_secs(seconds.unsigned_abs().into());
        cx.after(span, move |_| promise.resolve("idle 100 %".to_owned()));
        later.into()
    }

    fn on_reinitialize(cx: &mut Context<'_, Self>) {
        cx.state.told.push("reinitialize".into());
    }
}

impl shop::Shop for Till {
    fn sell(cx: &mut Context<'_, Self>, what: String) -> Answer<i32> {
        cx.state.base.increment("sold", 1);
        let (promise, later) = cx.defer();
        cx.after(cx.state.slow, move |_| promise.resolve(what.len() as i32));
        later.into()
    }

    fn mood(_: &mut Context<'_, Self>) -> Answer<FbStatus> {
        FbStatus::WARNING.into()
    }
}

/// Who asks.
#[derive(Default)]
pub(crate) struct Asker {
    shop: Option<ShopClient>,
}

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) till: Node<Till>,
    pub(crate) asker: Node<Asker>,
}

impl Stage {
    /// A shop, whose methods are asked for by the client that was generated with it.
    pub(crate) fn shop<P: Protocol>() -> Self {
        Self::serving::<P>(shop::processor::<Till>)
    }

    /// The same without methods of its own.
    pub(crate) fn bare<P: Protocol>() -> Self {
        Self::serving::<P>(fb303::processor::<Till>)
    }

    fn serving<P: Protocol>(processor: fn() -> Processor<Till>) -> Self {
        let mut world = World::new(1);
        let till = world.node("till", Till::new, move |cx| {
            cx.listen("till:9082", Framed::default(), processor())
                .map(drop)
        });
        let asker = world.node("asker", Asker::default, |_| Ok(()));
        let mut stage = Self {
            world,
            till: till.expect("it starts"),
            asker: asker.expect("it starts"),
        };
        stage.dial::<P>();
        stage
    }

    /// Anew, when the shop was down.
    pub(crate) fn dial<P: Protocol>(&mut self) {
        self.world.with(&self.asker, |cx| {
            let caller = Caller::connect::<P, _>(cx, "till:9082").expect("it dials");
            cx.state.shop = Some(ShopClient::new(caller));
        });
    }

    /// Makes a call.
    pub(crate) fn call<R>(
        &mut self,
        call: impl FnOnce(&ShopClient, &mut Context<'_, Asker>) -> R,
    ) -> R {
        self.world.with(&self.asker, |cx| {
            let shop = cx.state.shop.clone().expect("it has dialled");
            call(&shop, cx)
        })
    }

    /// Makes a call, and where its outcome will be.
    pub(crate) fn begin<T: 'static>(
        &mut self,
        call: impl FnOnce(&ShopClient, &mut Context<'_, Asker>) -> Deferred<T>,
    ) -> Rc<RefCell<Option<Result<T>>>> {
        let came = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&came);
        self.call(|shop, cx| {
            let later = call(shop, cx);
            cx.when(later, move |_, outcome| *kept.borrow_mut() = Some(outcome));
        });
        came
    }

    /// Makes a call and waits for its outcome.
    pub(crate) fn outcome<T: 'static>(
        &mut self,
        call: impl FnOnce(&ShopClient, &mut Context<'_, Asker>) -> Deferred<T>,
    ) -> Result<T> {
        let came = self.begin(call);
        self.world
            .run_until(|_| came.borrow().is_some(), Duration::from_secs(20));
        came.take().expect("it came")
    }

    /// The same of a call that does well.
    pub(crate) fn ask<T: 'static>(
        &mut self,
        call: impl FnOnce(&ShopClient, &mut Context<'_, Asker>) -> Deferred<T>,
    ) -> T {
        self.outcome(call).expect("it does well")
    }
}
