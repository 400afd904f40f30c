// Generated from everything.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, ProtocolErrorKind, Read, Served, Value,
    Write,
};

pub type Stamp = i64;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mood(pub i32);

impl Mood {
    pub const GOOD: Self = Self(1);
    pub const BAD: Self = Self(2);
    pub const BLUE: Self = Self(-5);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::GOOD, Self::BAD, Self::BLUE];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::GOOD => Some("GOOD"),
            Self::BAD => Some("BAD"),
            Self::BLUE => Some("BLUE"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Mood {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Mood {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub x: i32,
    pub y: i32,
    pub label: Option<String>,
}

impl Value for Point {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { x: 0, y: 0, label: None };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.x = Value::read(input).at("Point", "x")?,
                (2, Kind::I32) => this.y = Value::read(input).at("Point", "y")?,
                (3, Kind::String) => {
                    this.label = Some(Value::read(input).at("Point", "label")?);
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
        self.x.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.y.write(output)?;
        if let Some(value) = &self.label {
            output.field(&mut fields, 3, Kind::String);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

pub type Atlas = BTreeMap<String, Vec<Point>>;

/// It contains itself, twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tree {
    pub value: i32,
    pub branches: Vec<Self>,
    pub above: Option<Box<Self>>,
}

impl Value for Tree {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            value: 0,
            branches: Vec::new(),
            above: None,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.value = Value::read(input).at("Tree", "value")?,
                (2, Kind::List) => {
                    this.branches = Value::read(input).at("Tree", "branches")?;
                }
                (3, Kind::Struct) => {
                    this.above = Some(Value::read(input).at("Tree", "above")?);
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
        self.value.write(output)?;
        output.field(&mut fields, 2, Kind::List);
        self.branches.write(output)?;
        if let Some(value) = &self.above {
            output.field(&mut fields, 3, Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Shape {
    Circle(f64),
    Dot(Point),
    Line(Vec<Point>),
    Words(String),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for Shape {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union Shape",
                    ),
                );
            }
            member = Some(
                match (field.id, field.kind) {
                    (1, Kind::Double) => {
                        Self::Circle(Value::read(input).at("Shape", "circle")?)
                    }
                    (2, Kind::Struct) => {
                        Self::Dot(Value::read(input).at("Shape", "dot")?)
                    }
                    (3, Kind::List) => {
                        Self::Line(Value::read(input).at("Shape", "line")?)
                    }
                    (4, Kind::String) => {
                        Self::Words(Value::read(input).at("Shape", "words")?)
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
                "no member of union Shape",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::Circle(value) => {
                output.field(&mut fields, 1, Kind::Double);
                value.write(output)?;
            }
            Self::Dot(value) => {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            Self::Line(value) => {
                output.field(&mut fields, 3, Kind::List);
                value.write(output)?;
            }
            Self::Words(value) => {
                output.field(&mut fields, 4, Kind::String);
                value.write(output)?;
            }
            Self::Unknown { id } => {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union Shape is unknown here and cannot be written"
                        ),
                    ),
                );
            }
        }
        output.end_struct(fields);
        Ok(())
    }
}

/// Every type. The numbers leave gaps over which the compact protocol cannot step in one byte.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everything {
    pub flag: bool,
    pub tiny: i8,
    pub small: i8,
    pub narrow: i16,
    pub plain: i32,
    pub wide: i64,
    pub real: f64,
    pub text: String,
    pub bytes: Vec<u8>,
    pub mood: Mood,
    pub point: Point,
    pub shape: Option<Shape>,
    pub numbers: Vec<i64>,
    pub words: BTreeSet<String>,
    pub flags: BTreeMap<i32, bool>,
    pub atlas: Atlas,
    pub grid: Vec<Vec<bool>>,
    pub sets: BTreeMap<String, BTreeSet<i32>>,
    pub stamp: Stamp,
    pub tree: Tree,
    pub reals: Vec<f64>,
    pub moods: Vec<Mood>,
    pub needed: i32,
    pub maybe: Option<String>,
    pub late: bool,
    pub far: i16,
}

impl Value for Everything {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut flag = false;
        let mut tiny = 0;
        let mut small = 0;
        let mut narrow = 0;
        let mut plain = 0;
        let mut wide = 0;
        let mut real = 0.0;
        let mut text = String::new();
        let mut bytes = Vec::new();
        let mut mood = Mood::default();
        let mut point = Point::default();
        let mut shape = None;
        let mut numbers = Vec::new();
        let mut words = BTreeSet::new();
        let mut flags = BTreeMap::new();
        let mut atlas = BTreeMap::new();
        let mut grid = Vec::new();
        let mut sets = BTreeMap::new();
        let mut stamp = 0;
        let mut tree = Tree::default();
        let mut reals = Vec::new();
        let mut moods = Vec::new();
        let mut needed = None;
        let mut maybe = None;
        let mut late = false;
        let mut far = 0;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Bool) => flag = Value::read(input).at("Everything", "flag")?,
                (2, Kind::I8) => tiny = Value::read(input).at("Everything", "tiny")?,
                (3, Kind::I8) => small = Value::read(input).at("Everything", "small")?,
                (4, Kind::I16) => narrow = Value::read(input).at("Everything", "narrow")?,
                (5, Kind::I32) => plain = Value::read(input).at("Everything", "plain")?,
                (6, Kind::I64) => wide = Value::read(input).at("Everything", "wide")?,
                (7, Kind::Double) => real = Value::read(input).at("Everything", "real")?,
                (8, Kind::String) => text = Value::read(input).at("Everything", "text")?,
                (9, Kind::String) => {
                    bytes = Value::read(input).at("Everything", "bytes")?;
                }
                (10, Kind::I32) => mood = Value::read(input).at("Everything", "mood")?,
                (11, Kind::Struct) => {
                    point = Value::read(input).at("Everything", "point")?;
                }
                (12, Kind::Struct) => {
                    shape = Some(Value::read(input).at("Everything", "shape")?);
                }
                (13, Kind::List) => {
                    numbers = Value::read(input).at("Everything", "numbers")?;
                }
                (14, Kind::Set) => words = Value::read(input).at("Everything", "words")?,
                (15, Kind::Map) => flags = Value::read(input).at("Everything", "flags")?,
                (16, Kind::Map) => atlas = Value::read(input).at("Everything", "atlas")?,
                (17, Kind::List) => grid = Value::read(input).at("Everything", "grid")?,
                (18, Kind::Map) => sets = Value::read(input).at("Everything", "sets")?,
                (19, Kind::I64) => stamp = Value::read(input).at("Everything", "stamp")?,
                (20, Kind::Struct) => tree = Value::read(input).at("Everything", "tree")?,
                (21, Kind::List) => reals = Value::read(input).at("Everything", "reals")?,
                (22, Kind::List) => moods = Value::read(input).at("Everything", "moods")?,
                (40, Kind::I32) => {
                    needed = Some(Value::read(input).at("Everything", "needed")?);
                }
                (41, Kind::String) => {
                    maybe = Some(Value::read(input).at("Everything", "maybe")?);
                }
                (60, Kind::Bool) => late = Value::read(input).at("Everything", "late")?,
                (300, Kind::I16) => far = Value::read(input).at("Everything", "far")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            flag,
            tiny,
            small,
            narrow,
            plain,
            wide,
            real,
            text,
            bytes,
            mood,
            point,
            shape,
            numbers,
            words,
            flags,
            atlas,
            grid,
            sets,
            stamp,
            tree,
            reals,
            moods,
            needed: needed
                .ok_or_else(|| ProtocolError::missing("Everything", "needed"))?,
            maybe,
            late,
            far,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Bool);
        self.flag.write(output)?;
        output.field(&mut fields, 2, Kind::I8);
        self.tiny.write(output)?;
        output.field(&mut fields, 3, Kind::I8);
        self.small.write(output)?;
        output.field(&mut fields, 4, Kind::I16);
        self.narrow.write(output)?;
        output.field(&mut fields, 5, Kind::I32);
        self.plain.write(output)?;
        output.field(&mut fields, 6, Kind::I64);
        self.wide.write(output)?;
        output.field(&mut fields, 7, Kind::Double);
        self.real.write(output)?;
        output.field(&mut fields, 8, Kind::String);
        self.text.write(output)?;
        output.field(&mut fields, 9, Kind::String);
        self.bytes.write(output)?;
        output.field(&mut fields, 10, Kind::I32);
        self.mood.write(output)?;
        output.field(&mut fields, 11, Kind::Struct);
        self.point.write(output)?;
        if let Some(value) = &self.shape {
            output.field(&mut fields, 12, Kind::Struct);
            value.write(output)?;
        }
        output.field(&mut fields, 13, Kind::List);
        self.numbers.write(output)?;
        output.field(&mut fields, 14, Kind::Set);
        self.words.write(output)?;
        output.field(&mut fields, 15, Kind::Map);
        self.flags.write(output)?;
        output.field(&mut fields, 16, Kind::Map);
        self.atlas.write(output)?;
        output.field(&mut fields, 17, Kind::List);
        self.grid.write(output)?;
        output.field(&mut fields, 18, Kind::Map);
        self.sets.write(output)?;
        output.field(&mut fields, 19, Kind::I64);
        self.stamp.write(output)?;
        output.field(&mut fields, 20, Kind::Struct);
        self.tree.write(output)?;
        output.field(&mut fields, 21, Kind::List);
        self.reals.write(output)?;
        output.field(&mut fields, 22, Kind::List);
        self.moods.write(output)?;
        output.field(&mut fields, 40, Kind::I32);
        self.needed.write(output)?;
        if let Some(value) = &self.maybe {
            output.field(&mut fields, 41, Kind::String);
            value.write(output)?;
        }
        output.field(&mut fields, 60, Kind::Bool);
        self.late.write(output)?;
        output.field(&mut fields, 300, Kind::I16);
        self.far.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Options {
    pub plain: i32,
    pub maybe: Option<i32>,
    pub needed: String,
    pub several: Option<Vec<i32>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            plain: 9,
            maybe: None,
            needed: String::new(),
            several: None,
        }
    }
}

impl Value for Options {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut plain = 9;
        let mut maybe = None;
        let mut needed = None;
        let mut several = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => plain = Value::read(input).at("Options", "plain")?,
                (2, Kind::I32) => {
                    maybe = Some(Value::read(input).at("Options", "maybe")?);
                }
                (3, Kind::String) => {
                    needed = Some(Value::read(input).at("Options", "needed")?);
                }
                (4, Kind::List) => {
                    several = Some(Value::read(input).at("Options", "several")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            plain,
            maybe,
            needed: needed.ok_or_else(|| ProtocolError::missing("Options", "needed"))?,
            several,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.plain.write(output)?;
        if let Some(value) = &self.maybe {
            output.field(&mut fields, 2, Kind::I32);
            value.write(output)?;
        }
        output.field(&mut fields, 3, Kind::String);
        self.needed.write(output)?;
        if let Some(value) = &self.several {
            output.field(&mut fields, 4, Kind::List);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

/// What both ends know without telling: the values of `samples`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sample(pub i32);

impl Sample {
    pub const EMPTY: Self = Self(0);
    pub const LOW: Self = Self(1);
    pub const HIGH: Self = Self(2);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::EMPTY, Self::LOW, Self::HIGH];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::EMPTY => Some("EMPTY"),
            Self::LOW => Some("LOW"),
            Self::HIGH => Some("HIGH"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Sample {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Sample {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused {
    pub code: i32,
    pub why: String,
}

impl Value for Refused {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            code: 0,
            why: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.code = Value::read(input).at("Refused", "code")?,
                (2, Kind::String) => this.why = Value::read(input).at("Refused", "why")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.code.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.why.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Missing {
    pub lost: String,
    pub known: Vec<String>,
}

impl Value for Missing {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            lost: String::new(),
            known: Vec::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.lost = Value::read(input).at("Missing", "lost")?;
                }
                (2, Kind::List) => {
                    this.known = Value::read(input).at("Missing", "known")?;
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
        self.lost.write(output)?;
        output.field(&mut fields, 2, Kind::List);
        self.known.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Missing {}

/// What serves `Ground`: the application's state.
pub trait Ground: Sized + 'static {
    /// Who serves.
    fn whoami(cx: &mut Context<'_, Self>) -> Answer<String>;

    /// How many notes have come.
    fn notes(cx: &mut Context<'_, Self>) -> Answer<i32>;
}

/// [`Ground`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait GroundNull: Sized + 'static {
    /// Who serves.
    fn whoami(cx: &mut Context<'_, Self>) -> Answer<String> {
        let _ = cx;
        Answer::Value(String::new())
    }

    /// How many notes have come.
    fn notes(cx: &mut Context<'_, Self>) -> Answer<i32> {
        let _ = cx;
        Answer::Value(0)
    }
}

impl<S: GroundNull> Ground for S {
    fn whoami(cx: &mut Context<'_, Self>) -> Answer<String> {
        <Self as GroundNull>::whoami(cx)
    }

    fn notes(cx: &mut Context<'_, Self>) -> Answer<i32> {
        <Self as GroundNull>::notes(cx)
    }
}

/// Finds the methods of `Ground` by their names.
pub struct GroundProcessor<S>(PhantomData<fn(S)>);

impl<S: Ground> Process<S> for GroundProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use ground_methods as methods;
        match call.name() {
            b"whoami" => call.serve::<methods::Whoami>(|cx, _| S::whoami(cx)),
            b"notes" => call.serve::<methods::Notes>(|cx, _| S::notes(cx)),
            _ => call.unknown(),
        }
    }
}

/// Serves `Ground` to the links of a listener.
pub fn ground_processor<S: Ground>() -> Processor<S> {
    Processor::of::<GroundProcessor<S>>()
}

/// Calls `Ground` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct GroundClient {
    caller: Caller,
}

impl GroundClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Who serves.
    pub fn whoami<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = ground_methods::WhoamiArguments {};
        self.caller.call::<ground_methods::Whoami, S>(cx, arguments)
    }

    /// How many notes have come.
    pub fn notes<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<i32> {
        let arguments = ground_methods::NotesArguments {};
        self.caller.call::<ground_methods::Notes, S>(cx, arguments)
    }
}

/// Calls `Ground` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct GroundBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> GroundBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    /// Who serves.
    pub fn whoami(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = ground_methods::WhoamiArguments {};
        self.caller.call::<ground_methods::Whoami>(arguments)
    }

    /// How many notes have come.
    pub fn notes(&mut self) -> Result<i32, CallError<NoException>> {
        let arguments = ground_methods::NotesArguments {};
        self.caller.call::<ground_methods::Notes>(arguments)
    }
}

/// The methods of `Ground`: their arguments, results and exceptions.
pub mod ground_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Ground.whoami`
    #[derive(Clone, Copy, Debug)]
    pub struct Whoami;

    impl Method for Whoami {
        const NAME: &'static str = "whoami";
        const FULL_NAME: &'static str = "Ground.whoami";
        const ONEWAY: bool = false;
        type Arguments = WhoamiArguments;
        type Output = String;
        type Exception = NoException;
        type Result = WhoamiResult;

        fn outcome(result: WhoamiResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Whoami`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WhoamiArguments {}

    impl Value for WhoamiArguments {
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

    /// What a reply to [`Whoami`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WhoamiResult {
        pub success: Option<String>,
    }

    impl Value for WhoamiResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Ground.whoami", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for WhoamiResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Ground.notes`
    #[derive(Clone, Copy, Debug)]
    pub struct Notes;

    impl Method for Notes {
        const NAME: &'static str = "notes";
        const FULL_NAME: &'static str = "Ground.notes";
        const ONEWAY: bool = false;
        type Arguments = NotesArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = NotesResult;

        fn outcome(result: NotesResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Notes`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NotesArguments {}

    impl Value for NotesArguments {
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

    /// What a reply to [`Notes`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NotesResult {
        pub success: Option<i32>,
    }

    impl Value for NotesResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Ground.notes", "success")?,
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

    impl From<Result<i32, NoException>> for NotesResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}

/// What serves `Echo`: the application's state.
pub trait Echo: Ground {
    fn flag(cx: &mut Context<'_, Self>, value: bool) -> Answer<bool>;

    fn tiny(cx: &mut Context<'_, Self>, value: i8) -> Answer<i8>;

    fn narrow(cx: &mut Context<'_, Self>, value: i16) -> Answer<i16>;

    fn plain(cx: &mut Context<'_, Self>, value: i32) -> Answer<i32>;

    fn wide(cx: &mut Context<'_, Self>, value: i64) -> Answer<i64>;

    fn real(cx: &mut Context<'_, Self>, value: f64) -> Answer<f64>;

    fn text(cx: &mut Context<'_, Self>, value: String) -> Answer<String>;

    fn bytes(cx: &mut Context<'_, Self>, value: Vec<u8>) -> Answer<Vec<u8>>;

    fn mood(cx: &mut Context<'_, Self>, value: Mood) -> Answer<Mood>;

    fn stamp(cx: &mut Context<'_, Self>, value: Stamp) -> Answer<Stamp>;

    fn shape(cx: &mut Context<'_, Self>, value: Shape) -> Answer<Shape>;

    fn tree(cx: &mut Context<'_, Self>, value: Tree) -> Answer<Tree>;

    fn numbers(cx: &mut Context<'_, Self>, value: Vec<i64>) -> Answer<Vec<i64>>;

    fn words(
        cx: &mut Context<'_, Self>,
        value: BTreeSet<String>,
    ) -> Answer<BTreeSet<String>>;

    fn flags(
        cx: &mut Context<'_, Self>,
        value: BTreeMap<i32, bool>,
    ) -> Answer<BTreeMap<i32, bool>>;

    fn atlas(cx: &mut Context<'_, Self>, value: Atlas) -> Answer<Atlas>;

    fn options(cx: &mut Context<'_, Self>, value: Options) -> Answer<Options>;

    fn everything(cx: &mut Context<'_, Self>, value: Everything) -> Answer<Everything>;

    /// The value that has this name.
    fn sample(cx: &mut Context<'_, Self>, which: Sample) -> Answer<Everything>;

    /// Whether this is the value that has this name.
    fn same(
        cx: &mut Context<'_, Self>,
        which: Sample,
        value: Everything,
    ) -> Answer<bool>;

    fn sum(cx: &mut Context<'_, Self>, left: i32, right: i32) -> Answer<i32>;

    /// 0 is well, 1 is refused, anything else is missing.
    fn check(cx: &mut Context<'_, Self>, code: i32) -> Answer<(), CheckException>;

    /// The code, but that 1 is refused.
    fn number(cx: &mut Context<'_, Self>, code: i32) -> Answer<i32, NumberException>;

    /// Throws what it does not declare.
    fn fail(cx: &mut Context<'_, Self>, why: String) -> Answer<i32>;

    /// It is counted, and nobody waits for it.
    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()>;
}

/// [`Echo`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait EchoNull: Ground {
    fn flag(cx: &mut Context<'_, Self>, value: bool) -> Answer<bool> {
        let _ = (cx, value);
        Answer::Value(false)
    }

    fn tiny(cx: &mut Context<'_, Self>, value: i8) -> Answer<i8> {
        let _ = (cx, value);
        Answer::Value(0)
    }

    fn narrow(cx: &mut Context<'_, Self>, value: i16) -> Answer<i16> {
        let _ = (cx, value);
        Answer::Value(0)
    }

    fn plain(cx: &mut Context<'_, Self>, value: i32) -> Answer<i32> {
        let _ = (cx, value);
        Answer::Value(0)
    }

    fn wide(cx: &mut Context<'_, Self>, value: i64) -> Answer<i64> {
        let _ = (cx, value);
        Answer::Value(0)
    }

    fn real(cx: &mut Context<'_, Self>, value: f64) -> Answer<f64> {
        let _ = (cx, value);
        Answer::Value(0.0)
    }

    fn text(cx: &mut Context<'_, Self>, value: String) -> Answer<String> {
        let _ = (cx, value);
        Answer::Value(String::new())
    }

    fn bytes(cx: &mut Context<'_, Self>, value: Vec<u8>) -> Answer<Vec<u8>> {
        let _ = (cx, value);
        Answer::Value(Vec::new())
    }

    fn mood(cx: &mut Context<'_, Self>, value: Mood) -> Answer<Mood> {
        let _ = (cx, value);
        Answer::Value(Mood::default())
    }

    fn stamp(cx: &mut Context<'_, Self>, value: Stamp) -> Answer<Stamp> {
        let _ = (cx, value);
        Answer::Value(0)
    }

    fn shape(cx: &mut Context<'_, Self>, value: Shape) -> Answer<Shape> {
        let _ = (cx, value);
        Answer::failed("shape is not overridden")
    }

    fn tree(cx: &mut Context<'_, Self>, value: Tree) -> Answer<Tree> {
        let _ = (cx, value);
        Answer::Value(Tree::default())
    }

    fn numbers(cx: &mut Context<'_, Self>, value: Vec<i64>) -> Answer<Vec<i64>> {
        let _ = (cx, value);
        Answer::Value(Vec::new())
    }

    fn words(
        cx: &mut Context<'_, Self>,
        value: BTreeSet<String>,
    ) -> Answer<BTreeSet<String>> {
        let _ = (cx, value);
        Answer::Value(BTreeSet::new())
    }

    fn flags(
        cx: &mut Context<'_, Self>,
        value: BTreeMap<i32, bool>,
    ) -> Answer<BTreeMap<i32, bool>> {
        let _ = (cx, value);
        Answer::Value(BTreeMap::new())
    }

    fn atlas(cx: &mut Context<'_, Self>, value: Atlas) -> Answer<Atlas> {
        let _ = (cx, value);
        Answer::Value(BTreeMap::new())
    }

    fn options(cx: &mut Context<'_, Self>, value: Options) -> Answer<Options> {
        let _ = (cx, value);
        Answer::Value(Options::default())
    }

    fn everything(cx: &mut Context<'_, Self>, value: Everything) -> Answer<Everything> {
        let _ = (cx, value);
        Answer::Value(Everything::default())
    }

    /// The value that has this name.
    fn sample(cx: &mut Context<'_, Self>, which: Sample) -> Answer<Everything> {
        let _ = (cx, which);
        Answer::Value(Everything::default())
    }

    /// Whether this is the value that has this name.
    fn same(
        cx: &mut Context<'_, Self>,
        which: Sample,
        value: Everything,
    ) -> Answer<bool> {
        let _ = (cx, which, value);
        Answer::Value(false)
    }

    fn sum(cx: &mut Context<'_, Self>, left: i32, right: i32) -> Answer<i32> {
        let _ = (cx, left, right);
        Answer::Value(0)
    }

    /// 0 is well, 1 is refused, anything else is missing.
    fn check(cx: &mut Context<'_, Self>, code: i32) -> Answer<(), CheckException> {
        let _ = (cx, code);
        Answer::Value(())
    }

    /// The code, but that 1 is refused.
    fn number(cx: &mut Context<'_, Self>, code: i32) -> Answer<i32, NumberException> {
        let _ = (cx, code);
        Answer::Value(0)
    }

    /// Throws what it does not declare.
    fn fail(cx: &mut Context<'_, Self>, why: String) -> Answer<i32> {
        let _ = (cx, why);
        Answer::Value(0)
    }

    /// It is counted, and nobody waits for it.
    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()> {
        let _ = (cx, text);
        Answer::Value(())
    }
}

impl<S: EchoNull> Echo for S {
    fn flag(cx: &mut Context<'_, Self>, value: bool) -> Answer<bool> {
        <Self as EchoNull>::flag(cx, value)
    }

    fn tiny(cx: &mut Context<'_, Self>, value: i8) -> Answer<i8> {
        <Self as EchoNull>::tiny(cx, value)
    }

    fn narrow(cx: &mut Context<'_, Self>, value: i16) -> Answer<i16> {
        <Self as EchoNull>::narrow(cx, value)
    }

    fn plain(cx: &mut Context<'_, Self>, value: i32) -> Answer<i32> {
        <Self as EchoNull>::plain(cx, value)
    }

    fn wide(cx: &mut Context<'_, Self>, value: i64) -> Answer<i64> {
        <Self as EchoNull>::wide(cx, value)
    }

    fn real(cx: &mut Context<'_, Self>, value: f64) -> Answer<f64> {
        <Self as EchoNull>::real(cx, value)
    }

    fn text(cx: &mut Context<'_, Self>, value: String) -> Answer<String> {
        <Self as EchoNull>::text(cx, value)
    }

    fn bytes(cx: &mut Context<'_, Self>, value: Vec<u8>) -> Answer<Vec<u8>> {
        <Self as EchoNull>::bytes(cx, value)
    }

    fn mood(cx: &mut Context<'_, Self>, value: Mood) -> Answer<Mood> {
        <Self as EchoNull>::mood(cx, value)
    }

    fn stamp(cx: &mut Context<'_, Self>, value: Stamp) -> Answer<Stamp> {
        <Self as EchoNull>::stamp(cx, value)
    }

    fn shape(cx: &mut Context<'_, Self>, value: Shape) -> Answer<Shape> {
        <Self as EchoNull>::shape(cx, value)
    }

    fn tree(cx: &mut Context<'_, Self>, value: Tree) -> Answer<Tree> {
        <Self as EchoNull>::tree(cx, value)
    }

    fn numbers(cx: &mut Context<'_, Self>, value: Vec<i64>) -> Answer<Vec<i64>> {
        <Self as EchoNull>::numbers(cx, value)
    }

    fn words(
        cx: &mut Context<'_, Self>,
        value: BTreeSet<String>,
    ) -> Answer<BTreeSet<String>> {
        <Self as EchoNull>::words(cx, value)
    }

    fn flags(
        cx: &mut Context<'_, Self>,
        value: BTreeMap<i32, bool>,
    ) -> Answer<BTreeMap<i32, bool>> {
        <Self as EchoNull>::flags(cx, value)
    }

    fn atlas(cx: &mut Context<'_, Self>, value: Atlas) -> Answer<Atlas> {
        <Self as EchoNull>::atlas(cx, value)
    }

    fn options(cx: &mut Context<'_, Self>, value: Options) -> Answer<Options> {
        <Self as EchoNull>::options(cx, value)
    }

    fn everything(cx: &mut Context<'_, Self>, value: Everything) -> Answer<Everything> {
        <Self as EchoNull>::everything(cx, value)
    }

    fn sample(cx: &mut Context<'_, Self>, which: Sample) -> Answer<Everything> {
        <Self as EchoNull>::sample(cx, which)
    }

    fn same(
        cx: &mut Context<'_, Self>,
        which: Sample,
        value: Everything,
    ) -> Answer<bool> {
        <Self as EchoNull>::same(cx, which, value)
    }

    fn sum(cx: &mut Context<'_, Self>, left: i32, right: i32) -> Answer<i32> {
        <Self as EchoNull>::sum(cx, left, right)
    }

    fn check(cx: &mut Context<'_, Self>, code: i32) -> Answer<(), CheckException> {
        <Self as EchoNull>::check(cx, code)
    }

    fn number(cx: &mut Context<'_, Self>, code: i32) -> Answer<i32, NumberException> {
        <Self as EchoNull>::number(cx, code)
    }

    fn fail(cx: &mut Context<'_, Self>, why: String) -> Answer<i32> {
        <Self as EchoNull>::fail(cx, why)
    }

    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()> {
        <Self as EchoNull>::note(cx, text)
    }
}

/// Finds the methods of `Echo` by their names.
pub struct EchoProcessor<S>(PhantomData<fn(S)>);

impl<S: Echo> Process<S> for EchoProcessor<S> {
    const SHARES: bool = <GroundProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use echo_methods as methods;
        match call.name() {
            b"flag" => {
                call.serve::<methods::Flag>(|cx, arguments| {
                    let methods::FlagArguments { value } = arguments;
                    S::flag(cx, value)
                })
            }
            b"tiny" => {
                call.serve::<methods::Tiny>(|cx, arguments| {
                    let methods::TinyArguments { value } = arguments;
                    S::tiny(cx, value)
                })
            }
            b"narrow" => {
                call.serve::<methods::Narrow>(|cx, arguments| {
                    let methods::NarrowArguments { value } = arguments;
                    S::narrow(cx, value)
                })
            }
            b"plain" => {
                call.serve::<methods::Plain>(|cx, arguments| {
                    let methods::PlainArguments { value } = arguments;
                    S::plain(cx, value)
                })
            }
            b"wide" => {
                call.serve::<methods::Wide>(|cx, arguments| {
                    let methods::WideArguments { value } = arguments;
                    S::wide(cx, value)
                })
            }
            b"real" => {
                call.serve::<methods::Real>(|cx, arguments| {
                    let methods::RealArguments { value } = arguments;
                    S::real(cx, value)
                })
            }
            b"text" => {
                call.serve::<methods::Text>(|cx, arguments| {
                    let methods::TextArguments { value } = arguments;
                    S::text(cx, value)
                })
            }
            b"bytes" => {
                call.serve::<methods::Bytes>(|cx, arguments| {
                    let methods::BytesArguments { value } = arguments;
                    S::bytes(cx, value)
                })
            }
            b"mood" => {
                call.serve::<methods::Mood>(|cx, arguments| {
                    let methods::MoodArguments { value } = arguments;
                    S::mood(cx, value)
                })
            }
            b"stamp" => {
                call.serve::<methods::Stamp>(|cx, arguments| {
                    let methods::StampArguments { value } = arguments;
                    S::stamp(cx, value)
                })
            }
            b"shape" => {
                call.serve::<methods::Shape>(|cx, arguments| {
                    let methods::ShapeArguments { value } = arguments;
                    S::shape(cx, value)
                })
            }
            b"tree" => {
                call.serve::<methods::Tree>(|cx, arguments| {
                    let methods::TreeArguments { value } = arguments;
                    S::tree(cx, value)
                })
            }
            b"numbers" => {
                call.serve::<methods::Numbers>(|cx, arguments| {
                    let methods::NumbersArguments { value } = arguments;
                    S::numbers(cx, value)
                })
            }
            b"words" => {
                call.serve::<methods::Words>(|cx, arguments| {
                    let methods::WordsArguments { value } = arguments;
                    S::words(cx, value)
                })
            }
            b"flags" => {
                call.serve::<methods::Flags>(|cx, arguments| {
                    let methods::FlagsArguments { value } = arguments;
                    S::flags(cx, value)
                })
            }
            b"atlas" => {
                call.serve::<methods::Atlas>(|cx, arguments| {
                    let methods::AtlasArguments { value } = arguments;
                    S::atlas(cx, value)
                })
            }
            b"options" => {
                call.serve::<methods::Options>(|cx, arguments| {
                    let methods::OptionsArguments { value } = arguments;
                    S::options(cx, value)
                })
            }
            b"everything" => {
                call.serve::<methods::Everything>(|cx, arguments| {
                    let methods::EverythingArguments { value } = arguments;
                    S::everything(cx, value)
                })
            }
            b"sample" => {
                call.serve::<methods::Sample>(|cx, arguments| {
                    let methods::SampleArguments { which } = arguments;
                    S::sample(cx, which)
                })
            }
            b"same" => {
                call.serve::<methods::Same>(|cx, arguments| {
                    let methods::SameArguments { which, value } = arguments;
                    S::same(cx, which, value)
                })
            }
            b"sum" => {
                call.serve::<methods::Sum>(|cx, arguments| {
                    let methods::SumArguments { left, right } = arguments;
                    S::sum(cx, left, right)
                })
            }
            b"check" => {
                call.serve::<methods::Check>(|cx, arguments| {
                    let methods::CheckArguments { code } = arguments;
                    S::check(cx, code)
                })
            }
            b"number" => {
                call.serve::<methods::Number>(|cx, arguments| {
                    let methods::NumberArguments { code } = arguments;
                    S::number(cx, code)
                })
            }
            b"fail" => {
                call.serve::<methods::Fail>(|cx, arguments| {
                    let methods::FailArguments { why } = arguments;
                    S::fail(cx, why)
                })
            }
            b"note" => {
                call.serve::<methods::Note>(|cx, arguments| {
                    let methods::NoteArguments { text } = arguments;
                    S::note(cx, text)
                })
            }
            _ => GroundProcessor::<S>::process(call),
        }
    }
}

/// Serves `Echo` to the links of a listener.
pub fn echo_processor<S: Echo>() -> Processor<S> {
    Processor::of::<EchoProcessor<S>>()
}

/// Calls `Echo` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct EchoClient {
    caller: Caller,
    parent: GroundClient,
}

impl EchoClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: GroundClient::new(caller),
        }
    }

    pub fn flag<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: bool,
    ) -> Deferred<bool> {
        let arguments = echo_methods::FlagArguments {
            value,
        };
        self.caller.call::<echo_methods::Flag, S>(cx, arguments)
    }

    pub fn tiny<S: 'static>(&self, cx: &mut Context<'_, S>, value: i8) -> Deferred<i8> {
        let arguments = echo_methods::TinyArguments {
            value,
        };
        self.caller.call::<echo_methods::Tiny, S>(cx, arguments)
    }

    pub fn narrow<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: i16,
    ) -> Deferred<i16> {
        let arguments = echo_methods::NarrowArguments {
            value,
        };
        self.caller.call::<echo_methods::Narrow, S>(cx, arguments)
    }

    pub fn plain<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: i32,
    ) -> Deferred<i32> {
        let arguments = echo_methods::PlainArguments {
            value,
        };
        self.caller.call::<echo_methods::Plain, S>(cx, arguments)
    }

    pub fn wide<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: i64,
    ) -> Deferred<i64> {
        let arguments = echo_methods::WideArguments {
            value,
        };
        self.caller.call::<echo_methods::Wide, S>(cx, arguments)
    }

    pub fn real<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: f64,
    ) -> Deferred<f64> {
        let arguments = echo_methods::RealArguments {
            value,
        };
        self.caller.call::<echo_methods::Real, S>(cx, arguments)
    }

    pub fn text<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: String,
    ) -> Deferred<String> {
        let arguments = echo_methods::TextArguments {
            value,
        };
        self.caller.call::<echo_methods::Text, S>(cx, arguments)
    }

    pub fn bytes<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Vec<u8>,
    ) -> Deferred<Vec<u8>> {
        let arguments = echo_methods::BytesArguments {
            value,
        };
        self.caller.call::<echo_methods::Bytes, S>(cx, arguments)
    }

    pub fn mood<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Mood,
    ) -> Deferred<Mood> {
        let arguments = echo_methods::MoodArguments {
            value,
        };
        self.caller.call::<echo_methods::Mood, S>(cx, arguments)
    }

    pub fn stamp<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Stamp,
    ) -> Deferred<Stamp> {
        let arguments = echo_methods::StampArguments {
            value,
        };
        self.caller.call::<echo_methods::Stamp, S>(cx, arguments)
    }

    pub fn shape<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Shape,
    ) -> Deferred<Shape> {
        let arguments = echo_methods::ShapeArguments {
            value,
        };
        self.caller.call::<echo_methods::Shape, S>(cx, arguments)
    }

    pub fn tree<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Tree,
    ) -> Deferred<Tree> {
        let arguments = echo_methods::TreeArguments {
            value,
        };
        self.caller.call::<echo_methods::Tree, S>(cx, arguments)
    }

    pub fn numbers<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Vec<i64>,
    ) -> Deferred<Vec<i64>> {
        let arguments = echo_methods::NumbersArguments {
            value,
        };
        self.caller.call::<echo_methods::Numbers, S>(cx, arguments)
    }

    pub fn words<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: BTreeSet<String>,
    ) -> Deferred<BTreeSet<String>> {
        let arguments = echo_methods::WordsArguments {
            value,
        };
        self.caller.call::<echo_methods::Words, S>(cx, arguments)
    }

    pub fn flags<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: BTreeMap<i32, bool>,
    ) -> Deferred<BTreeMap<i32, bool>> {
        let arguments = echo_methods::FlagsArguments {
            value,
        };
        self.caller.call::<echo_methods::Flags, S>(cx, arguments)
    }

    pub fn atlas<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Atlas,
    ) -> Deferred<Atlas> {
        let arguments = echo_methods::AtlasArguments {
            value,
        };
        self.caller.call::<echo_methods::Atlas, S>(cx, arguments)
    }

    pub fn options<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Options,
    ) -> Deferred<Options> {
        let arguments = echo_methods::OptionsArguments {
            value,
        };
        self.caller.call::<echo_methods::Options, S>(cx, arguments)
    }

    pub fn everything<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        value: Everything,
    ) -> Deferred<Everything> {
        let arguments = echo_methods::EverythingArguments {
            value,
        };
        self.caller.call::<echo_methods::Everything, S>(cx, arguments)
    }

    /// The value that has this name.
    pub fn sample<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        which: Sample,
    ) -> Deferred<Everything> {
        let arguments = echo_methods::SampleArguments {
            which,
        };
        self.caller.call::<echo_methods::Sample, S>(cx, arguments)
    }

    /// Whether this is the value that has this name.
    pub fn same<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        which: Sample,
        value: Everything,
    ) -> Deferred<bool> {
        let arguments = echo_methods::SameArguments {
            which,
            value,
        };
        self.caller.call::<echo_methods::Same, S>(cx, arguments)
    }

    pub fn sum<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        left: i32,
        right: i32,
    ) -> Deferred<i32> {
        let arguments = echo_methods::SumArguments {
            left,
            right,
        };
        self.caller.call::<echo_methods::Sum, S>(cx, arguments)
    }

    /// 0 is well, 1 is refused, anything else is missing.
    pub fn check<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        code: i32,
    ) -> Deferred<Result<(), CheckException>> {
        let arguments = echo_methods::CheckArguments {
            code,
        };
        self.caller.call_catching::<echo_methods::Check, S>(cx, arguments)
    }

    /// The code, but that 1 is refused.
    pub fn number<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        code: i32,
    ) -> Deferred<Result<i32, NumberException>> {
        let arguments = echo_methods::NumberArguments {
            code,
        };
        self.caller.call_catching::<echo_methods::Number, S>(cx, arguments)
    }

    /// Throws what it does not declare.
    pub fn fail<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        why: String,
    ) -> Deferred<i32> {
        let arguments = echo_methods::FailArguments { why };
        self.caller.call::<echo_methods::Fail, S>(cx, arguments)
    }

    /// It is counted, and nobody waits for it.
    pub fn note<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        text: String,
    ) -> oneloop::Result<()> {
        let arguments = echo_methods::NoteArguments {
            text,
        };
        self.caller.send::<echo_methods::Note, S>(cx, arguments)
    }
}

impl std::ops::Deref for EchoClient {
    type Target = GroundClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Echo` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct EchoBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: GroundBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> EchoBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: GroundBlocking::new(caller),
        }
    }

    pub fn flag(&mut self, value: bool) -> Result<bool, CallError<NoException>> {
        let arguments = echo_methods::FlagArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Flag>(arguments)
    }

    pub fn tiny(&mut self, value: i8) -> Result<i8, CallError<NoException>> {
        let arguments = echo_methods::TinyArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Tiny>(arguments)
    }

    pub fn narrow(&mut self, value: i16) -> Result<i16, CallError<NoException>> {
        let arguments = echo_methods::NarrowArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Narrow>(arguments)
    }

    pub fn plain(&mut self, value: i32) -> Result<i32, CallError<NoException>> {
        let arguments = echo_methods::PlainArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Plain>(arguments)
    }

    pub fn wide(&mut self, value: i64) -> Result<i64, CallError<NoException>> {
        let arguments = echo_methods::WideArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Wide>(arguments)
    }

    pub fn real(&mut self, value: f64) -> Result<f64, CallError<NoException>> {
        let arguments = echo_methods::RealArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Real>(arguments)
    }

    pub fn text(&mut self, value: String) -> Result<String, CallError<NoException>> {
        let arguments = echo_methods::TextArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Text>(arguments)
    }

    pub fn bytes(&mut self, value: Vec<u8>) -> Result<Vec<u8>, CallError<NoException>> {
        let arguments = echo_methods::BytesArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Bytes>(arguments)
    }

    pub fn mood(&mut self, value: Mood) -> Result<Mood, CallError<NoException>> {
        let arguments = echo_methods::MoodArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Mood>(arguments)
    }

    pub fn stamp(&mut self, value: Stamp) -> Result<Stamp, CallError<NoException>> {
        let arguments = echo_methods::StampArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Stamp>(arguments)
    }

    pub fn shape(&mut self, value: Shape) -> Result<Shape, CallError<NoException>> {
        let arguments = echo_methods::ShapeArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Shape>(arguments)
    }

    pub fn tree(&mut self, value: Tree) -> Result<Tree, CallError<NoException>> {
        let arguments = echo_methods::TreeArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Tree>(arguments)
    }

    pub fn numbers(
        &mut self,
        value: Vec<i64>,
    ) -> Result<Vec<i64>, CallError<NoException>> {
        let arguments = echo_methods::NumbersArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Numbers>(arguments)
    }

    pub fn words(
        &mut self,
        value: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, CallError<NoException>> {
        let arguments = echo_methods::WordsArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Words>(arguments)
    }

    pub fn flags(
        &mut self,
        value: BTreeMap<i32, bool>,
    ) -> Result<BTreeMap<i32, bool>, CallError<NoException>> {
        let arguments = echo_methods::FlagsArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Flags>(arguments)
    }

    pub fn atlas(&mut self, value: Atlas) -> Result<Atlas, CallError<NoException>> {
        let arguments = echo_methods::AtlasArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Atlas>(arguments)
    }

    pub fn options(
        &mut self,
        value: Options,
    ) -> Result<Options, CallError<NoException>> {
        let arguments = echo_methods::OptionsArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Options>(arguments)
    }

    pub fn everything(
        &mut self,
        value: Everything,
    ) -> Result<Everything, CallError<NoException>> {
        let arguments = echo_methods::EverythingArguments {
            value,
        };
        self.parent.caller.call::<echo_methods::Everything>(arguments)
    }

    /// The value that has this name.
    pub fn sample(
        &mut self,
        which: Sample,
    ) -> Result<Everything, CallError<NoException>> {
        let arguments = echo_methods::SampleArguments {
            which,
        };
        self.parent.caller.call::<echo_methods::Sample>(arguments)
    }

    /// Whether this is the value that has this name.
    pub fn same(
        &mut self,
        which: Sample,
        value: Everything,
    ) -> Result<bool, CallError<NoException>> {
        let arguments = echo_methods::SameArguments {
            which,
            value,
        };
        self.parent.caller.call::<echo_methods::Same>(arguments)
    }

    pub fn sum(&mut self, left: i32, right: i32) -> Result<i32, CallError<NoException>> {
        let arguments = echo_methods::SumArguments {
            left,
            right,
        };
        self.parent.caller.call::<echo_methods::Sum>(arguments)
    }

    /// 0 is well, 1 is refused, anything else is missing.
    pub fn check(&mut self, code: i32) -> Result<(), CallError<CheckException>> {
        let arguments = echo_methods::CheckArguments {
            code,
        };
        self.parent.caller.call::<echo_methods::Check>(arguments)
    }

    /// The code, but that 1 is refused.
    pub fn number(&mut self, code: i32) -> Result<i32, CallError<NumberException>> {
        let arguments = echo_methods::NumberArguments {
            code,
        };
        self.parent.caller.call::<echo_methods::Number>(arguments)
    }

    /// Throws what it does not declare.
    pub fn fail(&mut self, why: String) -> Result<i32, CallError<NoException>> {
        let arguments = echo_methods::FailArguments { why };
        self.parent.caller.call::<echo_methods::Fail>(arguments)
    }

    /// It is counted, and nobody waits for it.
    pub fn note(&mut self, text: String) -> Result<(), CallError<NoException>> {
        let arguments = echo_methods::NoteArguments {
            text,
        };
        self.parent.caller.send::<echo_methods::Note>(arguments)
    }
}

impl<T> std::ops::Deref for EchoBlocking<T> {
    type Target = GroundBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for EchoBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Echo`: their arguments, results and exceptions.
pub mod echo_methods {
    use std::fmt;
    use std::collections::{BTreeMap, BTreeSet};

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Echo.flag`
    #[derive(Clone, Copy, Debug)]
    pub struct Flag;

    impl Method for Flag {
        const NAME: &'static str = "flag";
        const FULL_NAME: &'static str = "Echo.flag";
        const ONEWAY: bool = false;
        type Arguments = FlagArguments;
        type Output = bool;
        type Exception = NoException;
        type Result = FlagResult;

        fn outcome(result: FlagResult) -> Option<Result<bool, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Flag`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FlagArguments {
        pub value: bool,
    }

    impl Value for FlagArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: false };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Bool) => {
                        this.value = Value::read(input).at("Echo.flag", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Bool);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Flag`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FlagResult {
        pub success: Option<bool>,
    }

    impl Value for FlagResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Bool) => {
                        this.success = Some(
                            Value::read(input).at("Echo.flag", "success")?,
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
                output.field(&mut fields, 0, Kind::Bool);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<bool, NoException>> for FlagResult {
        fn from(outcome: Result<bool, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.tiny`
    #[derive(Clone, Copy, Debug)]
    pub struct Tiny;

    impl Method for Tiny {
        const NAME: &'static str = "tiny";
        const FULL_NAME: &'static str = "Echo.tiny";
        const ONEWAY: bool = false;
        type Arguments = TinyArguments;
        type Output = i8;
        type Exception = NoException;
        type Result = TinyResult;

        fn outcome(result: TinyResult) -> Option<Result<i8, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Tiny`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct TinyArguments {
        pub value: i8,
    }

    impl Value for TinyArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I8) => {
                        this.value = Value::read(input).at("Echo.tiny", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I8);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Tiny`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct TinyResult {
        pub success: Option<i8>,
    }

    impl Value for TinyResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I8) => {
                        this.success = Some(
                            Value::read(input).at("Echo.tiny", "success")?,
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
                output.field(&mut fields, 0, Kind::I8);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i8, NoException>> for TinyResult {
        fn from(outcome: Result<i8, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.narrow`
    #[derive(Clone, Copy, Debug)]
    pub struct Narrow;

    impl Method for Narrow {
        const NAME: &'static str = "narrow";
        const FULL_NAME: &'static str = "Echo.narrow";
        const ONEWAY: bool = false;
        type Arguments = NarrowArguments;
        type Output = i16;
        type Exception = NoException;
        type Result = NarrowResult;

        fn outcome(result: NarrowResult) -> Option<Result<i16, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Narrow`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NarrowArguments {
        pub value: i16,
    }

    impl Value for NarrowArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I16) => {
                        this.value = Value::read(input).at("Echo.narrow", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I16);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Narrow`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NarrowResult {
        pub success: Option<i16>,
    }

    impl Value for NarrowResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I16) => {
                        this.success = Some(
                            Value::read(input).at("Echo.narrow", "success")?,
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
                output.field(&mut fields, 0, Kind::I16);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i16, NoException>> for NarrowResult {
        fn from(outcome: Result<i16, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.plain`
    #[derive(Clone, Copy, Debug)]
    pub struct Plain;

    impl Method for Plain {
        const NAME: &'static str = "plain";
        const FULL_NAME: &'static str = "Echo.plain";
        const ONEWAY: bool = false;
        type Arguments = PlainArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = PlainResult;

        fn outcome(result: PlainResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Plain`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PlainArguments {
        pub value: i32,
    }

    impl Value for PlainArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.value = Value::read(input).at("Echo.plain", "value")?;
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
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Plain`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PlainResult {
        pub success: Option<i32>,
    }

    impl Value for PlainResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Echo.plain", "success")?,
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

    impl From<Result<i32, NoException>> for PlainResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.wide`
    #[derive(Clone, Copy, Debug)]
    pub struct Wide;

    impl Method for Wide {
        const NAME: &'static str = "wide";
        const FULL_NAME: &'static str = "Echo.wide";
        const ONEWAY: bool = false;
        type Arguments = WideArguments;
        type Output = i64;
        type Exception = NoException;
        type Result = WideResult;

        fn outcome(result: WideResult) -> Option<Result<i64, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Wide`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WideArguments {
        pub value: i64,
    }

    impl Value for WideArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I64) => {
                        this.value = Value::read(input).at("Echo.wide", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I64);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Wide`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WideResult {
        pub success: Option<i64>,
    }

    impl Value for WideResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I64) => {
                        this.success = Some(
                            Value::read(input).at("Echo.wide", "success")?,
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
                output.field(&mut fields, 0, Kind::I64);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i64, NoException>> for WideResult {
        fn from(outcome: Result<i64, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.real`
    #[derive(Clone, Copy, Debug)]
    pub struct Real;

    impl Method for Real {
        const NAME: &'static str = "real";
        const FULL_NAME: &'static str = "Echo.real";
        const ONEWAY: bool = false;
        type Arguments = RealArguments;
        type Output = f64;
        type Exception = NoException;
        type Result = RealResult;

        fn outcome(result: RealResult) -> Option<Result<f64, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Real`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct RealArguments {
        pub value: f64,
    }

    impl Value for RealArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0.0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Double) => {
                        this.value = Value::read(input).at("Echo.real", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Double);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Real`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RealResult {
        pub success: Option<f64>,
    }

    impl Value for RealResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Double) => {
                        this.success = Some(
                            Value::read(input).at("Echo.real", "success")?,
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
                output.field(&mut fields, 0, Kind::Double);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<f64, NoException>> for RealResult {
        fn from(outcome: Result<f64, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.text`
    #[derive(Clone, Copy, Debug)]
    pub struct Text;

    impl Method for Text {
        const NAME: &'static str = "text";
        const FULL_NAME: &'static str = "Echo.text";
        const ONEWAY: bool = false;
        type Arguments = TextArguments;
        type Output = String;
        type Exception = NoException;
        type Result = TextResult;

        fn outcome(result: TextResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Text`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct TextArguments {
        pub value: String,
    }

    impl Value for TextArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.value = Value::read(input).at("Echo.text", "value")?;
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
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Text`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct TextResult {
        pub success: Option<String>,
    }

    impl Value for TextResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Echo.text", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for TextResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.bytes`
    #[derive(Clone, Copy, Debug)]
    pub struct Bytes;

    impl Method for Bytes {
        const NAME: &'static str = "bytes";
        const FULL_NAME: &'static str = "Echo.bytes";
        const ONEWAY: bool = false;
        type Arguments = BytesArguments;
        type Output = Vec<u8>;
        type Exception = NoException;
        type Result = BytesResult;

        fn outcome(result: BytesResult) -> Option<Result<Vec<u8>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Bytes`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct BytesArguments {
        pub value: Vec<u8>,
    }

    impl Value for BytesArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: Vec::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.value = Value::read(input).at("Echo.bytes", "value")?;
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
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Bytes`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct BytesResult {
        pub success: Option<Vec<u8>>,
    }

    impl Value for BytesResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Echo.bytes", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<Vec<u8>, NoException>> for BytesResult {
        fn from(outcome: Result<Vec<u8>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.mood`
    #[derive(Clone, Copy, Debug)]
    pub struct Mood;

    impl Method for Mood {
        const NAME: &'static str = "mood";
        const FULL_NAME: &'static str = "Echo.mood";
        const ONEWAY: bool = false;
        type Arguments = MoodArguments;
        type Output = super::Mood;
        type Exception = NoException;
        type Result = MoodResult;

        fn outcome(result: MoodResult) -> Option<Result<super::Mood, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Mood`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MoodArguments {
        pub value: super::Mood,
    }

    impl Value for MoodArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                value: super::Mood::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.value = Value::read(input).at("Echo.mood", "value")?;
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
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Mood`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MoodResult {
        pub success: Option<super::Mood>,
    }

    impl Value for MoodResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Echo.mood", "success")?,
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

    impl From<Result<super::Mood, NoException>> for MoodResult {
        fn from(outcome: Result<super::Mood, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.stamp`
    #[derive(Clone, Copy, Debug)]
    pub struct Stamp;

    impl Method for Stamp {
        const NAME: &'static str = "stamp";
        const FULL_NAME: &'static str = "Echo.stamp";
        const ONEWAY: bool = false;
        type Arguments = StampArguments;
        type Output = super::Stamp;
        type Exception = NoException;
        type Result = StampResult;

        fn outcome(result: StampResult) -> Option<Result<super::Stamp, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Stamp`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct StampArguments {
        pub value: super::Stamp,
    }

    impl Value for StampArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I64) => {
                        this.value = Value::read(input).at("Echo.stamp", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I64);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Stamp`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct StampResult {
        pub success: Option<super::Stamp>,
    }

    impl Value for StampResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I64) => {
                        this.success = Some(
                            Value::read(input).at("Echo.stamp", "success")?,
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
                output.field(&mut fields, 0, Kind::I64);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Stamp, NoException>> for StampResult {
        fn from(outcome: Result<super::Stamp, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.shape`
    #[derive(Clone, Copy, Debug)]
    pub struct Shape;

    impl Method for Shape {
        const NAME: &'static str = "shape";
        const FULL_NAME: &'static str = "Echo.shape";
        const ONEWAY: bool = false;
        type Arguments = ShapeArguments;
        type Output = super::Shape;
        type Exception = NoException;
        type Result = ShapeResult;

        fn outcome(result: ShapeResult) -> Option<Result<super::Shape, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Shape`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShapeArguments {
        pub value: super::Shape,
    }

    impl Value for ShapeArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut value = None;
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        value = Some(Value::read(input).at("Echo.shape", "value")?);
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(Self {
                value: value
                    .ok_or_else(|| ProtocolError::missing("Echo.shape", "value"))?,
            })
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Shape`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ShapeResult {
        pub success: Option<super::Shape>,
    }

    impl Value for ShapeResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Echo.shape", "success")?,
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

    impl From<Result<super::Shape, NoException>> for ShapeResult {
        fn from(outcome: Result<super::Shape, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.tree`
    #[derive(Clone, Copy, Debug)]
    pub struct Tree;

    impl Method for Tree {
        const NAME: &'static str = "tree";
        const FULL_NAME: &'static str = "Echo.tree";
        const ONEWAY: bool = false;
        type Arguments = TreeArguments;
        type Output = super::Tree;
        type Exception = NoException;
        type Result = TreeResult;

        fn outcome(result: TreeResult) -> Option<Result<super::Tree, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Tree`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct TreeArguments {
        pub value: super::Tree,
    }

    impl Value for TreeArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                value: super::Tree::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.value = Value::read(input).at("Echo.tree", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Tree`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct TreeResult {
        pub success: Option<super::Tree>,
    }

    impl Value for TreeResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Echo.tree", "success")?,
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

    impl From<Result<super::Tree, NoException>> for TreeResult {
        fn from(outcome: Result<super::Tree, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.numbers`
    #[derive(Clone, Copy, Debug)]
    pub struct Numbers;

    impl Method for Numbers {
        const NAME: &'static str = "numbers";
        const FULL_NAME: &'static str = "Echo.numbers";
        const ONEWAY: bool = false;
        type Arguments = NumbersArguments;
        type Output = Vec<i64>;
        type Exception = NoException;
        type Result = NumbersResult;

        fn outcome(result: NumbersResult) -> Option<Result<Vec<i64>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Numbers`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NumbersArguments {
        pub value: Vec<i64>,
    }

    impl Value for NumbersArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: Vec::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::List) => {
                        this.value = Value::read(input).at("Echo.numbers", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::List);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Numbers`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NumbersResult {
        pub success: Option<Vec<i64>>,
    }

    impl Value for NumbersResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::List) => {
                        this.success = Some(
                            Value::read(input).at("Echo.numbers", "success")?,
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
                output.field(&mut fields, 0, Kind::List);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<Vec<i64>, NoException>> for NumbersResult {
        fn from(outcome: Result<Vec<i64>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.words`
    #[derive(Clone, Copy, Debug)]
    pub struct Words;

    impl Method for Words {
        const NAME: &'static str = "words";
        const FULL_NAME: &'static str = "Echo.words";
        const ONEWAY: bool = false;
        type Arguments = WordsArguments;
        type Output = BTreeSet<String>;
        type Exception = NoException;
        type Result = WordsResult;

        fn outcome(
            result: WordsResult,
        ) -> Option<Result<BTreeSet<String>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Words`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WordsArguments {
        pub value: BTreeSet<String>,
    }

    impl Value for WordsArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: BTreeSet::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Set) => {
                        this.value = Value::read(input).at("Echo.words", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Set);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Words`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WordsResult {
        pub success: Option<BTreeSet<String>>,
    }

    impl Value for WordsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Set) => {
                        this.success = Some(
                            Value::read(input).at("Echo.words", "success")?,
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
                output.field(&mut fields, 0, Kind::Set);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<BTreeSet<String>, NoException>> for WordsResult {
        fn from(outcome: Result<BTreeSet<String>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.flags`
    #[derive(Clone, Copy, Debug)]
    pub struct Flags;

    impl Method for Flags {
        const NAME: &'static str = "flags";
        const FULL_NAME: &'static str = "Echo.flags";
        const ONEWAY: bool = false;
        type Arguments = FlagsArguments;
        type Output = BTreeMap<i32, bool>;
        type Exception = NoException;
        type Result = FlagsResult;

        fn outcome(
            result: FlagsResult,
        ) -> Option<Result<BTreeMap<i32, bool>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Flags`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FlagsArguments {
        pub value: BTreeMap<i32, bool>,
    }

    impl Value for FlagsArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: BTreeMap::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Map) => {
                        this.value = Value::read(input).at("Echo.flags", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Map);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Flags`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FlagsResult {
        pub success: Option<BTreeMap<i32, bool>>,
    }

    impl Value for FlagsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Map) => {
                        this.success = Some(
                            Value::read(input).at("Echo.flags", "success")?,
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
                output.field(&mut fields, 0, Kind::Map);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<BTreeMap<i32, bool>, NoException>> for FlagsResult {
        fn from(outcome: Result<BTreeMap<i32, bool>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.atlas`
    #[derive(Clone, Copy, Debug)]
    pub struct Atlas;

    impl Method for Atlas {
        const NAME: &'static str = "atlas";
        const FULL_NAME: &'static str = "Echo.atlas";
        const ONEWAY: bool = false;
        type Arguments = AtlasArguments;
        type Output = super::Atlas;
        type Exception = NoException;
        type Result = AtlasResult;

        fn outcome(result: AtlasResult) -> Option<Result<super::Atlas, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Atlas`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AtlasArguments {
        pub value: super::Atlas,
    }

    impl Value for AtlasArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { value: BTreeMap::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Map) => {
                        this.value = Value::read(input).at("Echo.atlas", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Map);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Atlas`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AtlasResult {
        pub success: Option<super::Atlas>,
    }

    impl Value for AtlasResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Map) => {
                        this.success = Some(
                            Value::read(input).at("Echo.atlas", "success")?,
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
                output.field(&mut fields, 0, Kind::Map);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Atlas, NoException>> for AtlasResult {
        fn from(outcome: Result<super::Atlas, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.options`
    #[derive(Clone, Copy, Debug)]
    pub struct Options;

    impl Method for Options {
        const NAME: &'static str = "options";
        const FULL_NAME: &'static str = "Echo.options";
        const ONEWAY: bool = false;
        type Arguments = OptionsArguments;
        type Output = super::Options;
        type Exception = NoException;
        type Result = OptionsResult;

        fn outcome(
            result: OptionsResult,
        ) -> Option<Result<super::Options, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Options`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct OptionsArguments {
        pub value: super::Options,
    }

    impl Value for OptionsArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                value: super::Options::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.value = Value::read(input).at("Echo.options", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Options`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct OptionsResult {
        pub success: Option<super::Options>,
    }

    impl Value for OptionsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Echo.options", "success")?,
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

    impl From<Result<super::Options, NoException>> for OptionsResult {
        fn from(outcome: Result<super::Options, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.everything`
    #[derive(Clone, Copy, Debug)]
    pub struct Everything;

    impl Method for Everything {
        const NAME: &'static str = "everything";
        const FULL_NAME: &'static str = "Echo.everything";
        const ONEWAY: bool = false;
        type Arguments = EverythingArguments;
        type Output = super::Everything;
        type Exception = NoException;
        type Result = EverythingResult;

        fn outcome(
            result: EverythingResult,
        ) -> Option<Result<super::Everything, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Everything`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct EverythingArguments {
        pub value: super::Everything,
    }

    impl Value for EverythingArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                value: super::Everything::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.value = Value::read(input).at("Echo.everything", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Everything`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EverythingResult {
        pub success: Option<super::Everything>,
    }

    impl Value for EverythingResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Echo.everything", "success")?,
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

    impl From<Result<super::Everything, NoException>> for EverythingResult {
        fn from(outcome: Result<super::Everything, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.sample`
    #[derive(Clone, Copy, Debug)]
    pub struct Sample;

    impl Method for Sample {
        const NAME: &'static str = "sample";
        const FULL_NAME: &'static str = "Echo.sample";
        const ONEWAY: bool = false;
        type Arguments = SampleArguments;
        type Output = super::Everything;
        type Exception = NoException;
        type Result = SampleResult;

        fn outcome(
            result: SampleResult,
        ) -> Option<Result<super::Everything, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Sample`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SampleArguments {
        pub which: super::Sample,
    }

    impl Value for SampleArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                which: super::Sample::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.which = Value::read(input).at("Echo.sample", "which")?;
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
            self.which.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Sample`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SampleResult {
        pub success: Option<super::Everything>,
    }

    impl Value for SampleResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Echo.sample", "success")?,
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

    impl From<Result<super::Everything, NoException>> for SampleResult {
        fn from(outcome: Result<super::Everything, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.same`
    #[derive(Clone, Copy, Debug)]
    pub struct Same;

    impl Method for Same {
        const NAME: &'static str = "same";
        const FULL_NAME: &'static str = "Echo.same";
        const ONEWAY: bool = false;
        type Arguments = SameArguments;
        type Output = bool;
        type Exception = NoException;
        type Result = SameResult;

        fn outcome(result: SameResult) -> Option<Result<bool, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Same`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SameArguments {
        pub which: super::Sample,
        pub value: super::Everything,
    }

    impl Value for SameArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                which: super::Sample::default(),
                value: super::Everything::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.which = Value::read(input).at("Echo.same", "which")?;
                    }
                    (2, Kind::Struct) => {
                        this.value = Value::read(input).at("Echo.same", "value")?;
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
            self.which.write(output)?;
            output.field(&mut fields, 2, Kind::Struct);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Same`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SameResult {
        pub success: Option<bool>,
    }

    impl Value for SameResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Bool) => {
                        this.success = Some(
                            Value::read(input).at("Echo.same", "success")?,
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
                output.field(&mut fields, 0, Kind::Bool);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<bool, NoException>> for SameResult {
        fn from(outcome: Result<bool, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.sum`
    #[derive(Clone, Copy, Debug)]
    pub struct Sum;

    impl Method for Sum {
        const NAME: &'static str = "sum";
        const FULL_NAME: &'static str = "Echo.sum";
        const ONEWAY: bool = false;
        type Arguments = SumArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = SumResult;

        fn outcome(result: SumResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Sum`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SumArguments {
        pub left: i32,
        pub right: i32,
    }

    impl Value for SumArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { left: 0, right: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.left = Value::read(input).at("Echo.sum", "left")?;
                    }
                    (2, Kind::I32) => {
                        this.right = Value::read(input).at("Echo.sum", "right")?;
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
            self.left.write(output)?;
            output.field(&mut fields, 2, Kind::I32);
            self.right.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Sum`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SumResult {
        pub success: Option<i32>,
    }

    impl Value for SumResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Echo.sum", "success")?,
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

    impl From<Result<i32, NoException>> for SumResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.check`
    #[derive(Clone, Copy, Debug)]
    pub struct Check;

    impl Method for Check {
        const NAME: &'static str = "check";
        const FULL_NAME: &'static str = "Echo.check";
        const ONEWAY: bool = false;
        type Arguments = CheckArguments;
        type Output = ();
        type Exception = CheckException;
        type Result = CheckResult;

        fn outcome(result: CheckResult) -> Option<Result<(), CheckException>> {
            if let Some(exception) = result.refused {
                return Some(Err(CheckException::Refused(exception)));
            }
            if let Some(exception) = result.missing {
                return Some(Err(CheckException::Missing(exception)));
            }
            Some(Ok(()))
        }
    }

    /// The arguments of [`Check`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CheckArguments {
        pub code: i32,
    }

    impl Value for CheckArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { code: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.code = Value::read(input).at("Echo.check", "code")?;
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
            self.code.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Check`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CheckResult {
        pub refused: Option<super::Refused>,
        pub missing: Option<super::Missing>,
    }

    impl Value for CheckResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                refused: None,
                missing: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.refused = Some(
                            Value::read(input).at("Echo.check", "refused")?,
                        );
                    }
                    (2, Kind::Struct) => {
                        this.missing = Some(
                            Value::read(input).at("Echo.check", "missing")?,
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
            if let Some(value) = &self.refused {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.missing {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), CheckException>> for CheckResult {
        fn from(outcome: Result<(), CheckException>) -> Self {
            match outcome {
                Ok(()) => Self::default(),
                Err(CheckException::Refused(exception)) => {
                    Self {
                        refused: Some(exception),
                        ..Self::default()
                    }
                }
                Err(CheckException::Missing(exception)) => {
                    Self {
                        missing: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Check`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum CheckException {
        Refused(super::Refused),
        Missing(super::Missing),
    }

    impl fmt::Display for CheckException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Refused(exception) => fmt::Display::fmt(exception, f),
                Self::Missing(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for CheckException {}

    impl From<super::Refused> for CheckException {
        fn from(exception: super::Refused) -> Self {
            Self::Refused(exception)
        }
    }

    impl From<super::Missing> for CheckException {
        fn from(exception: super::Missing) -> Self {
            Self::Missing(exception)
        }
    }

    /// `Echo.number`
    #[derive(Clone, Copy, Debug)]
    pub struct Number;

    impl Method for Number {
        const NAME: &'static str = "number";
        const FULL_NAME: &'static str = "Echo.number";
        const ONEWAY: bool = false;
        type Arguments = NumberArguments;
        type Output = i32;
        type Exception = NumberException;
        type Result = NumberResult;

        fn outcome(result: NumberResult) -> Option<Result<i32, NumberException>> {
            if let Some(exception) = result.refused {
                return Some(Err(NumberException::Refused(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Number`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NumberArguments {
        pub code: i32,
    }

    impl Value for NumberArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { code: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.code = Value::read(input).at("Echo.number", "code")?;
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
            self.code.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Number`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NumberResult {
        pub success: Option<i32>,
        pub refused: Option<super::Refused>,
    }

    impl Value for NumberResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                refused: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Echo.number", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.refused = Some(
                            Value::read(input).at("Echo.number", "refused")?,
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
            if let Some(value) = &self.refused {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, NumberException>> for NumberResult {
        fn from(outcome: Result<i32, NumberException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(NumberException::Refused(exception)) => {
                    Self {
                        refused: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Number`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum NumberException {
        Refused(super::Refused),
    }

    impl fmt::Display for NumberException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Refused(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for NumberException {}

    impl From<super::Refused> for NumberException {
        fn from(exception: super::Refused) -> Self {
            Self::Refused(exception)
        }
    }

    /// `Echo.fail`
    #[derive(Clone, Copy, Debug)]
    pub struct Fail;

    impl Method for Fail {
        const NAME: &'static str = "fail";
        const FULL_NAME: &'static str = "Echo.fail";
        const ONEWAY: bool = false;
        type Arguments = FailArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = FailResult;

        fn outcome(result: FailResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Fail`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FailArguments {
        pub why: String,
    }

    impl Value for FailArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { why: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.why = Value::read(input).at("Echo.fail", "why")?;
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
            self.why.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Fail`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FailResult {
        pub success: Option<i32>,
    }

    impl Value for FailResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Echo.fail", "success")?,
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

    impl From<Result<i32, NoException>> for FailResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Echo.note`
    #[derive(Clone, Copy, Debug)]
    pub struct Note;

    impl Method for Note {
        const NAME: &'static str = "note";
        const FULL_NAME: &'static str = "Echo.note";
        const ONEWAY: bool = true;
        type Arguments = NoteArguments;
        type Output = ();
        type Exception = NoException;
        type Result = NoteResult;

        fn outcome(_: NoteResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Note`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NoteArguments {
        pub text: String,
    }

    impl Value for NoteArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { text: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.text = Value::read(input).at("Echo.note", "text")?;
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
            self.text.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Note`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NoteResult {}

    impl Value for NoteResult {
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

    impl From<Result<(), NoException>> for NoteResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

pub use echo_methods::{CheckException, NumberException};
