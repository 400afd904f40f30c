// Generated from names_of_case.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;
use std::sync::LazyLock;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, ProtocolErrorKind, Read, Served, Value,
    Write,
};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AB {
    pub user_id: i32,
    pub user_id_: Option<String>,
    pub user_id__: bool,
    pub r#type: i32,
    pub type_: i32,
}

impl Default for AB {
    fn default() -> Self {
        Self {
            user_id: 1,
            user_id_: None,
            user_id__: false,
            r#type: 0,
            type_: 0,
        }
    }
}

impl Value for AB {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut user_id = 1;
        let mut user_id_ = None;
        let mut user_id__ = None;
        let mut r#type = 0;
        let mut type_ = 0;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => user_id = Value::read(input).at("a_b", "userID")?,
                (2, Kind::String) => {
                    user_id_ = Some(Value::read(input).at("a_b", "userId")?);
                }
                (3, Kind::Bool) => {
                    user_id__ = Some(Value::read(input).at("a_b", "user_id")?);
                }
                (4, Kind::I32) => r#type = Value::read(input).at("a_b", "type")?,
                (5, Kind::I32) => type_ = Value::read(input).at("a_b", "Type")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            user_id,
            user_id_,
            user_id__: user_id__
                .ok_or_else(|| ProtocolError::missing("a_b", "user_id"))?,
            r#type,
            type_,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.user_id.write(output)?;
        if let Some(value) = &self.user_id_ {
            output.field(&mut fields, 2, Kind::String);
            value.write(output)?;
        }
        output.field(&mut fields, 3, Kind::Bool);
        self.user_id__.write(output)?;
        output.field(&mut fields, 4, Kind::I32);
        self.r#type.write(output)?;
        output.field(&mut fields, 5, Kind::I32);
        self.type_.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AB_ {
    pub a: AB,
    pub a_: AB__,
}

impl Value for AB_ {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            a: AB::default(),
            a_: AB__::default(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => this.a = Value::read(input).at("AB", "a")?,
                (2, Kind::Struct) => this.a_ = Value::read(input).at("AB", "A")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Struct);
        self.a.write(output)?;
        output.field(&mut fields, 2, Kind::Struct);
        self.a_.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AB__ {
    pub a: i32,
}

impl Value for AB__ {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { a: 0 };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.a = Value::read(input).at("AB_", "a")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.a.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour(pub i32);

impl Colour {
    pub const RED: Self = Self(0);
    pub const RED__: Self = Self(1);
    pub const RED_: Self = Self(2);
    pub const RED___: Self = Self(7);

    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[
        Self::RED,
        Self::RED__,
        Self::RED_,
        Self::RED___,
    ];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::RED => Some("Red"),
            Self::RED__ => Some("RED"),
            Self::RED_ => Some("RED_"),
            Self::RED___ => Some("red"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Colour {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Colour {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

pub const FOO: i32 = 4;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FOO_(pub i32);

impl FOO_ {
    pub const A: Self = Self(1);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::A];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::A => Some("A"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for FOO_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for FOO_ {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for FOO_ {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BAR(pub i32);

impl BAR {
    pub const A: Self = Self(0);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::A];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::A => Some("A"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for BAR {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for BAR {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for BAR {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

pub const BAR_: &str = "bar";
pub const FOO__: FOO_ = FOO_::A;
pub const SECOND: Colour = Colour::RED__;

pub static MADE: LazyLock<AB> = LazyLock::new(|| AB {
    user_id: 3,
    user_id_: Some(String::from("x")),
    user_id__: true,
    r#type: 0,
    type_: 9,
});

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Either {
    One(i32),
    One_(String),
    ONE(Box<Self>),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for Either {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union Either",
                    ),
                );
            }
            member = Some(
                match (field.id, field.kind) {
                    (1, Kind::I32) => Self::One(Value::read(input).at("Either", "one")?),
                    (2, Kind::String) => {
                        Self::One_(Value::read(input).at("Either", "One")?)
                    }
                    (3, Kind::Struct) => {
                        Self::ONE(Value::read(input).at("Either", "ONE")?)
                    }
                    (id, kind) => {
                        input.skip(kind)?;
                        Self::Unknown { id }
                    }
                },
            );
        }
        input.end_struct(fields);
        member
            .ok_or_else(|| ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                "no member of union Either",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::One(value) => {
                output.field(&mut fields, 1, Kind::I32);
                value.write(output)?;
            }
            Self::One_(value) => {
                output.field(&mut fields, 2, Kind::String);
                value.write(output)?;
            }
            Self::ONE(value) => {
                output.field(&mut fields, 3, Kind::Struct);
                value.write(output)?;
            }
            Self::Unknown { id } => {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union Either is unknown here and cannot be written"
                        ),
                    ),
                );
            }
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nobody {
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for Nobody {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union Nobody",
                    ),
                );
            }
            member = Some({
                input.skip(field.kind)?;
                Self::Unknown { id: field.id }
            });
        }
        input.end_struct(fields);
        member
            .ok_or_else(|| ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                "no member of union Nobody",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let _ = output;
        let Self::Unknown { id } = self;
        Err(
            ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                format!(
                    "member {id} of union Nobody is unknown here and cannot be written"
                ),
            ),
        )
    }
}

pub static OTHER: LazyLock<Either> = LazyLock::new(|| Either::One_(
    String::from("text"),
));

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gone {
    pub message: String,
    pub message_: String,
}

impl Value for Gone {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            message: String::new(),
            message_: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.message = Value::read(input).at("Gone", "message")?;
                }
                (2, Kind::String) => {
                    this.message_ = Value::read(input).at("Gone", "Message")?;
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
        self.message.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.message_.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Gone {}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Late {
    pub message: Option<String>,
    pub message_: Option<String>,
}

impl Value for Late {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            message: None,
            message_: None,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.message = Some(Value::read(input).at("Late", "Message")?);
                }
                (2, Kind::String) => {
                    this.message_ = Some(Value::read(input).at("Late", "message")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.message {
            output.field(&mut fields, 1, Kind::String);
            value.write(output)?;
        }
        if let Some(value) = &self.message_ {
            output.field(&mut fields, 2, Kind::String);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message_ {
            Some(message) => f.write_str(message),
            None => write!(f, "{self:?}"),
        }
    }
}

impl std::error::Error for Late {}

/// What serves `shop`: the application's state.
pub trait Shop: Sized + 'static {
    fn get_x(cx: &mut Context<'_, Self>, user_id: i32, user_id_: AB_) -> Answer<i32>;

    fn get_x_(
        cx__: &mut Context<'_, Self>,
        cx: i32,
        cx_: i32,
    ) -> Answer<i32, GetXException>;

    fn get_x__(cx: &mut Context<'_, Self>) -> Answer<()>;
}

/// [`Shop`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ShopNull: Sized + 'static {
    fn get_x(cx: &mut Context<'_, Self>, user_id: i32, user_id_: AB_) -> Answer<i32> {
        let _ = (cx, user_id, user_id_);
        Answer::Value(0)
    }

    fn get_x_(
        cx__: &mut Context<'_, Self>,
        cx: i32,
        cx_: i32,
    ) -> Answer<i32, GetXException> {
        let _ = (cx__, cx, cx_);
        Answer::Value(0)
    }

    fn get_x__(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }
}

impl<S: ShopNull> Shop for S {
    fn get_x(cx: &mut Context<'_, Self>, user_id: i32, user_id_: AB_) -> Answer<i32> {
        <Self as ShopNull>::get_x(cx, user_id, user_id_)
    }

    fn get_x_(
        cx__: &mut Context<'_, Self>,
        cx: i32,
        cx_: i32,
    ) -> Answer<i32, GetXException> {
        <Self as ShopNull>::get_x_(cx__, cx, cx_)
    }

    fn get_x__(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as ShopNull>::get_x__(cx)
    }
}

/// Finds the methods of `shop` by their names.
pub struct ShopProcessor<S>(PhantomData<fn(S)>);

impl<S: Shop> Process<S> for ShopProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use shop_methods as methods;
        match call.name() {
            b"getX" => {
                call.serve::<methods::GetX>(|cx, arguments| {
                    let methods::GetXArguments { user_id, user_id_ } = arguments;
                    S::get_x(cx, user_id, user_id_)
                })
            }
            b"get_x" => {
                call.serve::<methods::GetX_>(|cx__, arguments| {
                    let methods::GetXArguments_ { cx, cx_ } = arguments;
                    S::get_x_(cx__, cx, cx_)
                })
            }
            b"GetX" => call.serve::<methods::GetX__>(|cx, _| S::get_x__(cx)),
            _ => call.unknown(),
        }
    }
}

/// Serves `shop` to the links of a listener.
pub fn shop_processor<S: Shop>() -> Processor<S> {
    Processor::of::<ShopProcessor<S>>()
}

/// Calls `shop` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct ShopClient {
    caller: Caller,
}

impl ShopClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn get_x<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        user_id: i32,
        user_id_: AB_,
    ) -> Deferred<i32> {
        let arguments = shop_methods::GetXArguments {
            user_id,
            user_id_,
        };
        self.caller.call::<shop_methods::GetX, S>(cx, arguments)
    }

