//! Who writes which files, so that no two stores write into one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::scribe::files::naming::Names;
use crate::scribe::store::Fault;

/// What is claimed by the stores of a collector. A copy is the same.
#[derive(Clone, Debug, Default)]
pub struct Claims(Rc<RefCell<BTreeMap<PathBuf, BTreeSet<String>>>>);

/// The right to write files of some name in some folder, until it is dropped.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    folder: PathBuf,
    stem: String,
}

impl Claims {
    /// Claims a store's files.
    ///
    /// # Errors
    /// Another one has them.
    pub fn claim(&self, names: &Names) -> Result<Claim, Fault> {
        let (folder, stem) = (plain(names.folder()), names.stem().to_owned());
        let mut claimed = self.0.borrow_mut();
        if !claimed
            .entry(folder.clone())
            .or_default()
            .insert(stem.clone())
        {
            let place = names.folder().join(&stem);
            return Err(Fault::broken(format!(
                "two stores would write to {}_NNNNN: give one of them another folder or another name of files",
                place.display()
            )));
        }
        Ok(Claim {
            claims: self.clone(),
            folder,
            stem,
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = self.claims.0.borrow_mut();
        let Some(stems) = claimed.get_mut(&self.folder) else {
            return;
        };
        stems.remove(&self.stem);
        if stems.is_empty() {
            claimed.remove(&self.folder);
        }
    }
}

/// The same folder without what leads nowhere. Links are not followed: who has two names for one folder has two folders.
fn plain(folder: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in folder.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            _ => plain.push(component),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::scribe::config::settings::{FileStore, Period, Rotation};
    use crate::scribe::config::word::FileWord;

    use super::*;

    fn names(folder: &str, base: &str, period: Period) -> Names {
        let store = FileStore {
            folder: Some(folder.into()),
            rotation: Rotation {
                period,
                ..Rotation::default()
            },
            ..FileStore::default()
        };
        let word = |text| FileWord::of(text).expect("a word");
        Names::of(&store, &word(base), Path::new("/dir"), &word("host"))
    }

    #[test]
    fn files_are_one_stores_until_it_lets_go() {
        let claims = Claims::default();
        let first = claims.claim(&names("a", "web", Period::Never));
        let first = first.expect("nobody has it");
        let every = Period::Every(Duration::from_secs(1));
        for (folder, base, period, is_free) in [
            ("a", "web", Period::Never, false),
            ("a", "web", every, false),
            ("./a", "web", Period::Never, false),
            ("b/../a", "web", Period::Never, false),
            ("/dir//a/", "web", Period::Never, false),
            ("a", "web-2026-11-22", Period::Never, false),
            ("a", "web-2026-11-22", Period::Daily, true),
            ("a", "web2", Period::Never, true),
            ("b", "web", Period::Never, true),
            ("/a", "web", Period::Never, true),
            ("../dir/a", "web", Period::Never, false),
        ] {
            let claimed = claims.claim(&names(folder, base, period));
            assert_eq!(claimed.is_ok(), is_free, "{folder} {base}");
            if let Err(fault) = claimed {
                assert!(fault.text.contains("web_NNNNN"), "{fault}");
            }
        }
        drop(first);
        assert!(claims.0.borrow().is_empty());
        let again = claims.claim(&names("a", "web", Period::Never));
        assert!(again.is_ok());
    }
}
