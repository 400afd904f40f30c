//! Signals of the process, and what each is for.

use std::io;

use mio::{Interest, Registry, Token};
use signal_hook::consts::{FORBIDDEN, SIGINT, SIGTERM};
use signal_hook_mio::v1_0::Signals as Pipe;

use crate::context::Context;
use crate::error::{Misuse, Result};

/// Signals of the process, and what each is for. None is taken from the system before somebody wants it.
pub(super) struct Signals<S> {
    pipe: Option<Pipe>,
    callbacks: Vec<(i32, Callback<S>)>,
}

/// What is run at a signal.
pub(super) type Callback<S> = Box<dyn FnMut(&mut Context<'_, S>)>;

/// What a signal that came is for.
pub(super) enum Told<'a, S> {
    /// The loop is to stop.
    Stop,
    /// This is to be run.
    Call(&'a mut Callback<S>),
}

impl<S> Default for Signals<S> {
    fn default() -> Self {
        Self {
            pipe: None,
            callbacks: Vec::new(),
        }
    }
}

impl<S> Signals<S> {
    /// SIGINT and SIGTERM stop the loop, unless they have a callback.
    pub(super) fn stop_on(&mut self, registry: &Registry, token: Token) -> Result<()> {
        for signal in [SIGINT, SIGTERM] {
            self.take(registry, token, signal)?;
        }
        Ok(())
    }

    /// This signal has a callback.
    pub(super) fn call_on(
        &mut self,
        registry: &Registry,
        token: Token,
        signal: i32,
        callback: Callback<S>,
    ) -> Result<()> {
        // Asked for these, the crate below panics.
        if FORBIDDEN.contains(&signal) || !(1..=SIGNAL_MAX).contains(&signal) {
            let text = format!("{signal} is no signal that can be waited for");
            return Err(Misuse::Option(text).into());
        }
        self.take(registry, token, signal)?;
        self.callbacks.retain(|(known, _)| *known != signal);
        self.callbacks.push((signal, callback));
        Ok(())
    }

    fn take(&mut self, registry: &Registry, token: Token, signal: i32) -> io::Result<()> {
        if let Some(pipe) = &self.pipe {
            return pipe.add_signal(signal);
        }
        let mut pipe = Pipe::new([signal])?;
        registry.register(&mut pipe, token, Interest::READABLE)?;
        self.pipe = Some(pipe);
        Ok(())
    }

    /// Those that came. One that was to stop the loop and has no callback stops it.
    pub(super) fn pending(&mut self) -> Vec<i32> {
        let pending = self.pipe.as_mut().map(Pipe::pending);
        let came: Vec<i32> = pending.into_iter().flatten().collect();
        for signal in &came {
            log::info!("signal {signal}");
        }
        came
    }

    /// What such a signal is for.
    pub(super) fn told(&mut self, signal: i32) -> Told<'_, S> {
        let mut callbacks = self.callbacks.iter_mut();
        match callbacks.find(|(known, _)| *known == signal) {
            Some((_, callback)) => Told::Call(callback),
            None => Told::Stop,
        }
    }
}

/// The last that there is on Linux.
const SIGNAL_MAX: i32 = 64;