    pub fn get_x_<S: 'static>(
        &self,
        cx__: &mut Context<'_, S>,
        cx: i32,
        cx_: i32,
    ) -> Deferred<Result<i32, GetXException>> {
        let arguments = shop_methods::GetXArguments_ {
            cx,
            cx_,
        };
        self.caller.call_catching::<shop_methods::GetX_, S>(cx__, arguments)
    }

    pub fn get_x__<S: 'static>(&self, cx: &mut Context<'_, S>) -> oneloop::Result<()> {
        let arguments = shop_methods::GetXArguments__ {};
        self.caller.send::<shop_methods::GetX__, S>(cx, arguments)
    }
}

/// Calls `shop` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ShopBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> ShopBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    pub fn get_x(
        &mut self,
        user_id: i32,
        user_id_: AB_,
    ) -> Result<i32, CallError<NoException>> {
        let arguments = shop_methods::GetXArguments {
            user_id,
            user_id_,
        };
        self.caller.call::<shop_methods::GetX>(arguments)
    }

    pub fn get_x_(
        &mut self,
        cx: i32,
        cx_: i32,
    ) -> Result<i32, CallError<GetXException>> {
        let arguments = shop_methods::GetXArguments_ {
            cx,
            cx_,
        };
        self.caller.call::<shop_methods::GetX_>(arguments)
    }

    pub fn get_x__(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = shop_methods::GetXArguments__ {};
        self.caller.send::<shop_methods::GetX__>(arguments)
    }
}

