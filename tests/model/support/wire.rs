//! Frames as they are on the wire, written here by hand: what the codecs write is checked against it.

/// The frame formats of the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    DataPack,
    Framed,
    Lines,
}

impl Format {
    pub(crate) const ALL: [Self; 3] = [Self::DataPack, Self::Framed, Self::Lines];

    /// Bytes of a frame besides its body.
    pub(crate) const fn overhead(self) -> usize {
        match self {
            Self::DataPack => 17,
            Self::Framed => 4,
            Self::Lines => 1,
        }
    }

    /// A frame; only DataPack has room for the command.
    pub(crate) fn frame(self, command: u32, body: &[u8]) -> Vec<u8> {
        let length = |more: usize| u32::try_from(body.len() + more).expect("a short body");
        let mut frame = Vec::with_capacity(self.overhead() + body.len());
        match self {
            Self::DataPack => {
                frame.extend([0; 9]);
                frame.extend(length(4).to_be_bytes());
                frame.extend(command.to_be_bytes());
                frame.extend(body);
            }
            Self::Framed => {
                frame.extend(length(0).to_be_bytes());
                frame.extend(body);
            }
            Self::Lines => {
                frame.extend(body);
                frame.push(b'\n');
            }
        }
        frame
    }
}
