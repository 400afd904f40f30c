// Generated from names_of_words.thrift by oneloop-idl. Changes will be lost.

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value, Write};

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct A {
    pub r#struct: i32,
    pub list: i32,
    pub required: i32,
    pub string: String,
    pub namespace: i32,
    pub oneway: i32,
    pub uuid: i32,
    pub r#async: i32,
    pub optional: bool,
}

impl Value for A {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            r#struct: 0,
            list: 0,
            required: 0,
            string: String::new(),
            namespace: 0,
            oneway: 0,
            uuid: 0,
            r#async: 0,
            optional: false,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.r#struct = Value::read(input).at("A", "struct")?,
                (2, Kind::I32) => this.list = Value::read(input).at("A", "list")?,
                (3, Kind::I32) => this.required = Value::read(input).at("A", "required")?,
                (4, Kind::String) => this.string = Value::read(input).at("A", "string")?,
                (5, Kind::I32) => {
                    this.namespace = Value::read(input).at("A", "namespace")?;
                }
                (6, Kind::I32) => this.oneway = Value::read(input).at("A", "oneway")?,
                (7, Kind::I32) => this.uuid = Value::read(input).at("A", "uuid")?,
                (8, Kind::I32) => this.r#async = Value::read(input).at("A", "async")?,
                (9, Kind::Bool) => {
                    this.optional = Value::read(input).at("A", "optional")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.r#struct.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.list.write(output)?;
        output.field(&mut fields, 3, Kind::I32);
        self.required.write(output)?;
        output.field(&mut fields, 4, Kind::String);
        self.string.write(output)?;
        output.field(&mut fields, 5, Kind::I32);
        self.namespace.write(output)?;
        output.field(&mut fields, 6, Kind::I32);
        self.oneway.write(output)?;
        output.field(&mut fields, 7, Kind::I32);
        self.uuid.write(output)?;
        output.field(&mut fields, 8, Kind::I32);
        self.r#async.write(output)?;
        output.field(&mut fields, 9, Kind::Bool);
        self.optional.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
