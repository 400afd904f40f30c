// Generated from all_types.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::marker::PhantomData;
use std::sync::LazyLock;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, Bytes, CallError, Caller, Incoming, Kind, Locate,
    NoException, OrderedDouble, Process, Processor, Protocol, ProtocolError,
    ProtocolErrorKind, Read, Served, Uuid, Value, Write,
};

use super::base;

/// A double by another name.
pub type Score = f64;

/// The same as a key of a map or an element of a set.
pub type ScoreKey = OrderedDouble;

pub type Scores = HashMap<String, Score>;

pub type Row = Vec<Score>;

/// The same as a key of a map or an element of a set.
pub type RowKey = Vec<ScoreKey>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mood(pub i32);

impl Mood {
    pub const GOOD: Self = Self(1);
    /// Worse than \[GOOD\].
    pub const BAD: Self = Self(2);
    pub const AWFUL: Self = Self(2);
    pub const BLUE_GREEN: Self = Self(-5);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::GOOD, Self::BAD, Self::BLUE_GREEN];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::GOOD => Some("GOOD"),
            Self::BAD => Some("BAD"),
            Self::BLUE_GREEN => Some("blueGreen"),
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

/// Used as a key: its numbers are ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub x: OrderedDouble,
    pub y: ScoreKey,
    pub tags: Option<BTreeSet<String>>,
}

impl Default for Point {
    fn default() -> Self {
        Self {
            x: OrderedDouble(0.0),
            y: OrderedDouble(1.5),
            tags: None,
        }
    }
}

impl Value for Point {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            x: OrderedDouble(0.0),
            y: OrderedDouble(1.5),
            tags: None,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Double) => this.x = Value::read(input).at("Point", "x")?,
                (2, Kind::Double) => this.y = Value::read(input).at("Point", "y")?,
                (3, Kind::Set) => {
                    this.tags = Some(Value::read(input).at("Point", "tags")?);
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
        self.x.write(output)?;
        output.field(&mut fields, 2, Kind::Double);
        self.y.write(output)?;
        if let Some(value) = &self.tags {
            output.field(&mut fields, 3, Kind::Set);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

/// All the types, each once.
#[derive(Clone, Debug, PartialEq)]
pub struct Everything {
    pub flag: bool,
    pub tiny: i8,
    pub small: i16,
    pub medium: i32,
    pub large: i64,
    pub real: f64,
    pub text: String,
    pub bytes: Bytes,
    pub id: Uuid,
    pub numbers: Vec<i32>,
    pub words: HashSet<String>,
    pub moods: HashMap<String, Vec<Mood>>,
    pub mood: Mood,
    pub point: Point,
    pub places: HashMap<Point, Scores>,
    pub doubles: HashSet<OrderedDouble>,
    pub rows: HashMap<RowKey, HashSet<BTreeSet<i32>>>,
    pub nested: Vec<HashMap<i32, Point>>,
    pub scores: Scores,
}

#[allow(clippy::approx_constant)]
impl Default for Everything {
    fn default() -> Self {
        Self {
            flag: true,
            tiny: 0,
            small: -3,
            medium: 0,
            large: -9223372036854775808,
            real: 3.14159,
            text: String::from("it's \"quoted\"\n"),
            bytes: Bytes::from_static(b"raw"),
            id: Uuid::default(),
            numbers: vec![1, 2, 3],
            words: HashSet::from([String::from("a"), String::from("b")]),
            moods: HashMap::from([(String::from("x"), vec![Mood::GOOD])]),
            mood: Mood::BAD,
            point: Point {
                x: OrderedDouble(2.5),
                y: OrderedDouble(1.5),
                tags: None,
            },
            places: HashMap::new(),
            doubles: HashSet::new(),
            rows: HashMap::new(),
            nested: Vec::new(),
            scores: HashMap::new(),
        }
    }
}

#[allow(clippy::approx_constant)]
impl Value for Everything {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            flag: true,
            tiny: 0,
            small: -3,
            medium: 0,
            large: -9223372036854775808,
            real: 3.14159,
            text: String::from("it's \"quoted\"\n"),
            bytes: Bytes::from_static(b"raw"),
            id: Uuid::default(),
            numbers: vec![1, 2, 3],
            words: HashSet::from([String::from("a"), String::from("b")]),
            moods: HashMap::from([(String::from("x"), vec![Mood::GOOD])]),
            mood: Mood::BAD,
            point: Point {
                x: OrderedDouble(2.5),
                y: OrderedDouble(1.5),
                tags: None,
            },
            places: HashMap::new(),
            doubles: HashSet::new(),
            rows: HashMap::new(),
            nested: Vec::new(),
            scores: HashMap::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Bool) => {
                    this.flag = Value::read(input).at("Everything", "flag")?;
                }
                (2, Kind::I8) => this.tiny = Value::read(input).at("Everything", "tiny")?,
                (3, Kind::I16) => {
                    this.small = Value::read(input).at("Everything", "small")?;
                }
                (4, Kind::I32) => {
                    this.medium = Value::read(input).at("Everything", "medium")?;
                }
                (5, Kind::I64) => {
                    this.large = Value::read(input).at("Everything", "large")?;
                }
                (6, Kind::Double) => {
                    this.real = Value::read(input).at("Everything", "real")?;
                }
                (7, Kind::String) => {
                    this.text = Value::read(input).at("Everything", "text")?;
                }
                (8, Kind::String) => {
                    this.bytes = Value::read(input).at("Everything", "bytes")?;
                }
                (9, Kind::Uuid) => this.id = Value::read(input).at("Everything", "id")?,
                (10, Kind::List) => {
                    this.numbers = Value::read(input).at("Everything", "numbers")?;
                }
                (11, Kind::Set) => {
                    this.words = Value::read(input).at("Everything", "words")?;
                }
                (12, Kind::Map) => {
                    this.moods = Value::read(input).at("Everything", "moods")?;
                }
                (13, Kind::I32) => {
                    this.mood = Value::read(input).at("Everything", "mood")?;
                }
                (14, Kind::Struct) => {
                    this.point = Value::read(input).at("Everything", "point")?;
                }
                (15, Kind::Map) => {
                    this.places = Value::read(input).at("Everything", "places")?;
                }
                (16, Kind::Set) => {
                    this.doubles = Value::read(input).at("Everything", "doubles")?;
                }
                (17, Kind::Map) => {
                    this.rows = Value::read(input).at("Everything", "rows")?;
                }
                (18, Kind::List) => {
                    this.nested = Value::read(input).at("Everything", "nested")?;
                }
                (19, Kind::Map) => {
                    this.scores = Value::read(input).at("Everything", "scores")?;
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
        self.flag.write(output)?;
        output.field(&mut fields, 2, Kind::I8);
        self.tiny.write(output)?;
        output.field(&mut fields, 3, Kind::I16);
        self.small.write(output)?;
        output.field(&mut fields, 4, Kind::I32);
        self.medium.write(output)?;
        output.field(&mut fields, 5, Kind::I64);
        self.large.write(output)?;
        output.field(&mut fields, 6, Kind::Double);
        self.real.write(output)?;
        output.field(&mut fields, 7, Kind::String);
        self.text.write(output)?;
        output.field(&mut fields, 8, Kind::String);
        self.bytes.write(output)?;
        output.field(&mut fields, 9, Kind::Uuid);
        self.id.write(output)?;
        output.field(&mut fields, 10, Kind::List);
        self.numbers.write(output)?;
        output.field(&mut fields, 11, Kind::Set);
        self.words.write(output)?;
        output.field(&mut fields, 12, Kind::Map);
        self.moods.write(output)?;
        output.field(&mut fields, 13, Kind::I32);
        self.mood.write(output)?;
        output.field(&mut fields, 14, Kind::Struct);
        self.point.write(output)?;
        output.field(&mut fields, 15, Kind::Map);
        self.places.write(output)?;
        output.field(&mut fields, 16, Kind::Set);
        self.doubles.write(output)?;
        output.field(&mut fields, 17, Kind::Map);
        self.rows.write(output)?;
        output.field(&mut fields, 18, Kind::List);
        self.nested.write(output)?;
        output.field(&mut fields, 19, Kind::Map);
        self.scores.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub needed: i32,
    pub maybe: Option<i32>,
    pub preset: Option<i32>,
    pub plain: i32,
    pub named: String,
    pub shape: Option<Shape>,
    pub plain_shape: Option<Shape>,
    pub mood: Mood,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            needed: 0,
            maybe: None,
            preset: Some(7),
            plain: 9,
            named: String::from("anna"),
            shape: None,
            plain_shape: None,
            mood: Mood::default(),
        }
    }
}

