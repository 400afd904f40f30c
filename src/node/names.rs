//! What nodes ask each other about clients, as it is called on the wire.

/// The service; and with the colon behind it, as it stands before its functions' names.
pub(super) const SERVICE: &str = "oneloop.clients";
pub(super) const PREFIX: &str = "oneloop.clients:";

/// A client's command is to be answered.
pub(super) const FORWARD: &str = "forward";

/// Clients are to be pushed to.
pub(super) const PUSH: &str = "push";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_the_name_and_a_colon() {
        assert_eq!(PREFIX, format!("{SERVICE}:"));
    }
}
