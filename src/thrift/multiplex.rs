//! Several services on one listener, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::error::{Misuse, Result};

use super::binary::Binary;
use super::compact::Compact;
use super::exception::ApplicationExceptionKind;
use super::processor::{Entry, Incoming, Processor, Served};
use super::protocol::Protocol;

/// Several services on one listener: a call's name is `service:method`, as Apache's `TMultiplexedProtocol` writes it. The reply has the
/// method's name alone. A name without a colon goes to the default service, if there is one.
pub struct Multiplexed<S: 'static> {
    services: BTreeMap<String, Rc<dyn Entry<S>>>,
    default: Option<Rc<dyn Entry<S>>>,
}

impl<S: 'static> Multiplexed<S> {
    /// No service yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            services: BTreeMap::new(),
            default: None,
        }
    }

    /// Serves `processor` under this name. Its limits and hooks are not taken over: they are set for all, on what [`processor`](Self::processor)
    /// gives.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`] if the name is taken, [`Misuse::Option`] if it is empty or has a colon.
    pub fn service(&mut self, name: &str, processor: Processor<S>) -> Result<&mut Self> {
        if name.is_empty() || name.contains(':') {
            return Err(Misuse::Option(format!("{name:?} is no name of a service")).into());
        }
        if self.services.contains_key(name) {
            return Err(
                Misuse::Duplicate(format!("the service {name:?} is served already")).into(),
            );
        }
        self.services.insert(name.into(), processor.desk.entry);
        Ok(self)
    }

    /// Serves `processor` to calls that name no service, instead of the one before.
    pub fn default_service(&mut self, processor: Processor<S>) -> &mut Self {
        self.default = Some(processor.desk.entry);
        self
    }

    /// What is given to `listen`.
    #[must_use]
    pub fn processor(self) -> Processor<S> {
        Processor::over(Rc::new(self))
    }

    fn named(&self, name: &[u8]) -> Option<&Rc<dyn Entry<S>>> {
        self.services.get(str::from_utf8(name).ok()?)
    }

    /// The service that a call is for, and the name that it has there.
    fn route<'a, 'c, P: Protocol>(
        &self,
        call: &mut Incoming<'a, 'c, S, P>,
        serve: impl FnOnce(&dyn Entry<S>, &mut Incoming<'a, 'c, S, P>) -> Result<Served>,
    ) -> Result<Served> {
        let name = call.head.name;
        let service = match name.iter().position(|byte| *byte == b':') {
            Some(colon) => match self.named(&name[..colon]) {
                Some(found) => {
                    call.head.name = &name[colon + 1..];
                    Some(found)
                }
                None => None,
            },
            None => self.default.as_ref(),
        };
        let Some(service) = service else {
            let message = format!("no service for {:?}", call.short_name());
            return call.refuse(ApplicationExceptionKind::UnknownMethod, message);
        };
        serve(&**service, call)
    }
}

impl<S: 'static> Entry<S> for Multiplexed<S> {
    fn shares(&self) -> bool {
        let mut services = self.services.values().chain(&self.default);
        services.any(|service| service.shares())
    }

    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served> {
        self.route(call, |service, call| service.binary(call))
    }

    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served> {
        self.route(call, |service, call| service.compact(call))
    }
}

/// A service of ours before whatever a node's application serves, several by name or one.
#[cfg(feature = "node")]
struct Before<S: 'static> {
    /// Up to the colon, and with it.
    prefix: &'static str,
    ours: Rc<dyn Entry<S>>,
    theirs: Rc<dyn Entry<S>>,
}

#[cfg(feature = "node")]
impl<S: 'static> Before<S> {
    fn route<P: Protocol>(&self, call: &mut Incoming<'_, '_, S, P>) -> &dyn Entry<S> {
        match call.head.name.strip_prefix(self.prefix.as_bytes()) {
            Some(method) => {
                call.head.name = method;
                &*self.ours
            }
            None => &*self.theirs,
        }
    }
}

#[cfg(feature = "node")]
impl<S: 'static> Entry<S> for Before<S> {
    fn shares(&self) -> bool {
        self.ours.shares() || self.theirs.shares()
    }

    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served> {
        self.route(call).binary(call)
    }

    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served> {
        self.route(call).compact(call)
    }
}

#[cfg(feature = "node")]
impl<S: 'static> Processor<S> {
    /// Serves `ours` too, to calls whose names begin with `prefix`. Hooks and limits stay.
    pub(crate) fn with_before(mut self, prefix: &'static str, ours: Self) -> Self {
        self.desk.entry = Rc::new(Before {
            prefix,
            ours: ours.desk.entry,
            theirs: self.desk.entry,
        });
        self.desk.shares = self.desk.entry.shares();
        self
    }
}

impl<S> Default for Multiplexed<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Multiplexed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multiplexed")
            .field("services", &self.services.keys())
            .field("default", &self.default.is_some())
            .finish_non_exhaustive()
    }
}
