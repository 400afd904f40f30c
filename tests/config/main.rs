//! The files of clusters by the public door: a corpus with what is told of each file, secrets, and texts that nobody wrote.

mod corpus;
mod hostile;
mod promises;
mod secrets;
mod started;

/// The names that the files of these tests may give as `app`.
const APPS: [&str; 6] = ["app.gate", "app.net", "chat", "gate", "net", "store"];
