//! The interface that every program may include without having the file: fb303's.

use std::path::Path;

/// The text of a file that is included by this path and is nowhere to be found, and what its path is instead. Its Rust is in the
/// library, with the feature `fb303`: none is generated.
///
/// Whatever folder the include names, as some interfaces do: `include "fb303/if/fb303.thrift"`.
pub(super) fn text(wanted: &Path) -> Option<(&'static Path, &'static str)> {
    (wanted.file_name()? == "fb303.thrift").then(|| (Path::new(FB303), FB303_TEXT))
}

/// Whether this is the path that such a text has.
pub(super) fn is_built_in(path: &Path) -> bool {
    path == Path::new(FB303)
}

/// Nobody's file: it begins as no folder does.
const FB303: &str = "<oneloop>/fb303.thrift";

const FB303_TEXT: &str = include_str!("../fb303/fb303.thrift");

#[cfg(test)]
mod tests {
    use super::super::{Config, Memory};
    use super::*;

    /// What is generated of `scribe.thrift`, or what is told.
    fn scribe(files: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
        let mut memory = Memory::default();
        for (path, text) in files {
            memory.insert(path, *text);
        }
        let config = Config::new().input("scribe.thrift").include_dir("lib");
        match config.generate_from(&mut memory) {
            Ok((generated, _)) => Ok(generated
                .into_iter()
                .map(|file| (file.file_name, file.text))
                .collect()),
            Err(reports) => Err(reports.to_string()),
        }
    }

    #[test]
    fn it_is_found_by_its_name_in_whatever_folder_and_nothing_is_generated_of_it() {
        for include in ["fb303.thrift", "fb303/if/fb303.thrift", "../fb303.thrift"] {
            let text =
                format!("include '{include}'\nservice Scribe extends fb303.FacebookService {{}}");
            let generated = scribe(&[("scribe.thrift", &text)]).expect("it is good");
            let [(name, text)] = &generated[..] else {
                panic!("{generated:?}");
            };
            assert_eq!(name, "scribe.rs");
            assert!(
                text.contains("pub trait Scribe: fb303::FacebookService"),
                "{text}"
            );
        }
    }

    #[test]
    fn two_files_that_include_it_have_the_same() {
        let generated = scribe(&[
            (
                "scribe.thrift",
                "include 'fb303.thrift'\ninclude 'other.thrift'\nservice Scribe extends other.Other {}",
            ),
            (
                "other.thrift",
                "include 'x/fb303.thrift'\nservice Other extends fb303.FacebookService { fb303.fb_status ask() }",
            ),
        ]);
        let names: Vec<String> = generated
            .expect("it is good")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["scribe.rs", "other.rs"]);
    }

    #[test]
    fn a_file_of_ones_own_goes_before_it() {
        let text = "include 'fb303.thrift'\nservice Scribe extends fb303.Mine {}";
        for path in ["fb303.thrift", "lib/fb303.thrift"] {
            let files = [
                ("scribe.thrift", text),
                (path, "service Mine { void ask() }"),
            ];
            let generated = scribe(&files).expect("it is good");
            assert_eq!(generated.len(), 2, "{path}");
        }
        let told = scribe(&[("scribe.thrift", text)]).expect_err("there is no such service");
        assert!(told.contains("Mine"), "{told}");
    }

    #[test]
    fn no_other_name_is_built_in() {
        let told =
            scribe(&[("scribe.thrift", "include 'fb304.thrift'")]).expect_err("it is nowhere");
        assert!(
            told.contains("there is no file \"fb304.thrift\" to include"),
            "{told}"
        );
        assert!(!is_built_in(Path::new("fb303.thrift")));
    }
}