impl Value for Options {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut needed = None;
        let mut maybe = None;
        let mut preset = Some(7);
        let mut plain = 9;
        let mut named = None;
        let mut shape = None;
        let mut plain_shape = None;
        let mut mood = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => {
                    needed = Some(Value::read(input).at("Options", "needed")?);
                }
                (2, Kind::I32) => {
                    maybe = Some(Value::read(input).at("Options", "maybe")?);
                }
                (3, Kind::I32) => {
                    preset = Some(Value::read(input).at("Options", "preset")?);
                }
                (4, Kind::I32) => plain = Value::read(input).at("Options", "plain")?,
                (5, Kind::String) => {
                    named = Some(Value::read(input).at("Options", "named")?);
                }
                (6, Kind::Struct) => {
                    shape = Some(Value::read(input).at("Options", "shape")?);
                }
                (7, Kind::Struct) => {
                    plain_shape = Some(Value::read(input).at("Options", "plain_shape")?);
                }
                (8, Kind::I32) => mood = Some(Value::read(input).at("Options", "mood")?),
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            needed: needed.ok_or_else(|| ProtocolError::missing("Options", "needed"))?,
            maybe,
            preset,
            plain,
            named: named.ok_or_else(|| ProtocolError::missing("Options", "named"))?,
            shape,
            plain_shape,
            mood: mood.ok_or_else(|| ProtocolError::missing("Options", "mood"))?,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.needed.write(output)?;
        if let Some(value) = &self.maybe {
            output.field(&mut fields, 2, Kind::I32);
            value.write(output)?;
        }
        if let Some(value) = &self.preset {
            output.field(&mut fields, 3, Kind::I32);
            value.write(output)?;
        }
        output.field(&mut fields, 4, Kind::I32);
        self.plain.write(output)?;
        output.field(&mut fields, 5, Kind::String);
        self.named.write(output)?;
        if let Some(value) = &self.shape {
            output.field(&mut fields, 6, Kind::Struct);
            value.write(output)?;
        }
        if let Some(value) = &self.plain_shape {
            output.field(&mut fields, 7, Kind::Struct);
            value.write(output)?;
        }
        output.field(&mut fields, 8, Kind::I32);
        self.mood.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    pub shape: Shape,
}

