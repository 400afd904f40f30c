//! The names that are given where no two may be the same. Two names of the interface may be one in Rust's case, and whoever got such a
//! file cannot rename anything: the first has the name, the second has it with an underscore behind it, and is told.

use std::collections::HashMap;

use super::names;
use crate::idl::model::File;
use crate::report::Report;

/// The names given so far, without `r#`, and to what of the interface each was given: to nothing if it is one of ours.
#[derive(Default)]
pub(super) struct Book(HashMap<String, Option<(String, u32)>>);

impl Book {
    /// A name of ours, which makes way.
    pub(super) fn make(&mut self, name: &str) -> String {
        let fresh = names::fresh(name, |name| self.has(name));
        self.0.insert(fresh.clone(), None);
        fresh
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn into_names(self) -> impl Iterator<Item = String> {
        self.0.into_keys()
    }
}

/// What something is called in the interface, and the name it should have in each of some books.
pub(super) struct Wish<'a, const N: usize> {
    pub(super) written: &'a str,
    /// In which it stands, or above.
    pub(super) line: u32,
    /// None where it needs no name.
    pub(super) names: [Option<String>; N],
}

/// Gives all of them their names, in the order of the interface.
///
/// First those that can have what they ask for, so that nobody's name depends on what two others are called; then the rest, each with
/// as many underscores as make it free in all of its books.
pub(super) fn give<const N: usize>(
    file: &File,
    mut books: [&mut Book; N],
    wishes: &[Wish<'_, N>],
    reports: &mut Vec<Report>,
) -> Vec<[Option<String>; N]> {
    let mut given: Vec<[Option<String>; N]> =
        wishes.iter().map(|wish| wish.names.clone()).collect();
    let mut late = Vec::new();
    for (wish, names) in wishes.iter().zip(&mut given) {
        match holder(&books, names) {
            None => enter(&mut books, names, wish),
            Some(_) => late.push((wish, names)),
        }
    }
    for (wish, names) in late {
        let first = holder(&books, names).map(|(name, held)| (name.to_owned(), held.clone()));
        while holder(&books, names).is_some() {
            for name in names.iter_mut().flatten() {
                // With something behind it, it is no word of Rust any more.
                *name = format!("{}_", bare(name));
            }
        }
        enter(&mut books, names, wish);
        if let Some((name, Some((other, line)))) = first {
            let place = file.place_of(line, &other);
            let mut called: Vec<String> = names
                .iter()
                .flatten()
                .map(|name| format!("`{name}`"))
                .collect();
            called.dedup();
            let message = format!(
                "`{}` is {} in Rust: `{other}` of {place} is `{name}`",
                wish.written,
                called.join(" and ")
            );
            let help = "give one of them another name, if that is up to you";
            reports.push(file.warning(wish.line, wish.written, &message, help));
        }
    }
    given
}

/// The first of the names that is somebody's, and whose it is.
fn holder<'a, const N: usize>(
    books: &'a [&mut Book; N],
    names: &'a [Option<String>; N],
) -> Option<(&'a str, &'a Option<(String, u32)>)> {
    books.iter().zip(names).find_map(|(book, name)| {
        let name = name.as_deref()?;
        Some((name, book.0.get(bare(name))?))
    })
}

fn enter<const N: usize>(
    books: &mut [&mut Book; N],
    names: &[Option<String>; N],
    wish: &Wish<'_, N>,
) {
    for (book, name) in books.iter_mut().zip(names) {
        if let Some(name) = name {
            let whose = (wish.written.to_owned(), wish.line);
            book.0.insert(bare(name).to_owned(), Some(whose));
        }
    }
}

/// A name is the same with `r#` and without.
fn bare(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}
