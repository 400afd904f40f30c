//! The IDL compiler's front half by the public door: a corpus with its verdicts, models, and texts that nobody wrote.

mod corpus;
mod emitted;
mod golden;
mod hostile;
mod models;