impl Value for Drawing {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut shape = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => {
                    shape = Some(Value::read(input).at("Drawing", "shape")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            shape: shape.ok_or_else(|| ProtocolError::missing("Drawing", "shape"))?,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Struct);
        self.shape.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pub drawing: Option<Drawing>,
    pub title: Option<String>,
}

impl Value for Frame {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { drawing: None, title: None };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => {
                    this.drawing = Some(Value::read(input).at("Frame", "drawing")?);
                }
                (2, Kind::String) => {
                    this.title = Some(Value::read(input).at("Frame", "title")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.drawing {
            output.field(&mut fields, 1, Kind::Struct);
            value.write(output)?;
        }
        if let Some(value) = &self.title {
            output.field(&mut fields, 2, Kind::String);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

/// One of several.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Shape {
    Dot(Point),
    Circle(f64),
    /// Two of them, one within the other.
    Group(Vec<Self>),
    Text(String),
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
                    (1, Kind::Struct) => {
                        Self::Dot(Value::read(input).at("Shape", "dot")?)
                    }
                    (2, Kind::Double) => {
                        Self::Circle(Value::read(input).at("Shape", "circle")?)
                    }
                    (3, Kind::List) => {
                        Self::Group(Value::read(input).at("Shape", "group")?)
                    }
                    (4, Kind::String) => {
                        Self::Text(Value::read(input).at("Shape", "text")?)
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
            Self::Dot(value) => {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            Self::Circle(value) => {
                output.field(&mut fields, 2, Kind::Double);
                value.write(output)?;
            }
            Self::Group(value) => {
                output.field(&mut fields, 3, Kind::List);
                value.write(output)?;
            }
            Self::Text(value) => {
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

/// A tree, whose branches are trees.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tree {
    pub value: i32,
    pub left: Option<Box<Self>>,
    pub right: Option<Box<Self>>,
    pub others: Vec<Self>,
}

impl Value for Tree {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            value: 0,
            left: None,
            right: None,
            others: Vec::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.value = Value::read(input).at("Tree", "value")?,
                (2, Kind::Struct) => {
                    this.left = Some(Value::read(input).at("Tree", "left")?);
                }
                (3, Kind::Struct) => {
                    this.right = Some(Value::read(input).at("Tree", "right")?);
                }
                (4, Kind::List) => this.others = Value::read(input).at("Tree", "others")?,
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
        if let Some(value) = &self.left {
            output.field(&mut fields, 2, Kind::Struct);
            value.write(output)?;
        }
        if let Some(value) = &self.right {
            output.field(&mut fields, 3, Kind::Struct);
            value.write(output)?;
        }
        output.field(&mut fields, 4, Kind::List);
        self.others.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chicken {
    pub egg: Option<Box<Egg>>,
}

impl Value for Chicken {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { egg: None };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => {
                    this.egg = Some(Value::read(input).at("Chicken", "egg")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.egg {
            output.field(&mut fields, 1, Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Egg {
    pub chicken: Box<Chicken>,
}

impl Value for Egg {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut chicken = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => {
                    chicken = Some(Value::read(input).at("Egg", "chicken")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            chicken: chicken.ok_or_else(|| ProtocolError::missing("Egg", "chicken"))?,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Struct);
        self.chicken.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Expression {
    Number(i32),
    Sum(Box<Sum>),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for Expression {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union Expression",
                    ),
                );
            }
            member = Some(
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        Self::Number(Value::read(input).at("Expression", "number")?)
                    }
                    (2, Kind::Struct) => {
                        Self::Sum(Value::read(input).at("Expression", "sum")?)
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
                "no member of union Expression",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::Number(value) => {
                output.field(&mut fields, 1, Kind::I32);
                value.write(output)?;
            }
            Self::Sum(value) => {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            Self::Unknown { id } => {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union Expression is unknown here and cannot be written"
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
pub struct Sum {
    pub left: Box<Expression>,
    pub right: Box<Expression>,
}

impl Value for Sum {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut left = None;
        let mut right = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => left = Some(Value::read(input).at("Sum", "left")?),
                (2, Kind::Struct) => right = Some(Value::read(input).at("Sum", "right")?),
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            left: left.ok_or_else(|| ProtocolError::missing("Sum", "left"))?,
            right: right.ok_or_else(|| ProtocolError::missing("Sum", "right"))?,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Struct);
        self.left.write(output)?;
        output.field(&mut fields, 2, Kind::Struct);
        self.right.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Failed {
    pub code: i32,
    pub message: String,
}

impl Value for Failed {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            code: 0,
            message: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.code = Value::read(input).at("Failed", "code")?,
                (2, Kind::String) => {
                    this.message = Value::read(input).at("Failed", "message")?;
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
        output.field(&mut fields, 2, Kind::String);
        self.message.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failed {}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vague {
    pub message: Option<String>,
    pub mood: Mood,
}

impl Value for Vague {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            message: None,
            mood: Mood::default(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.message = Some(Value::read(input).at("Vague", "message")?);
                }
                (2, Kind::I32) => this.mood = Value::read(input).at("Vague", "mood")?,
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
        output.field(&mut fields, 2, Kind::I32);
        self.mood.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Vague {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => f.write_str(message),
            None => write!(f, "{self:?}"),
        }
    }
}

impl std::error::Error for Vague {}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Empty {}

impl Value for Empty {
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

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Empty {}

pub const ANSWER: i32 = 42;
pub const GREETING: &str = "hello";
pub const AGAIN: &str = GREETING;
pub const RAW: &[u8] = b"a\'b";
pub const RATIO: f64 = 2.5;
pub const YES: bool = true;
pub const FAVOURITE: Mood = Mood::BLUE_GREEN;
pub const ID: Uuid = Uuid(0x00112233445566778899aabbccddeeff_u128.to_be_bytes());

pub static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    vec![String::from("a"), String::from(GREETING)]
});

pub static POINTS: LazyLock<HashMap<String, Point>> = LazyLock::new(|| HashMap::from([
    (
        String::from("origin"),
        Point {
            x: OrderedDouble(0.0),
            y: OrderedDouble(RATIO),
            tags: None,
        },
    ),
]));

pub static LEVELS: LazyLock<HashSet<OrderedDouble>> = LazyLock::new(|| HashSet::from([
    OrderedDouble(1.5),
    OrderedDouble(RATIO),
]));

#[allow(clippy::approx_constant)]
pub static ALL: LazyLock<Everything> = LazyLock::new(|| Everything {
    flag: true,
    tiny: 1,
    small: -3,
    medium: 0,
    large: -9223372036854775808,
    real: 3.14159,
    text: String::from(GREETING),
    bytes: Bytes::from_static(RAW),
    id: Uuid::default(),
    numbers: vec![ANSWER],
    words: HashSet::from([String::from("a"), String::from("b")]),
    moods: HashMap::from([(String::from("x"), vec![Mood::GOOD])]),
    mood: Mood::BAD,
    point: Point {
        x: OrderedDouble(2.5),
        y: OrderedDouble(1.5),
        tags: None,
    },
    places: HashMap::new(),
    doubles: HashSet::new(),
    rows: HashMap::new(),
    nested: Vec::new(),
    scores: HashMap::new(),
});

pub static ROUND: LazyLock<Shape> = LazyLock::new(|| Shape::Circle(1.0));

/// Does everything.
pub trait Painter: Sized + 'static {
    /// Paints a shape.
    fn paint(
        cx: &mut Context<'_, Self>,
        shape: Shape,
        times: i32,
        at: Point,
    ) -> Answer<Shape, PaintException>;

    fn moods(cx: &mut Context<'_, Self>) -> Answer<Vec<Mood>>;

    fn grow(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<Tree, GrowException>;

    fn rest(cx: &mut Context<'_, Self>) -> Answer<(), RestException>;

    #[allow(clippy::too_many_arguments)]
    fn everything(
        cx_: &mut Context<'_, Self>,
        cx: Everything,
        call: bool,
        arguments: i8,
        input: i16,
        self_: i32,
        fields: i64,
        output: Mood,
        field: String,
    ) -> Answer<Everything>;

    fn forget(cx: &mut Context<'_, Self>, what: HashMap<String, Bytes>) -> Answer<()>;
}

/// [`Painter`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait PainterNull: Sized + 'static {
    /// Paints a shape.
    fn paint(
        cx: &mut Context<'_, Self>,
        shape: Shape,
        times: i32,
        at: Point,
    ) -> Answer<Shape, PaintException> {
        let _ = (cx, shape, times, at);
        Answer::failed("paint is not overridden")
    }

    fn moods(cx: &mut Context<'_, Self>) -> Answer<Vec<Mood>> {
        let _ = cx;
        Answer::Value(Vec::new())
    }

    fn grow(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<Tree, GrowException> {
        let _ = (cx, tree);
        Answer::Value(Tree::default())
    }

    fn rest(cx: &mut Context<'_, Self>) -> Answer<(), RestException> {
        let _ = cx;
        Answer::Value(())
    }

    #[allow(clippy::too_many_arguments)]
    fn everything(
        cx_: &mut Context<'_, Self>,
        cx: Everything,
        call: bool,
        arguments: i8,
        input: i16,
        self_: i32,
        fields: i64,
        output: Mood,
        field: String,
    ) -> Answer<Everything> {
        let _ = (cx_, cx, call, arguments, input, self_, fields, output, field);
        Answer::Value(Everything::default())
    }

    fn forget(cx: &mut Context<'_, Self>, what: HashMap<String, Bytes>) -> Answer<()> {
        let _ = (cx, what);
        Answer::Value(())
    }
}

impl<S: PainterNull> Painter for S {
    fn paint(
        cx: &mut Context<'_, Self>,
        shape: Shape,
        times: i32,
        at: Point,
    ) -> Answer<Shape, PaintException> {
        <Self as PainterNull>::paint(cx, shape, times, at)
    }

    fn moods(cx: &mut Context<'_, Self>) -> Answer<Vec<Mood>> {
        <Self as PainterNull>::moods(cx)
    }

    fn grow(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<Tree, GrowException> {
        <Self as PainterNull>::grow(cx, tree)
    }

    fn rest(cx: &mut Context<'_, Self>) -> Answer<(), RestException> {
        <Self as PainterNull>::rest(cx)
    }

    #[allow(clippy::too_many_arguments)]
    fn everything(
        cx_: &mut Context<'_, Self>,
        cx: Everything,
        call: bool,
        arguments: i8,
        input: i16,
        self_: i32,
        fields: i64,
        output: Mood,
        field: String,
    ) -> Answer<Everything> {
        <Self as PainterNull>::everything(
            cx_,
            cx,
            call,
            arguments,
            input,
            self_,
            fields,
            output,
            field,
        )
    }

    fn forget(cx: &mut Context<'_, Self>, what: HashMap<String, Bytes>) -> Answer<()> {
        <Self as PainterNull>::forget(cx, what)
    }
}

/// Finds the methods of `Painter` by their names.
pub struct PainterProcessor<S>(PhantomData<fn(S)>);

impl<S: Painter> Process<S> for PainterProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use painter_methods as methods;
        match call.name() {
            b"paint" => {
                call.serve::<methods::Paint>(|cx, arguments| {
                    let methods::PaintArguments { shape, times, at } = arguments;
                    S::paint(cx, shape, times, at)
                })
            }
            b"moods" => call.serve::<methods::Moods>(|cx, _| S::moods(cx)),
            b"grow" => {
                call.serve::<methods::Grow>(|cx, arguments| {
                    let methods::GrowArguments { tree } = arguments;
                    S::grow(cx, tree)
                })
            }
            b"rest" => call.serve::<methods::Rest>(|cx, _| S::rest(cx)),
            b"everything" => {
                call.serve::<methods::Everything>(|cx_, arguments| {
                    let methods::EverythingArguments {
                        cx,
                        call,
                        arguments,
                        input,
                        self_,
                        fields,
                        output,
                        field,
                    } = arguments;
                    S::everything(
                        cx_,
                        cx,
                        call,
                        arguments,
                        input,
                        self_,
                        fields,
                        output,
                        field,
                    )
                })
            }
            b"forget" => {
                call.serve::<methods::Forget>(|cx, arguments| {
                    let methods::ForgetArguments { what } = arguments;
                    S::forget(cx, what)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `Painter` to the links of a listener.
pub fn painter_processor<S: Painter>() -> Processor<S> {
    Processor::of::<PainterProcessor<S>>()
}

/// Calls `Painter` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct PainterClient {
    caller: Caller,
}

impl PainterClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Paints a shape.
    pub fn paint<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        shape: Shape,
        times: i32,
        at: Point,
    ) -> Deferred<Result<Shape, PaintException>> {
        let arguments = painter_methods::PaintArguments {
            shape,
            times,
            at,
        };
        self.caller.call_catching::<painter_methods::Paint, S>(cx, arguments)
    }

    pub fn moods<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<Vec<Mood>> {
        let arguments = painter_methods::MoodsArguments {};
        self.caller.call::<painter_methods::Moods, S>(cx, arguments)
    }

    pub fn grow<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        tree: Tree,
    ) -> Deferred<Result<Tree, GrowException>> {
        let arguments = painter_methods::GrowArguments {
            tree,
        };
        self.caller.call_catching::<painter_methods::Grow, S>(cx, arguments)
    }

    pub fn rest<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<Result<(), RestException>> {
        let arguments = painter_methods::RestArguments {};
        self.caller.call_catching::<painter_methods::Rest, S>(cx, arguments)
    }

    #[allow(clippy::too_many_arguments)]
    pub fn everything<S: 'static>(
        &self,
        cx_: &mut Context<'_, S>,
        cx: Everything,
        call: bool,
        arguments: i8,
        input: i16,
        self_: i32,
        fields: i64,
        output: Mood,
        field: String,
    ) -> Deferred<Everything> {
        let arguments_ = painter_methods::EverythingArguments {
            cx,
            call,
            arguments,
            input,
            self_,
            fields,
            output,
            field,
        };
        self.caller.call::<painter_methods::Everything, S>(cx_, arguments_)
    }

    pub fn forget<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        what: HashMap<String, Bytes>,
    ) -> oneloop::Result<()> {
        let arguments = painter_methods::ForgetArguments {
            what,
        };
        self.caller.send::<painter_methods::Forget, S>(cx, arguments)
    }
}

/// Calls `Painter` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct PainterBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> PainterBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    /// Paints a shape.
    pub fn paint(
        &mut self,
        shape: Shape,
        times: i32,
        at: Point,
    ) -> Result<Shape, CallError<PaintException>> {
        let arguments = painter_methods::PaintArguments {
            shape,
            times,
            at,
        };
        self.caller.call::<painter_methods::Paint>(arguments)
    }

    pub fn moods(&mut self) -> Result<Vec<Mood>, CallError<NoException>> {
        let arguments = painter_methods::MoodsArguments {};
        self.caller.call::<painter_methods::Moods>(arguments)
    }

    pub fn grow(&mut self, tree: Tree) -> Result<Tree, CallError<GrowException>> {
        let arguments = painter_methods::GrowArguments {
            tree,
        };
        self.caller.call::<painter_methods::Grow>(arguments)
    }

    pub fn rest(&mut self) -> Result<(), CallError<RestException>> {
        let arguments = painter_methods::RestArguments {};
        self.caller.call::<painter_methods::Rest>(arguments)
    }

    #[allow(clippy::too_many_arguments)]
    pub fn everything(
        &mut self,
        cx: Everything,
        call: bool,
        arguments: i8,
        input: i16,
        self_: i32,
        fields: i64,
        output: Mood,
        field: String,
    ) -> Result<Everything, CallError<NoException>> {
        let arguments_ = painter_methods::EverythingArguments {
            cx,
            call,
            arguments,
            input,
            self_,
            fields,
            output,
            field,
        };
        self.caller.call::<painter_methods::Everything>(arguments_)
    }

    pub fn forget(
        &mut self,
        what: HashMap<String, Bytes>,
    ) -> Result<(), CallError<NoException>> {
        let arguments = painter_methods::ForgetArguments {
            what,
        };
        self.caller.send::<painter_methods::Forget>(arguments)
    }
}

/// The methods of `Painter`: their arguments, results and exceptions.
pub mod painter_methods {
    use std::fmt;
    use std::collections::HashMap;

    use oneloop::thrift::{
        Bytes, Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Painter.paint`
    #[derive(Clone, Copy, Debug)]
    pub struct Paint;

    impl Method for Paint {
        const NAME: &'static str = "paint";
        const FULL_NAME: &'static str = "Painter.paint";
        const ONEWAY: bool = false;
        type Arguments = PaintArguments;
        type Output = super::Shape;
        type Exception = PaintException;
        type Result = PaintResult;

        fn outcome(result: PaintResult) -> Option<Result<super::Shape, PaintException>> {
            if let Some(exception) = result.failed {
                return Some(Err(PaintException::Failed(exception)));
            }
            if let Some(exception) = result.vague {
                return Some(Err(PaintException::Vague(exception)));
            }
            if let Some(exception) = result.success_ {
                return Some(Err(PaintException::Success(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Paint`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PaintArguments {
        pub shape: super::Shape,
        pub times: i32,
        pub at: super::Point,
    }

    impl Value for PaintArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut shape = None;
            let mut times = 3;
            let mut at = super::Point::default();
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        shape = Some(Value::read(input).at("Painter.paint", "shape")?);
                    }
                    (2, Kind::I32) => {
                        times = Value::read(input).at("Painter.paint", "times")?;
                    }
                    (3, Kind::Struct) => {
                        at = Value::read(input).at("Painter.paint", "at")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(Self {
                shape: shape
                    .ok_or_else(|| ProtocolError::missing("Painter.paint", "shape"))?,
                times,
                at,
            })
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.shape.write(output)?;
            output.field(&mut fields, 2, Kind::I32);
            self.times.write(output)?;
            output.field(&mut fields, 3, Kind::Struct);
            self.at.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Paint`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PaintResult {
        pub success: Option<super::Shape>,
        pub failed: Option<super::Failed>,
        pub vague: Option<super::Vague>,
        pub success_: Option<super::Empty>,
    }

    impl Value for PaintResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                failed: None,
                vague: None,
                success_: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Painter.paint", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.failed = Some(
                            Value::read(input).at("Painter.paint", "failed")?,
                        );
                    }
                    (2, Kind::Struct) => {
                        this.vague = Some(
                            Value::read(input).at("Painter.paint", "vague")?,
                        );
                    }
                    (3, Kind::Struct) => {
                        this.success_ = Some(
                            Value::read(input).at("Painter.paint", "success")?,
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
            if let Some(value) = &self.failed {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.vague {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.success_ {
                output.field(&mut fields, 3, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Shape, PaintException>> for PaintResult {
        fn from(outcome: Result<super::Shape, PaintException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(PaintException::Failed(exception)) => {
                    Self {
                        failed: Some(exception),
                        ..Self::default()
                    }
                }
                Err(PaintException::Vague(exception)) => {
                    Self {
                        vague: Some(exception),
                        ..Self::default()
                    }
                }
                Err(PaintException::Success(exception)) => {
                    Self {
                        success_: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Paint`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum PaintException {
        Failed(super::Failed),
        Vague(super::Vague),
        Success(super::Empty),
    }

    impl fmt::Display for PaintException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Failed(exception) => fmt::Display::fmt(exception, f),
                Self::Vague(exception) => fmt::Display::fmt(exception, f),
                Self::Success(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for PaintException {}

    impl From<super::Failed> for PaintException {
        fn from(exception: super::Failed) -> Self {
            Self::Failed(exception)
        }
    }

    impl From<super::Vague> for PaintException {
        fn from(exception: super::Vague) -> Self {
            Self::Vague(exception)
        }
    }

    impl From<super::Empty> for PaintException {
        fn from(exception: super::Empty) -> Self {
            Self::Success(exception)
        }
    }

    /// `Painter.moods`
    #[derive(Clone, Copy, Debug)]
    pub struct Moods;

    impl Method for Moods {
        const NAME: &'static str = "moods";
        const FULL_NAME: &'static str = "Painter.moods";
        const ONEWAY: bool = false;
        type Arguments = MoodsArguments;
        type Output = Vec<super::Mood>;
        type Exception = NoException;
        type Result = MoodsResult;

        fn outcome(
            result: MoodsResult,
        ) -> Option<Result<Vec<super::Mood>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Moods`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MoodsArguments {}

    impl Value for MoodsArguments {
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

    /// What a reply to [`Moods`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MoodsResult {
        pub success: Option<Vec<super::Mood>>,
    }

    impl Value for MoodsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::List) => {
                        this.success = Some(
                            Value::read(input).at("Painter.moods", "success")?,
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

    impl From<Result<Vec<super::Mood>, NoException>> for MoodsResult {
        fn from(outcome: Result<Vec<super::Mood>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Painter.grow`
    #[derive(Clone, Copy, Debug)]
    pub struct Grow;

    impl Method for Grow {
        const NAME: &'static str = "grow";
        const FULL_NAME: &'static str = "Painter.grow";
        const ONEWAY: bool = false;
        type Arguments = GrowArguments;
        type Output = super::Tree;
        type Exception = GrowException;
        type Result = GrowResult;

        fn outcome(result: GrowResult) -> Option<Result<super::Tree, GrowException>> {
            if let Some(exception) = result.one {
                return Some(Err(GrowException::One(exception)));
            }
            if let Some(exception) = result.two {
                return Some(Err(GrowException::Two(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Grow`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GrowArguments {
        pub tree: super::Tree,
    }

    impl Value for GrowArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                tree: super::Tree::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.tree = Value::read(input).at("Painter.grow", "tree")?;
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
            self.tree.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Grow`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GrowResult {
        pub success: Option<super::Tree>,
        pub one: Option<super::Failed>,
        pub two: Option<super::Failed>,
    }

    impl Value for GrowResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                one: None,
                two: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Painter.grow", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.one = Some(Value::read(input).at("Painter.grow", "one")?);
                    }
                    (2, Kind::Struct) => {
                        this.two = Some(Value::read(input).at("Painter.grow", "two")?);
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
            if let Some(value) = &self.one {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.two {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Tree, GrowException>> for GrowResult {
        fn from(outcome: Result<super::Tree, GrowException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(GrowException::One(exception)) => {
                    Self {
                        one: Some(exception),
                        ..Self::default()
                    }
                }
                Err(GrowException::Two(exception)) => {
                    Self {
                        two: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Grow`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum GrowException {
        One(super::Failed),
        Two(super::Failed),
    }

    impl fmt::Display for GrowException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::One(exception) => fmt::Display::fmt(exception, f),
                Self::Two(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for GrowException {}

    /// `Painter.rest`
    #[derive(Clone, Copy, Debug)]
    pub struct Rest;

    impl Method for Rest {
        const NAME: &'static str = "rest";
        const FULL_NAME: &'static str = "Painter.rest";
        const ONEWAY: bool = false;
        type Arguments = RestArguments;
        type Output = ();
        type Exception = RestException;
        type Result = RestResult;

        fn outcome(result: RestResult) -> Option<Result<(), RestException>> {
            if let Some(exception) = result.empty {
                return Some(Err(RestException::Empty(exception)));
            }
            Some(Ok(()))
        }
    }

    /// The arguments of [`Rest`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct RestArguments {}

    impl Value for RestArguments {
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

    /// What a reply to [`Rest`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RestResult {
        pub empty: Option<super::Empty>,
    }

    impl Value for RestResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { empty: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.empty = Some(
                            Value::read(input).at("Painter.rest", "empty")?,
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
            if let Some(value) = &self.empty {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), RestException>> for RestResult {
        fn from(outcome: Result<(), RestException>) -> Self {
            match outcome {
                Ok(()) => Self::default(),
                Err(RestException::Empty(exception)) => Self { empty: Some(exception) },
            }
        }
    }

    /// What [`Rest`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum RestException {
        Empty(super::Empty),
    }

    impl fmt::Display for RestException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Empty(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for RestException {}

    impl From<super::Empty> for RestException {
        fn from(exception: super::Empty) -> Self {
            Self::Empty(exception)
        }
    }

    /// `Painter.everything`
    #[derive(Clone, Copy, Debug)]
    pub struct Everything;

    impl Method for Everything {
        const NAME: &'static str = "everything";
        const FULL_NAME: &'static str = "Painter.everything";
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
        pub cx: super::Everything,
        pub call: bool,
        pub arguments: i8,
        pub input: i16,
        pub self_: i32,
        pub fields: i64,
        pub output: super::Mood,
        pub field: String,
    }

    impl Value for EverythingArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input_: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                cx: super::Everything::default(),
                call: false,
                arguments: 0,
                input: 0,
                self_: 0,
                fields: 0,
                output: super::Mood::default(),
                field: String::new(),
            };
            let mut fields_ = input_.begin_struct()?;
            while let Some(field_) = input_.field(&mut fields_)? {
                match (field_.id, field_.kind) {
                    (1, Kind::Struct) => {
                        this.cx = Value::read(input_).at("Painter.everything", "cx")?;
                    }
                    (2, Kind::Bool) => {
                        this.call = Value::read(input_).at("Painter.everything", "call")?;
                    }
                    (3, Kind::I8) => {
                        this.arguments = Value::read(input_)
                            .at("Painter.everything", "arguments")?;
                    }
                    (4, Kind::I16) => {
                        this.input = Value::read(input_)
                            .at("Painter.everything", "input")?;
                    }
                    (5, Kind::I32) => {
                        this.self_ = Value::read(input_)
                            .at("Painter.everything", "self")?;
                    }
                    (6, Kind::I64) => {
                        this.fields = Value::read(input_)
                            .at("Painter.everything", "fields")?;
                    }
                    (7, Kind::I32) => {
                        this.output = Value::read(input_)
                            .at("Painter.everything", "output")?;
                    }
                    (8, Kind::String) => {
                        this.field = Value::read(input_)
                            .at("Painter.everything", "field")?;
                    }
                    (_, kind) => input_.skip(kind)?,
                }
            }
            input_.end_struct(fields_);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.cx.write(output)?;
            output.field(&mut fields, 2, Kind::Bool);
            self.call.write(output)?;
            output.field(&mut fields, 3, Kind::I8);
            self.arguments.write(output)?;
            output.field(&mut fields, 4, Kind::I16);
            self.input.write(output)?;
            output.field(&mut fields, 5, Kind::I32);
            self.self_.write(output)?;
            output.field(&mut fields, 6, Kind::I64);
            self.fields.write(output)?;
            output.field(&mut fields, 7, Kind::I32);
            self.output.write(output)?;
            output.field(&mut fields, 8, Kind::String);
            self.field.write(output)?;
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
                            Value::read(input).at("Painter.everything", "success")?,
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

    /// `Painter.forget`
    #[derive(Clone, Copy, Debug)]
    pub struct Forget;

    impl Method for Forget {
        const NAME: &'static str = "forget";
        const FULL_NAME: &'static str = "Painter.forget";
        const ONEWAY: bool = true;
        type Arguments = ForgetArguments;
        type Output = ();
        type Exception = NoException;
        type Result = ForgetResult;

        fn outcome(_: ForgetResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Forget`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ForgetArguments {
        pub what: HashMap<String, Bytes>,
    }

    impl Value for ForgetArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { what: HashMap::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Map) => {
                        this.what = Value::read(input).at("Painter.forget", "what")?;
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
            self.what.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Forget`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ForgetResult {}

    impl Value for ForgetResult {
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

    impl From<Result<(), NoException>> for ForgetResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

pub use painter_methods::{PaintException, GrowException, RestException};

/// What serves `Quiet`: the application's state.
pub trait Quiet: base::Base {}

/// [`Quiet`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait QuietNull: base::Base {}

impl<S: QuietNull> Quiet for S {}

/// Finds the methods of `Quiet` by their names.
pub struct QuietProcessor<S>(PhantomData<fn(S)>);

impl<S: Quiet> Process<S> for QuietProcessor<S> {
    const SHARES: bool = <base::BaseProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        base::BaseProcessor::<S>::process(call)
    }
}

/// Serves `Quiet` to the links of a listener.
pub fn quiet_processor<S: Quiet>() -> Processor<S> {
    Processor::of::<QuietProcessor<S>>()
}

/// Calls `Quiet` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct QuietClient {
    parent: base::BaseClient,
}

impl QuietClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            parent: base::BaseClient::new(caller),
        }
    }
}

impl std::ops::Deref for QuietClient {
    type Target = base::BaseClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Quiet` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct QuietBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: base::BaseBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> QuietBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: base::BaseBlocking::new(caller),
        }
    }
}

impl<T> std::ops::Deref for QuietBlocking<T> {
    type Target = base::BaseBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for QuietBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// What serves `Louder`: the application's state.
pub trait Louder: Painter {
    fn loudness(cx: &mut Context<'_, Self>) -> Answer<i32>;

    fn pa_int(cx: &mut Context<'_, Self>) -> Answer<(), PaIntException>;
}

/// [`Louder`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait LouderNull: Painter {
    fn loudness(cx: &mut Context<'_, Self>) -> Answer<i32> {
        let _ = cx;
        Answer::Value(0)
    }

    fn pa_int(cx: &mut Context<'_, Self>) -> Answer<(), PaIntException> {
        let _ = cx;
        Answer::Value(())
    }
}

impl<S: LouderNull> Louder for S {
    fn loudness(cx: &mut Context<'_, Self>) -> Answer<i32> {
        <Self as LouderNull>::loudness(cx)
    }

    fn pa_int(cx: &mut Context<'_, Self>) -> Answer<(), PaIntException> {
        <Self as LouderNull>::pa_int(cx)
    }
}

/// Finds the methods of `Louder` by their names.
pub struct LouderProcessor<S>(PhantomData<fn(S)>);

impl<S: Louder> Process<S> for LouderProcessor<S> {
    const SHARES: bool = <PainterProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use louder_methods as methods;
        match call.name() {
            b"loudness" => call.serve::<methods::Loudness>(|cx, _| S::loudness(cx)),
            b"pa_int" => call.serve::<methods::PaInt>(|cx, _| S::pa_int(cx)),
            _ => PainterProcessor::<S>::process(call),
        }
    }
}

/// Serves `Louder` to the links of a listener.
pub fn louder_processor<S: Louder>() -> Processor<S> {
    Processor::of::<LouderProcessor<S>>()
}

/// Calls `Louder` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct LouderClient {
    caller: Caller,
    parent: PainterClient,
}

impl LouderClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: PainterClient::new(caller),
        }
    }

    pub fn loudness<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<i32> {
        let arguments = louder_methods::LoudnessArguments {};
        self.caller.call::<louder_methods::Loudness, S>(cx, arguments)
    }

    pub fn pa_int<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<Result<(), PaIntException>> {
        let arguments = louder_methods::PaIntArguments {};
        self.caller.call_catching::<louder_methods::PaInt, S>(cx, arguments)
    }
}

impl std::ops::Deref for LouderClient {
    type Target = PainterClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Louder` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct LouderBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: PainterBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> LouderBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: PainterBlocking::new(caller),
        }
    }

    pub fn loudness(&mut self) -> Result<i32, CallError<NoException>> {
        let arguments = louder_methods::LoudnessArguments {};
        self.parent.caller.call::<louder_methods::Loudness>(arguments)
    }

    pub fn pa_int(&mut self) -> Result<(), CallError<PaIntException>> {
        let arguments = louder_methods::PaIntArguments {};
        self.parent.caller.call::<louder_methods::PaInt>(arguments)
    }
}

impl<T> std::ops::Deref for LouderBlocking<T> {
    type Target = PainterBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for LouderBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Louder`: their arguments, results and exceptions.
pub mod louder_methods {
    use std::fmt;

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Louder.loudness`
    #[derive(Clone, Copy, Debug)]
    pub struct Loudness;

    impl Method for Loudness {
        const NAME: &'static str = "loudness";
        const FULL_NAME: &'static str = "Louder.loudness";
        const ONEWAY: bool = false;
        type Arguments = LoudnessArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = LoudnessResult;

        fn outcome(result: LoudnessResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Loudness`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct LoudnessArguments {}

    impl Value for LoudnessArguments {
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

    /// What a reply to [`Loudness`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct LoudnessResult {
        pub success: Option<i32>,
    }

    impl Value for LoudnessResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Louder.loudness", "success")?,
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

    impl From<Result<i32, NoException>> for LoudnessResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Louder.pa_int`
    #[derive(Clone, Copy, Debug)]
    pub struct PaInt;

    impl Method for PaInt {
        const NAME: &'static str = "pa_int";
        const FULL_NAME: &'static str = "Louder.pa_int";
        const ONEWAY: bool = false;
        type Arguments = PaIntArguments;
        type Output = ();
        type Exception = PaIntException;
        type Result = PaIntResult;

        fn outcome(result: PaIntResult) -> Option<Result<(), PaIntException>> {
            if let Some(exception) = result.failed {
                return Some(Err(PaIntException::Failed(exception)));
            }
            Some(Ok(()))
        }
    }

    /// The arguments of [`PaInt`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PaIntArguments {}

    impl Value for PaIntArguments {
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

    /// What a reply to [`PaInt`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PaIntResult {
        pub failed: Option<super::Failed>,
    }

    impl Value for PaIntResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { failed: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.failed = Some(
                            Value::read(input).at("Louder.pa_int", "failed")?,
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
            if let Some(value) = &self.failed {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), PaIntException>> for PaIntResult {
        fn from(outcome: Result<(), PaIntException>) -> Self {
            match outcome {
                Ok(()) => Self::default(),
                Err(PaIntException::Failed(exception)) => {
                    Self { failed: Some(exception) }
                }
            }
        }
    }

    /// What [`PaInt`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum PaIntException {
        Failed(super::Failed),
    }

    impl fmt::Display for PaIntException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Failed(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for PaIntException {}

    impl From<super::Failed> for PaIntException {
        fn from(exception: super::Failed) -> Self {
            Self::Failed(exception)
        }
    }
}

pub use louder_methods::PaIntException;
