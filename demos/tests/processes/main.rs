//! The demos from outside: as processes, by sockets and signals, with a time limit on everything and no sleeping.

mod chat;
mod echo;
mod history;
mod load;
mod peer;
mod process;