/// The methods of `shop`: their arguments, results and exceptions.
pub mod shop_methods {
    use std::fmt;

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `shop.getX`
    #[derive(Clone, Copy, Debug)]
    pub struct GetX;

    impl Method for GetX {
        const NAME: &'static str = "getX";
        const FULL_NAME: &'static str = "shop.getX";
        const ONEWAY: bool = false;
        type Arguments = GetXArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = GetXResult;

        fn outcome(result: GetXResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetX`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetXArguments {
        pub user_id: i32,
        pub user_id_: super::AB_,
    }

    impl Value for GetXArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                user_id: 0,
                user_id_: super::AB_::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.user_id = Value::read(input).at("shop.getX", "userID")?;
                    }
                    (2, Kind::Struct) => {
                        this.user_id_ = Value::read(input).at("shop.getX", "userId")?;
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
            self.user_id.write(output)?;
            output.field(&mut fields, 2, Kind::Struct);
            self.user_id_.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetX`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetXResult {
        pub success: Option<i32>,
    }

    impl Value for GetXResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("shop.getX", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, NoException>> for GetXResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `shop.get_x`
    #[derive(Clone, Copy, Debug)]
    pub struct GetX_;

    impl Method for GetX_ {
        const NAME: &'static str = "get_x";
        const FULL_NAME: &'static str = "shop.get_x";
        const ONEWAY: bool = false;
        type Arguments = GetXArguments_;
        type Output = i32;
        type Exception = GetXException;
        type Result = GetXResult_;

        fn outcome(result: GetXResult_) -> Option<Result<i32, GetXException>> {
            if let Some(exception) = result.user_id {
                return Some(Err(GetXException::UserID(exception)));
            }
            if let Some(exception) = result.user_id_ {
                return Some(Err(GetXException::UserId_(exception)));
            }
            if let Some(exception) = result.success_ {
                return Some(Err(GetXException::Success(exception)));
            }
            if let Some(exception) = result.success__ {
                return Some(Err(GetXException::Success_(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetX_`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetXArguments_ {
        pub cx: i32,
        pub cx_: i32,
    }

    impl Value for GetXArguments_ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { cx: 0, cx_: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.cx = Value::read(input).at("shop.get_x", "cx")?;
                    }
                    (2, Kind::I32) => {
                        this.cx_ = Value::read(input).at("shop.get_x", "Cx")?;
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
            self.cx.write(output)?;
            output.field(&mut fields, 2, Kind::I32);
            self.cx_.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetX_`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetXResult_ {
        pub success: Option<i32>,
        pub user_id: Option<super::Gone>,
        pub user_id_: Option<super::Late>,
        pub success_: Option<super::Gone>,
        pub success__: Option<super::Gone>,
    }

    impl Value for GetXResult_ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                user_id: None,
                user_id_: None,
                success_: None,
                success__: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("shop.get_x", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.user_id = Some(
                            Value::read(input).at("shop.get_x", "userID")?,
                        );
                    }
                    (2, Kind::Struct) => {
                        this.user_id_ = Some(
                            Value::read(input).at("shop.get_x", "userId")?,
                        );
                    }
                    (3, Kind::Struct) => {
                        this.success_ = Some(
                            Value::read(input).at("shop.get_x", "success")?,
                        );
                    }
                    (4, Kind::Struct) => {
                        this.success__ = Some(
                            Value::read(input).at("shop.get_x", "Success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::I32);
                value.write(output)?;
            }
            if let Some(value) = &self.user_id {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.user_id_ {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.success_ {
                output.field(&mut fields, 3, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.success__ {
                output.field(&mut fields, 4, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, GetXException>> for GetXResult_ {
        fn from(outcome: Result<i32, GetXException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(GetXException::UserID(exception)) => {
                    Self {
                        user_id: Some(exception),
                        ..Self::default()
                    }
                }
                Err(GetXException::UserId_(exception)) => {
                    Self {
                        user_id_: Some(exception),
                        ..Self::default()
                    }
                }
                Err(GetXException::Success(exception)) => {
                    Self {
                        success_: Some(exception),
                        ..Self::default()
                    }
                }
                Err(GetXException::Success_(exception)) => {
                    Self {
                        success__: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`GetX_`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum GetXException {
        UserID(super::Gone),
        UserId_(super::Late),
        Success(super::Gone),
        Success_(super::Gone),
    }

    impl fmt::Display for GetXException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::UserID(exception) => fmt::Display::fmt(exception, f),
                Self::UserId_(exception) => fmt::Display::fmt(exception, f),
                Self::Success(exception) => fmt::Display::fmt(exception, f),
                Self::Success_(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for GetXException {}

    impl From<super::Late> for GetXException {
        fn from(exception: super::Late) -> Self {
            Self::UserId_(exception)
        }
    }

    /// `shop.GetX`
    #[derive(Clone, Copy, Debug)]
    pub struct GetX__;

    impl Method for GetX__ {
        const NAME: &'static str = "GetX";
        const FULL_NAME: &'static str = "shop.GetX";
        const ONEWAY: bool = true;
        type Arguments = GetXArguments__;
        type Output = ();
        type Exception = NoException;
        type Result = GetXResult__;

        fn outcome(_: GetXResult__) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`GetX__`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetXArguments__ {}

    impl Value for GetXArguments__ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetX__`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetXResult__ {}

    impl Value for GetXResult__ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for GetXResult__ {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

pub use shop_methods::GetXException;

/// What serves `Shop`: the application's state.
pub trait Shop_: Shop {
    fn get_x2(cx: &mut Context<'_, Self>) -> Answer<AB_>;

    fn get_x2_(cx: &mut Context<'_, Self>) -> Answer<Either>;
}

/// [`Shop_`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ShopNull_: Shop {
    fn get_x2(cx: &mut Context<'_, Self>) -> Answer<AB_> {
        let _ = cx;
        Answer::Value(AB_::default())
    }

    fn get_x2_(cx: &mut Context<'_, Self>) -> Answer<Either> {
        let _ = cx;
        Answer::failed("GetX2 is not overridden")
    }
}

impl<S: ShopNull_> Shop_ for S {
    fn get_x2(cx: &mut Context<'_, Self>) -> Answer<AB_> {
        <Self as ShopNull_>::get_x2(cx)
    }

    fn get_x2_(cx: &mut Context<'_, Self>) -> Answer<Either> {
        <Self as ShopNull_>::get_x2_(cx)
    }
}

/// Finds the methods of `Shop` by their names.
pub struct ShopProcessor_<S>(PhantomData<fn(S)>);

impl<S: Shop_> Process<S> for ShopProcessor_<S> {
    const SHARES: bool = <ShopProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use shop_methods_ as methods;
        match call.name() {
            b"getX2" => call.serve::<methods::GetX2>(|cx, _| S::get_x2(cx)),
            b"GetX2" => call.serve::<methods::GetX2_>(|cx, _| S::get_x2_(cx)),
            _ => ShopProcessor::<S>::process(call),
        }
    }
}

/// Serves `Shop` to the links of a listener.
pub fn shop_processor_<S: Shop_>() -> Processor<S> {
    Processor::of::<ShopProcessor_<S>>()
}

/// Calls `Shop` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct ShopClient_ {
    caller: Caller,
    parent: ShopClient,
}

impl ShopClient_ {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: ShopClient::new(caller),
        }
    }

    pub fn get_x2<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<AB_> {
        let arguments = shop_methods_::GetX2Arguments {};
        self.caller.call::<shop_methods_::GetX2, S>(cx, arguments)
    }

    pub fn get_x2_<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<Either> {
        let arguments = shop_methods_::GetX2Arguments_ {};
        self.caller.call::<shop_methods_::GetX2_, S>(cx, arguments)
    }
}

impl std::ops::Deref for ShopClient_ {
    type Target = ShopClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Shop` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ShopBlocking_<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: ShopBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> ShopBlocking_<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: ShopBlocking::new(caller),
        }
    }

    pub fn get_x2(&mut self) -> Result<AB_, CallError<NoException>> {
        let arguments = shop_methods_::GetX2Arguments {};
        self.parent.caller.call::<shop_methods_::GetX2>(arguments)
    }

    pub fn get_x2_(&mut self) -> Result<Either, CallError<NoException>> {
        let arguments = shop_methods_::GetX2Arguments_ {};
        self.parent.caller.call::<shop_methods_::GetX2_>(arguments)
    }
}

impl<T> std::ops::Deref for ShopBlocking_<T> {
    type Target = ShopBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for ShopBlocking_<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Shop`: their arguments, results and exceptions.
pub mod shop_methods_ {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Shop.getX2`
    #[derive(Clone, Copy, Debug)]
    pub struct GetX2;

    impl Method for GetX2 {
        const NAME: &'static str = "getX2";
        const FULL_NAME: &'static str = "Shop.getX2";
        const ONEWAY: bool = false;
        type Arguments = GetX2Arguments;
        type Output = super::AB_;
        type Exception = NoException;
        type Result = GetX2Result;

        fn outcome(result: GetX2Result) -> Option<Result<super::AB_, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetX2`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetX2Arguments {}

    impl Value for GetX2Arguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetX2`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetX2Result {
        pub success: Option<super::AB_>,
    }

    impl Value for GetX2Result {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Shop.getX2", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::AB_, NoException>> for GetX2Result {
        fn from(outcome: Result<super::AB_, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Shop.GetX2`
    #[derive(Clone, Copy, Debug)]
    pub struct GetX2_;

    impl Method for GetX2_ {
        const NAME: &'static str = "GetX2";
        const FULL_NAME: &'static str = "Shop.GetX2";
        const ONEWAY: bool = false;
        type Arguments = GetX2Arguments_;
        type Output = super::Either;
        type Exception = NoException;
        type Result = GetX2Result_;

        fn outcome(result: GetX2Result_) -> Option<Result<super::Either, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetX2_`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetX2Arguments_ {}

    impl Value for GetX2Arguments_ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetX2_`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetX2Result_ {
        pub success: Option<super::Either>,
    }

    impl Value for GetX2Result_ {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Shop.GetX2", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Either, NoException>> for GetX2Result_ {
        fn from(outcome: Result<super::Either, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}
