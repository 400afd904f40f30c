//! A client, wherever in the cluster it is.

use std::fmt;

use crate::context::LinkId;
use crate::thrift::{Kind, ProtocolError, ProtocolErrorKind, Read, Value, Write};

/// Names the link of one client of one node, and no other in the cluster, after it is gone either.
///
/// Whoever serves a [forwarded](super::forward_to_child) command has it, may keep it, and [pushes](crate::Context::push_across) to it.
/// The node is named by a number that is made of its name, instance and epoch: each of its lives has another, as long as epochs grow.
///
/// # On the wire
/// A `binary` of 16 bytes: the node, then the link, each with its highest byte first. It is a [`Value`], so that functions and methods of
/// one's own take it.
///
/// ```
/// use oneloop::LinkId;
/// use oneloop::node::ClientId;
///
/// let id = ClientId { node: 0x0102, link: LinkId::from_u64(7) };
/// assert_eq!(id.to_bytes(), *b"\0\0\0\0\0\0\x01\x02\0\0\0\0\0\0\0\x07");
/// assert_eq!(ClientId::from_bytes(id.to_bytes()), id);
/// assert_eq!(id.to_string(), "0000000000000102/7.0");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId {
    /// Which life of which node has the link.
    pub node: u64,
    /// The link there. It means nothing on another node.
    pub link: LinkId,
}

impl ClientId {
    /// As bytes: those of the wire.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        let both = u128::from(self.node) << 64 | u128::from(self.link.as_u64());
        both.to_be_bytes()
    }

    /// Back from [`to_bytes`](Self::to_bytes).
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        let both = u128::from_be_bytes(bytes);
        Self {
            node: (both >> 64) as u64,
            link: LinkId::from_u64(both as u64),
        }
    }
}

impl Value for ClientId {
    const KIND: Kind = Kind::String;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let bytes = input.binary()?;
        match bytes.try_into() {
            Ok(bytes) => Ok(Self::from_bytes(bytes)),
            Err(_) => Err(ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                format!("a client's id of {} bytes instead of 16", bytes.len()),
            )),
        }
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.binary(&self.to_bytes())
    }
}

/// The node's number in hexadecimal, and the link.
impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}/{}", self.node, self.link)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::thrift::{Binary, Protocol, WireLimits};

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_same_behind_the_wire(node: u64, link: u64) {
            let id = ClientId { node, link: LinkId::from_u64(link) };
            let mut wire = 16_u32.to_be_bytes().to_vec();
            wire.extend(node.to_be_bytes());
            wire.extend(link.to_be_bytes());
            let mut input = Binary::reader(&wire, WireLimits::default());
            prop_assert_eq!(ClientId::read(&mut input).expect("an id"), id);
            prop_assert_eq!(&id.to_bytes()[..], &wire[4..]);
        }

        #[test]
        fn bytes_of_another_number_are_none(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut wire = (bytes.len() as u32).to_be_bytes().to_vec();
            wire.extend(&bytes);
            let mut input = Binary::reader(&wire, WireLimits::default());
            prop_assert_eq!(ClientId::read(&mut input).is_ok(), bytes.len() == 16);
        }
    }
}
