//! `struct LogEntry { 1: string category, 2: string message }`, as generated code would read and write it.

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value, Write};

/// With strings of its own, or with texts that are slices of the frame.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct LogEntry<S> {
    pub(crate) category: S,
    pub(crate) message: S,
}

impl<S: Value + Default> Value for LogEntry<S> {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self::default();
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.category = Value::read(input).at("LogEntry", "category")?;
                }
                (2, Kind::String) => {
                    this.message = Value::read(input).at("LogEntry", "message")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.category.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.message.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
