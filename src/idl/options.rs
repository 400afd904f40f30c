//! What can be chosen when files are loaded.

use std::path::PathBuf;

/// Where to look for includes, and the most of everything.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where an included file is looked for if it is not beside the one that includes it, in this order. None unless given.
    pub include_dirs: Vec<PathBuf>,
    /// Keeps field ids of zero and below as they are written, as `--allow-neg-keys` of the official compiler does. Without it they are
    /// replaced, with a warning.
    pub negative_ids: bool,
    /// The most bytes of a file; 8 MiB unless given.
    pub file_bytes_max: usize,
    /// The most files that one may include, itself counted; 1,000 unless given, and at least one.
    pub file_count_max: usize,
    /// How many errors are told, and how many warnings; 100 unless given, and at least one.
    pub report_count_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            include_dirs: Vec::new(),
            negative_ids: false,
            file_bytes_max: 8 << 20,
            file_count_max: 1000,
            report_count_max: 100,
        }
    }
}
