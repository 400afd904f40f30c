//! What is sent: the extremes of each type, and the same values as the official crate's types.

use std::collections::{BTreeMap, BTreeSet};

use thrift::OrderedFloat;

use crate::ours::{Atlas, Everything, Mood, Options, Point, Sample, Shape, Tree};
use crate::theirs;

pub(crate) const TINIES: [i8; 5] = [i8::MIN, -1, 0, 1, i8::MAX];
pub(crate) const NARROWS: [i16; 6] = [i16::MIN, -129, 0, 1, 128, i16::MAX];
pub(crate) const PLAINS: [i32; 7] = [i32::MIN, -65_536, -1, 0, 63, 64, i32::MAX];
pub(crate) const WIDES: [i64; 8] = [
    i64::MIN,
    -(1 << 40),
    -1,
    0,
    1,
    1 << 35,
    i64::MAX - 1,
    i64::MAX,
];

/// The last is a NaN that says something.
pub(crate) const REALS: [f64; 10] = [
    0.0,
    -0.0,
    1.5,
    f64::MIN,
    f64::MAX,
    f64::MIN_POSITIVE,
    f64::NEG_INFINITY,
    f64::INFINITY,
    f64::NAN,
    f64::from_bits(0xfff8_0000_dead_beef),
];

/// The last is one that nobody has named.
pub(crate) const MOODS: [Mood; 4] = [Mood::GOOD, Mood::BAD, Mood::BLUE, Mood(77)];

pub(crate) const SAMPLES: [Sample; 3] = [Sample::EMPTY, Sample::LOW, Sample::HIGH];

pub(crate) fn texts() -> [String; 5] {
    [
        String::new(),
        "plain".into(),
        "\0 é ü 漢字 🦀 \u{10ffff}".into(),
        "x".repeat(127),
        "ö".repeat(100_000),
    ]
}

pub(crate) fn binaries() -> [Vec<u8>; 3] {
    let every: Vec<u8> = (0..=255).collect();
    [Vec::new(), every.clone(), every.repeat(300)]
}

/// On both sides of 15, from which on the compact protocol writes a count of its own; and many.
pub(crate) fn number_lists() -> [Vec<i64>; 5] {
    let to = |end: i64| (0..end).map(|number| number * -7_777_777_777).collect();
    [vec![], vec![i64::MIN, i64::MAX], to(14), to(15), to(10_000)]
}

pub(crate) fn word_sets() -> [BTreeSet<String>; 3] {
    let many = (0..1000).map(|number| number.to_string()).collect();
    let few = ["", "é", "z"].map(str::to_owned).into();
    [BTreeSet::new(), few, many]
}

pub(crate) fn flag_maps() -> [BTreeMap<i32, bool>; 3] {
    let many = (0..1000).map(|number| (number, number % 2 == 0)).collect();
    let few = [(i32::MIN, true), (0, false), (i32::MAX, true)].into();
    [BTreeMap::new(), few, many]
}

fn point(x: i32, label: Option<&str>) -> Point {
    Point {
        x,
        y: x.wrapping_neg(),
        label: label.map(str::to_owned),
    }
}

pub(crate) fn atlases() -> [Atlas; 2] {
    let full = [
        (String::new(), vec![]),
        ("é".into(), vec![point(1, None), point(i32::MIN, Some(""))]),
        ("z".into(), vec![point(i32::MAX, Some("ž")); 20]),
    ];
    [Atlas::new(), full.into()]
}

pub(crate) fn shapes() -> [Shape; 5] {
    [
        Shape::Circle(-0.25),
        Shape::Dot(point(7, Some("seven"))),
        Shape::Line(vec![]),
        Shape::Line(vec![point(1, None), point(2, None)]),
        Shape::Words("in words".into()),
    ]
}

/// The last is as deep as the official crate follows, with the structs about it.
pub(crate) fn trees() -> [Tree; 3] {
    let leaf = |value| Tree {
        value,
        ..Tree::default()
    };
    let broad = Tree {
        value: -1,
        branches: (0..20).map(leaf).collect(),
        above: Some(Box::new(leaf(i32::MAX))),
    };
    let deep = (0..40).fold(leaf(0), |inner, value| Tree {
        value,
        branches: vec![],
        above: Some(Box::new(inner)),
    });
    [leaf(5), broad, deep]
}

pub(crate) fn options() -> [Options; 2] {
    let bare = Options {
        plain: 9,
        maybe: None,
        needed: String::new(),
        several: None,
    };
    let full = Options {
        plain: -9,
        maybe: Some(0),
        needed: "needed".into(),
        several: Some(vec![]),
    };
    [bare, full]
}

/// What each name means; every library that is a peer knows the same by heart.
pub(crate) fn sample(which: Sample) -> Everything {
    match which {
        Sample::LOW => low(),
        Sample::HIGH => high(),
        _ => empty(),
    }
}

fn empty() -> Everything {
    Everything {
        mood: Mood::GOOD,
        shape: Some(Shape::Words(String::new())),
        needed: 0,
        ..Everything::default()
    }
}

fn low() -> Everything {
    Everything {
        flag: false,
        tiny: i8::MIN,
        small: -1,
        narrow: i16::MIN,
        plain: i32::MIN,
        wide: i64::MIN,
        real: f64::NEG_INFINITY,
        text: "low".into(),
        bytes: vec![0],
        mood: Mood::BLUE,
        point: point(-1, None),
        shape: Some(Shape::Circle(-0.5)),
        numbers: vec![i64::MIN],
        words: BTreeSet::from([String::new()]),
        flags: BTreeMap::from([(i32::MIN, false)]),
        atlas: Atlas::from([(String::new(), vec![])]),
        grid: vec![vec![], vec![false]],
        sets: BTreeMap::from([(String::new(), BTreeSet::new())]),
        stamp: i64::MIN,
        tree: Tree {
            value: -1,
            ..Tree::default()
        },
        reals: vec![-1.5],
        moods: vec![Mood::BLUE],
        needed: i32::MIN,
        maybe: Some(String::new()),
        late: false,
        far: i16::MIN,
    }
}

