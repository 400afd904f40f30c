//! Functions by name: what `app` in a file may say.

use std::collections::BTreeMap;

use crate::error::Misuse;
use crate::report::nearest;

/// What the nodes of a cluster can be, by name. A file names one for each node; the program registers them.
///
/// ```
/// use oneloop::config::Apps;
///
/// let mut apps: Apps<fn(&str) -> String> = Apps::new();
/// apps.register("gate", |name| format!("{name} is a gate"))?;
/// assert!(apps.register("gate", |_| String::new()).is_err());
/// assert_eq!(apps.names(), ["gate"]);
/// let gate = apps.find("gate")?;
/// assert_eq!(gate("gate-1"), "gate-1 is a gate");
/// assert_eq!(
///     apps.find("gaet").unwrap_err().to_string(),
///     "there is no app `gaet`; did you mean `gate`? registered are: gate"
/// );
/// # Ok::<(), oneloop::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Apps<T> {
    apps: BTreeMap<String, T>,
}

impl<T> Apps<T> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            apps: BTreeMap::new(),
        }
    }

    /// Adds one.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`] if there is one of that name, which stays; [`Misuse::Option`] if the name is empty.
    pub fn register(&mut self, name: impl Into<String>, app: T) -> Result<(), Misuse> {
        let name = name.into();
        if name.is_empty() {
            return Err(Misuse::Option("an app needs a name".into()));
        }
        if self.apps.contains_key(&name) {
            return Err(Misuse::Duplicate(format!(
                "there is an app `{name}` already"
            )));
        }
        self.apps.insert(name, app);
        Ok(())
    }

    /// The names, in the order of the alphabet: what [`Config::parse`](super::Config::parse) wants.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.apps.keys().map(String::as_str).collect()
    }

    /// The one with this name.
    ///
    /// # Errors
    /// [`Misuse::Option`] if there is none, with the names that there are.
    pub fn find(&self, name: &str) -> Result<&T, Misuse> {
        self.apps.get(name).ok_or_else(|| self.unknown(name))
    }

    /// Takes the one with this name out.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn take(&mut self, name: &str) -> Result<T, Misuse> {
        match self.apps.remove(name) {
            Some(app) => Ok(app),
            None => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> Misuse {
        let names = self.names();
        let advice = advice(name, &names, "registered are");
        Misuse::Option(format!("there is no app `{name}`; {advice}"))
    }
}

impl<T> Default for Apps<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// What there is, told to somebody who wrote a name that there is not.
pub(super) fn advice(name: &str, names: &[&str], lead: &str) -> String {
    let guess = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? "),
        None => String::new(),
    };
    let listed = names
        .get(..NAMES_SHOWN_MAX.min(names.len()))
        .unwrap_or_default()
        .join(", ");
    match names.len() {
        0 => format!("{lead}: none"),
        count if count > NAMES_SHOWN_MAX => {
            format!(
                "{guess}{lead}: {listed} and {} more",
                count - NAMES_SHOWN_MAX
            )
        }
        _ => format!("{guess}{lead}: {listed}"),
    }
}

const NAMES_SHOWN_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_once_and_told_when_one_is_missing() {
        let mut apps = Apps::default();
        assert_eq!(
            apps.find("a").unwrap_err().to_string(),
            "there is no app `a`; registered are: none"
        );
        apps.register("net", 1).expect("new");
        apps.register("gate", 2).expect("new");
        assert!(matches!(apps.register("net", 3), Err(Misuse::Duplicate(_))));
        assert!(matches!(apps.register("", 3), Err(Misuse::Option(_))));
        assert_eq!(apps.find("net"), Ok(&1), "the first stays");
        assert_eq!(apps.names(), ["gate", "net"]);
        assert_eq!(apps.take("net"), Ok(1));
        assert_eq!(
            apps.take("net").unwrap_err().to_string(),
            "there is no app `net`; registered are: gate"
        );
    }

    #[test]
    fn a_long_list_of_names_is_cut() {
        let names: Vec<String> = (0..=NAMES_SHOWN_MAX).map(|n| format!("a{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(advice("zzz", &names[1..], "known").ends_with("a11, a12"));
        assert!(advice("zzz", &names, "known").ends_with("a11 and 1 more"));
    }
}
