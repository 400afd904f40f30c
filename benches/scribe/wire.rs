//! How a batch of lines goes to a server, and how its acknowledgement comes back.

/// What is asked of a server.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Connections, each with one batch on its way at all times.
    pub(crate) clients: usize,
    /// Messages in a batch.
    pub(crate) batch: usize,
    /// Bytes of each, its end of line included.
    pub(crate) message_bytes: usize,
}

impl Load {
    /// A batch's messages: no two are alike.
    pub(crate) fn messages(self, client: usize, batch: u64) -> impl Iterator<Item = Vec<u8>> {
        (0..self.batch).map(move |index| {
            let mut message = format!("{client} {batch} {index} ").into_bytes();
            message.resize(self.message_bytes.saturating_sub(1), b'x');
            message.push(b'\n');
            message
        })
    }
}

/// A protocol's client side.
pub(crate) trait Wire {
    /// What is sent first, and answered once.
    fn hello(&self) -> Vec<u8>;

    /// A batch, to be sent.
    fn batch(&self, load: Load, client: usize, batch: u64, output: &mut Vec<u8>);

    /// How many answers make a batch acknowledged.
    fn answers(&self, load: Load) -> usize;

    /// How many bytes the first answer in these has, if it is whole.
    ///
    /// # Panics
    /// It is no answer, or it is a no.
    fn answer(&self, input: &[u8]) -> Option<usize>;
}