fn high() -> Everything {
    let leaf = Tree {
        value: 1,
        ..Tree::default()
    };
    Everything {
        flag: true,
        tiny: i8::MAX,
        small: 1,
        narrow: i16::MAX,
        plain: i32::MAX,
        wide: i64::MAX,
        real: f64::INFINITY,
        text: "höchst 漢 🦀".into(),
        bytes: (0..=255).collect(),
        mood: Mood::BAD,
        point: point(2, Some("é")),
        shape: Some(Shape::Line(vec![point(1, None), point(2, Some("b"))])),
        numbers: (0..20).chain([i64::MAX]).collect(),
        words: ["a", "é", "z"].map(str::to_owned).into(),
        flags: BTreeMap::from([(i32::MAX, true), (0, false)]),
        atlas: Atlas::from([
            ("a".into(), vec![point(1, None), point(2, Some("b"))]),
            ("é".into(), vec![]),
        ]),
        grid: vec![vec![true, false, true], vec![true; 16]],
        sets: BTreeMap::from([("s".into(), BTreeSet::from([-1, i32::MAX]))]),
        stamp: i64::MAX,
        tree: Tree {
            value: i32::MAX,
            branches: vec![leaf.clone(), leaf.clone()],
            above: Some(Box::new(leaf)),
        },
        reals: vec![0.5, f64::MAX, f64::MIN_POSITIVE],
        moods: vec![Mood::GOOD, Mood::BAD, Mood::BLUE],
        needed: i32::MAX,
        maybe: Some("é".into()),
        late: true,
        far: i16::MAX,
    }
}

/// The same value as the official crate has it.
pub(crate) trait Theirs {
    type Type;

    fn theirs(&self) -> Self::Type;
}

impl Theirs for Mood {
    type Type = theirs::Mood;

    fn theirs(&self) -> theirs::Mood {
        theirs::Mood(self.0)
    }
}

impl Theirs for Point {
    type Type = theirs::Point;

    fn theirs(&self) -> theirs::Point {
        theirs::Point::new(self.x, self.y, self.label.clone())
    }
}

impl<T: Theirs> Theirs for Vec<T> {
    type Type = Vec<T::Type>;

    fn theirs(&self) -> Vec<T::Type> {
        self.iter().map(Theirs::theirs).collect()
    }
}

impl Theirs for f64 {
    type Type = OrderedFloat<Self>;

    fn theirs(&self) -> OrderedFloat<Self> {
        OrderedFloat(*self)
    }
}

impl Theirs for Atlas {
    type Type = theirs::Atlas;

    fn theirs(&self) -> theirs::Atlas {
        let each = |(name, points): (&String, &Vec<Point>)| (name.clone(), points.theirs());
        self.iter().map(each).collect()
    }
}

impl Theirs for Tree {
    type Type = theirs::Tree;

    fn theirs(&self) -> theirs::Tree {
        let branches = self.branches.iter().map(|tree| Box::new(tree.theirs()));
        let above = self.above.as_ref().map(|tree| Box::new(tree.theirs()));
        theirs::Tree::new(self.value, branches.collect::<Vec<_>>(), above)
    }
}

impl Theirs for Shape {
    type Type = theirs::Shape;

    fn theirs(&self) -> theirs::Shape {
        match self {
            Self::Circle(radius) => theirs::Shape::Circle(radius.theirs()),
            Self::Dot(point) => theirs::Shape::Dot(point.theirs()),
            Self::Line(points) => theirs::Shape::Line(points.theirs()),
            Self::Words(words) => theirs::Shape::Words(words.clone()),
            Self::Unknown { .. } => panic!("no value of these"),
        }
    }
}

impl Theirs for Options {
    type Type = theirs::Options;

    fn theirs(&self) -> theirs::Options {
        let needed = self.needed.clone();
        theirs::Options::new(self.plain, self.maybe, needed, self.several.clone())
    }
}

impl Theirs for Everything {
    type Type = theirs::Everything;

    fn theirs(&self) -> theirs::Everything {
        theirs::Everything {
            flag: Some(self.flag),
            tiny: Some(self.tiny),
            small: Some(self.small),
            narrow: Some(self.narrow),
            plain: Some(self.plain),
            wide: Some(self.wide),
            real: Some(self.real.theirs()),
            text: Some(self.text.clone()),
            bytes: Some(self.bytes.clone()),
            mood: Some(self.mood.theirs()),
            point: Some(self.point.theirs()),
            shape: self.shape.as_ref().map(Theirs::theirs),
            numbers: Some(self.numbers.clone()),
            words: Some(self.words.clone()),
            flags: Some(self.flags.clone()),
            atlas: Some(self.atlas.theirs()),
            grid: Some(self.grid.clone()),
            sets: Some(self.sets.clone()),
            stamp: Some(self.stamp),
            tree: Some(self.tree.theirs()),
            reals: Some(self.reals.theirs()),
            moods: Some(self.moods.theirs()),
            needed: self.needed,
            maybe: self.maybe.clone(),
            late: Some(self.late),
            far: Some(self.far),
        }
    }
}
