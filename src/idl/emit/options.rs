//! What can be chosen of the generated code.

/// How the interface's types are written in Rust.
#[derive(Clone, Debug)]
pub struct Style {
    /// What a `map` is; [`Containers::Ordered`] unless given.
    pub maps: Containers,
    /// What a `set` is; [`Containers::Ordered`] unless given.
    pub sets: Containers,
    /// What a `binary` is; [`Binaries::Owned`] unless given.
    pub binaries: Binaries,
    /// Strings are [`Text`](crate::thrift::Text) and binaries `Bytes`: slices of the frame they came in, which cost no allocation and
    /// keep it as long as they live. Not unless given.
    pub shared: bool,
    /// Put into the derives of all structs, unions, exceptions and enums, such as `serde::Serialize`. None unless given.
    pub derives: Vec<String>,
    /// Generates what calls a service, and not only what serves it. Yes unless given.
    pub clients: bool,
    /// Generates of each service `X` the trait `XNull` too, whoever implements which has `X`. Yes unless given.
    pub nulls: bool,
}

/// What keeps elements that differ, or keys.
///
/// What is itself a key or within one is ordered, whatever is chosen: a hash map has no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Containers {
    /// `BTreeMap`, `BTreeSet`
    Ordered,
    /// `HashMap`, `HashSet`
    Hashed,
}

/// What keeps bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binaries {
    /// `Vec<u8>`
    Owned,
    /// `Bytes`, whose clones share them
    Shared,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            maps: Containers::Ordered,
            sets: Containers::Ordered,
            binaries: Binaries::Owned,
            shared: false,
            derives: Vec::new(),
            clients: true,
            nulls: true,
        }
    }
}
